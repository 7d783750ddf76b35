# Rejected: memory that ends above 4 GiB.
s/^task-ram  .*/task-ram = { base = 0xFFFFF000, size = "8K" }/
