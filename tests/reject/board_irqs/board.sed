# Rejected: five interrupt lines.
s/^irq  = \[32, 33, 42\]/irq  = [1, 2, 3, 4, 5]/
