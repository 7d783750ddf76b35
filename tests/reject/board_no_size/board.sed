# Rejected: a range without size.
s/^veneer.*/veneer = { base = 0x10010000 }/
