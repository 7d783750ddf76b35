#!/bin/sh
# format.sh - is every C file laid out as .clang-format says? One test a file.
# Versions of clang-format differ in small things; this is the one that the sources follow.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make format
wanted=14

version=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
if [ "$version" != $wanted ]; then
    skip 1 "clang-format $wanted is the one to follow; this is $version"
    finish
fi
find abi arch bench boards examples kernel lib proofs tasks tests tool \
    -name build -prune -o -name .k5 -prune -o -name '*.[ch]' -print -o -name '*.cpp' -print \
    >"$out/files"
# Many files a process: its start takes longer than a file does.
code=0
# shellcheck disable=SC2016 # the inner shell expands it
xargs -P 2 -n 40 sh -c 'clang-format --dry-run -Werror "$@" 2>"$0/$$.log"' "$out" \
    <"$out/files" || code=$?
cat "$out"/*.log | sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error: .*/\1/p' | sort -u >"$out/wrong"
while read -r file; do
    bad "$file: run clang-format -i"
done <"$out/wrong"
if [ $code != 0 ] && [ $failed = 0 ]; then
    bad "clang-format itself"
    cat "$out"/*.log
fi
passed=$(($(wc -l <"$out/files") - failed))
finish
