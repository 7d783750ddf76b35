# Rejected: a device by its Secure alias.
s/^base = 0x40302000/base = 0x50302000/
