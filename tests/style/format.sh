#!/bin/sh
# format.sh - is every C file laid out as .clang-format says? One test a file.
# Versions of clang-format differ in small things; this is the one that the sources follow.
set -eu
wanted=14

version=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
if [ "$version" != $wanted ]; then
    echo "clang-format $wanted is the one to follow; this is $version"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
passed=0
failed=0
for file in $(find abi arch bench boards examples kernel lib proofs tasks tests tool \
    -name build -prune -o -name .k5 -prune -o -name '*.[ch]' -print -o -name '*.cpp' -print); do
    if clang-format --dry-run -Werror "$file" 2>/dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$file: run clang-format -i"
    fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
