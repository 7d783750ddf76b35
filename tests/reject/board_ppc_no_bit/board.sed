# Rejected: ppc without its bit.
s/, bit = 10 }/ }/
