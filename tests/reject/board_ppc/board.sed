# Rejected: no ppc.
/^\[device.fpgaio\]/,/^ppc/ { /^ppc/d; }
