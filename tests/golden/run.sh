#!/bin/sh
# The generated files of one app against the copies in expected/. `run.sh --accept` takes those of
# today; read the difference before committing.
#
# Where code lies depends on the compiler and on libk5, so addresses of task code and their sizes
# are made equal first; everything else must be the same to the letter.
set -u
cd "$(dirname "$0")" || exit 1
k5=${K5:-../../k5}
gen=app/build/mps2-an505/release/gen
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

$k5 build app >"$work/output" 2>&1 || {
    cat "$work/output"
    echo "0 passed, 1 failed"
    exit 1
}
# Of the report, what does not depend on the compiler.
sed -n '/^  time/,/^  kernel code/p; /^  waived/,$p' "$work/output" |
    grep -v 'kernel code\|image\.elf' >"$gen/report"
for name in k5_sizes.h config.c arch_config.c arch_images.c memory.ld tasks.ld client/app.h \
    twin/app.h store/app.h archive/app.h super/app.h logger/app.h client/task.ld report; do
    flat=$(echo "$name" | tr / -)
    sed -e 's/0x002[0-9A-F]\{5\}/CODE/g' -e 's|= 0x[0-9A-F]*u, \(/\* .*: code,\)|= SIZE, \1|' \
        -e 's/\(ORIGIN = CODE, LENGTH = \).*/\1SIZE/' "$gen/$name" >"$work/$flat"
    [ "${1-}" != --accept ] || cp "$work/$flat" "expected/$flat.txt"
    if diff -u "expected/$flat.txt" "$work/$flat"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name"
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
