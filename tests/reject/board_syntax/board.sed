# Rejected: a quote is missing.
s/^cpu .*/cpu = "cortex-m33/
