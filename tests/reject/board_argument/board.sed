# Rejected: an argument that is a number.
s/"-display", "none", /5, /
