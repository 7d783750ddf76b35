# Rejected: the size of an alias is no power of two.
s/^size      = "256M"/size      = "192M"/
