# Rejected: two devices overlap.
/^\[device.uart1\]/,/^size/ s/0x40201000/0x40200FE0/
