# Rejected: an address is a text.
s/^base = 0x40081000/base = "0x40081000"/
