# Rejected: several interrupt lines without names.
s/^irq  = { rx = 32, tx = 33 }/irq  = [32, 33]/
