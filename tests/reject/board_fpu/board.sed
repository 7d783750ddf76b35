# Rejected: fp in app.toml, on a board without the unit.
/^fpu/d
