# Rejected: a smallest budget without unit.
s/^budget-min.*/budget-min = 64/
