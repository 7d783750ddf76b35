# Rejected: two memories overlap.
s/^veneer  .*/veneer = { base = 0x1000FFE0, size = "64" }/
