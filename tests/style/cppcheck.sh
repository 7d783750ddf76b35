#!/bin/sh
# cppcheck.sh - cppcheck on the C of the project but proofs and tests. One test a source file.
# internalAstError: cppcheck 2.10 gives up on a compound literal in a conditional expression.
# comparePointers: the addresses that a linker script defines are compared on purpose.
set -eu
wanted=2.10 # Debian 12's; a later one finds other things, which is no reason to fail

if [ "$(cppcheck --version)" != "Cppcheck $wanted" ]; then
    echo "cppcheck $wanted is the one to follow"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
mkdir -p .k5/cppcheck
log=.k5/cppcheck.log
code=0
files=$(find kernel arch bench/plugin boards lib tool -name '*.c')
# shellcheck disable=SC2086 # the files are words on purpose
cppcheck -j 2 --quiet --enable=warning,performance,portability --inline-suppr --std=c11 \
    --language=c --error-exitcode=1 --cppcheck-build-dir=.k5/cppcheck --max-configs=1 \
    --template='{file}:{line}: {severity}: {message} [{id}]' \
    -I. -Iarch/host -Ikernel -Ilib -Itool -Itests/style/include \
    --library=tests/style/cppcheck.cfg --suppress=missingIncludeSystem \
    --suppress=comparePointers --suppress=internalAstError:arch/arm_m/access.c \
    $files >$log 2>&1 || code=$?
cat $log
failed=$(grep -oE '^[^:]+:[0-9]+:' $log | cut -d: -f1 | sort -u | wc -l)
if [ $code != 0 ] && [ "$failed" = 0 ]; then
    failed=1
fi
echo "$(($(echo "$files" | wc -w) - failed)) passed, $failed failed"
[ "$failed" = 0 ]
