#!/bin/sh
# evidence.sh [--accept] - the guarantees of the manual have evidence, and evidence.py notices what
# is wrong. --accept writes the counts of bench/record.txt into docs/manual/abi.md.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make_outside
checker=tests/docs/evidence.py

# tally_add COMMAND...: its tests count as they are, and what it skips as skipped.
tally_add() {
    ended=0
    "$@" >"$out/output" 2>&1 || ended=$?
    grep -v '^[0-9]* passed' "$out/output" || true
    tally=$(tail -n 1 "$out/output")
    one_passed=$(echo "$tally" | sed -n 's/^\([0-9]*\) passed,.*/\1/p')
    one_failed=$(echo "$tally" | sed -n 's/.* \([0-9]*\) failed.*/\1/p')
    one_skipped=$(echo "$tally" | sed -n 's/.* \([0-9]*\) skipped$/\1/p')
    [ $ended = 0 ] || [ "${one_failed:-0}" != 0 ] || bad "$*: exit code $ended"
    passed=$((passed + ${one_passed:-0}))
    failed=$((failed + ${one_failed:-0}))
    skipped=$((skipped + ${one_skipped:-0}))
}
tally_add python3 $checker . "$@"
tally_add python3 -B tests/docs/evidence_wrong.py .

# The command line.
expect_of 2 "usage: evidence.py" python3 $checker
expect_of 2 "usage: evidence.py" python3 $checker . --lst
expect_of 2 'no id begins with "K5-NO"' python3 $checker . --list K5-NO
expect_of 1 "No such file" python3 $checker "$out/nowhere"
expect_of 0 "mutant  restart_refills" python3 $checker . --list K5-TIME-04
says "Nothing but time refills a limit"
says_not "K5-TIME-05"
finish
