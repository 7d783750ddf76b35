# Rejected: an unknown key of ppc.
s/unprivileged = 0x400800C4, bit = 10/unprivilged = 0x400800C4, bit = 10/
