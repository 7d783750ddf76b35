# Rejected: the kernel's lines as a list.
s/^kernel-irq.*/kernel-irq = [1, 4]/
