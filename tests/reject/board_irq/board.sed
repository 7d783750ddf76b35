# Rejected: an interrupt line that cannot be.
s/^irq  = \[32, 33, 42\]/irq  = [32, 480]/
