# Rejected: a memory is missing.
/^veneer/d
