# Rejected: a clock of 0 Hz.
s/^tick_hz.*/tick_hz = 0/
