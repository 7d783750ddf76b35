# Rejected: the kernel's RAM has no known alias.
/^\[alias.ram\]/,/^size/d
