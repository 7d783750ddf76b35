# Rejected: an interrupt line that cannot be.
s/^irq  = { rx = 32, tx = 33 }/irq  = { rx = 32, tx = 112 }/
