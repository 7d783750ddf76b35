# Rejected: a bit that cannot be.
s/bit = 10/bit = 32/
