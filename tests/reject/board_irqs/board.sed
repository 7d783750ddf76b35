# Rejected: more interrupt lines than a device can have.
s/^irq  = { rx = 32, tx = 33 }/irq  = { a = 60, b = 61, c = 62, d = 63, e = 64 }/
