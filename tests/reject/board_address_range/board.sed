# Rejected: an address of more than 32 bits.
s/^base = 0x40081000/base = 0x140081000/
