#!/bin/sh
# pages.sh [--accept] - the pages in docs/manual/verbs are what `k5 help --markdown` says, each verb
# has one, and nothing else lies there. --accept writes them anew.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make pagestest
pages=docs/manual/verbs
work=$out/pages
mkdir "$work"

"$k5" help --markdown >"$work/README.md"
verbs=$(sed -n 's/^| \[\([a-z]*\)\].*/\1/p' "$work/README.md")
for verb in $verbs; do
    "$k5" help --markdown "$verb" >"$work/$verb.md"
done
if [ $accept = yes ]; then
    mkdir -p $pages
    rm -f $pages/*.md
    cp "$work"/*.md $pages
fi
# Each option of the table is one that some verb's getopt_long() knows.
for option in $(sed -n 's/^- `\(.*\)`:.*/\1/p' "$work"/*.md | tr -d ',' | tr ' ' '\n' |
    sed -n 's/^--//p' | sort -u); do
    if grep -q "{\"$option\", \(no\|required\)_argument" tool/*.c ||
        ls tool/*.c | grep -v tool/verbs.c | xargs grep -q "\"--$option\""; then
        good
    else
        bad "no verb knows the option --$option"
    fi
done
for file in "$work"/*.md $pages/*.md; do
    name=$(basename "$file")
    golden "$pages/$name" "$work/$name"
done
finish
