# Rejected: a board that does not say which lines the kernel keeps.
/^kernel-irq/d
