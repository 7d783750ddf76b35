# Rejected: a memory is a number.
s/^veneer.*/veneer = 0x10010000/
