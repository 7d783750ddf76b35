# Rejected: no clock.
/^tick_hz/d
