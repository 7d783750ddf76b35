# Rejected: the board does not say that its memory has two addresses.
/^\[alias\./,/^size/d
