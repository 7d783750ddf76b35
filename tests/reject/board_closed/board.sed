# Rejected: a device that no task may be given.
/^\[closed.control\]/,/^size/s/0x40080000/0x40200000/
