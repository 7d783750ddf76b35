# Rejected: half of what keeps a bus master out of Secure memory.
s/^msc  = .*/msc  = { register = 0x500800D0 }/
