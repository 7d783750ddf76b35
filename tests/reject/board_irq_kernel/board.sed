# Rejected: a device with the line of the kernel's alarm.
s/^irq  = { rx = 32, tx = 33 }/irq  = { rx = 32, tx = 4 }/
