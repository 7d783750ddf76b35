# Rejected: one interrupt line without a list.
s/^irq  = \[32, 33, 42\]/irq  = 32/
