# Rejected: a serial line at a device that there is not.
s/^line      = .*/line      = "uart9"/
