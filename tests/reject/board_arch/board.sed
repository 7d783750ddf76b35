# Rejected: a board of another architecture.
s/"arm_m"/"riscv"/
