# Rejected: task memory by its Secure alias.
s/^task-ram  .*/task-ram = { base = 0x38201000, size = "2044K" }/
