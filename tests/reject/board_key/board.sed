# Rejected: an unknown key.
s/^cpu  /cqu  /
