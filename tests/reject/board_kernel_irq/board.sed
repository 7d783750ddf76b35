# Rejected: a board that does not say where the alarm's interrupt arrives.
s/^kernel-irq.*/kernel-irq = { watchdog = 1 }/
