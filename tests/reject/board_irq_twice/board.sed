# Rejected: one line under two names.
s/^irq  = { rx = 32, tx = 33 }/irq  = { rx = 32, tx = 32 }/
