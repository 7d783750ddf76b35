#!/bin/sh
# run.sh [--full] - the soak test, short (some 30,000 preemptions) or full (1,000,000); see soak.py.
# Starts in the root of the project.
set -eu
exec python3 tests/soak/soak.py "$@"
