# Rejected: a region that is not aligned.
s/^log  .*/log = { base = 0x28200010, size = "4K" }/
