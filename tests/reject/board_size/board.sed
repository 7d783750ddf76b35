# Rejected: a size that is no multiple of 32.
s/^log  .*/log = { base = 0x28200000, size = 4100 }/
