# Rejected: a smallest budget that the clock cannot count.
s/^budget-min.*/budget-min = "200 s"/
