# Rejected: an emulator without machine.
/^machine/d
