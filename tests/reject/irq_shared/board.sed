# A board on which two devices share a line.
s/^irq  = { rx = 34, tx = 35 }/irq  = { rx = 33, tx = 35 }/
