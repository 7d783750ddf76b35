# Rejected: the edge of a line that is not the device's.
s/^irq  = { rx = 32, tx = 33 }/&\nedge = [34]/
