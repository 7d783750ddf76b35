#!/bin/sh
# pages.sh [--accept] - the pages in docs/manual/verbs are what `k5 help --markdown` says, each verb
# has one, and nothing else lies there. --accept writes them anew. Starts in the project's root.
set -eu
k5=$PWD/.k5/bin/k5
pages=docs/manual/verbs
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$k5" help --markdown >"$work/README.md"
verbs=$(sed -n 's/^| \[\([a-z]*\)\].*/\1/p' "$work/README.md")
for verb in $verbs; do
    "$k5" help --markdown "$verb" >"$work/$verb.md"
done
if [ "${1-}" = --accept ]; then
    mkdir -p $pages
    rm -f $pages/*.md
    cp "$work"/*.md $pages
fi
# Each option of the table is one that some verb's getopt_long() knows.
for option in $(sed -n 's/^- `\(.*\)`:.*/\1/p' "$work"/*.md | tr -d ',' | tr ' ' '\n' |
    sed -n 's/^--//p' | sort -u); do
    if grep -q "{\"$option\", \(no\|required\)_argument" tool/*.c ||
        ls tool/*.c | grep -v tool/verbs.c | xargs grep -q "\"--$option\""; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: no verb knows the option --$option"
    fi
done
for file in "$work"/*.md $pages/*.md; do
    name=$(basename "$file")
    if diff -u "$pages/$name" "$work/$name"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name: sh tests/tool/pages.sh --accept writes it anew"
    fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
