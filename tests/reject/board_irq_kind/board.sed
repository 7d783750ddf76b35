# Rejected: lines that are no list.
s/^irq  = { rx = 32, tx = 33 }/irq  = 32/
