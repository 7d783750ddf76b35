#!/bin/sh
# shown.sh [--accept] - what the verbs that describe an app print, to the letter, and that JSON is
# JSON; and what a wrong command line gets. Starts in the project's root.
set -eu
k5=$PWD/.k5/bin/k5
expected=tests/tool/shown
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0
failed=0

# shown NAME CODE ARGUMENT...: prints what is in NAME.txt and ends with this code.
shown() {
    name=$1
    code=$2
    shift 2
    got=0
    "$k5" "$@" >"$out/$name.txt" 2>&1 </dev/null || got=$?
    [ "$accept" = no ] || cp "$out/$name.txt" "$expected/$name.txt"
    if [ $got = "$code" ] && diff -u "$expected/$name.txt" "$out/$name.txt"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name (exit code $got)"
    fi
}

# json ARGUMENT...
json() {
    if "$k5" "$@" | python3 -m json.tool >/dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $* is not JSON"
    fi
}

accept=no
[ "${1-}" != --accept ] || accept=yes
shown audit 0 audit examples/02_coldchain
shown audit_golden 0 audit tests/golden/app
shown audit_json 0 audit examples/02_coldchain --json
shown audit_policy 2 audit tests/reject/policy_broken
shown audit_kept 0 audit examples/02_coldchain --policy $expected/policy
shown audit_none 2 audit examples/02_coldchain --policy $expected/nowhere
shown boards 0 boards
"$k5" graph examples/02_coldchain -o "$out/graph.dot"
"$k5" graph tests/golden/app -o "$out/golden.dot"
for name in graph golden; do
    [ $accept = no ] || cp "$out/$name.dot" "$expected/$name.dot.txt"
    if diff -u "$expected/$name.dot.txt" "$out/$name.dot"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name.dot"
    fi
done
if command -v dot >/dev/null; then
    "$k5" graph tests/golden/app -o "$out/golden.svg" >/dev/null
    if python3 -c "
import sys, xml.etree.ElementTree as tree
svg = tree.parse('$out/golden.svg').getroot()
words = ''.join(svg.itertext())
sys.exit(0 if all(w in words for w in ('client', 'uart1', 'pool', 'wcet 600 us')) else 1)"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED golden.svg"
    fi
fi

# Without graphviz: the .dot file, and a word about it.
mkdir "$out/bin"
got=0
PATH=$out/bin "$k5" graph tests/golden/app -o "$out/none.svg" >"$out/output" 2>&1 || got=$?
if [ $got = 3 ] && [ -s "$out/none.dot" ] && [ ! -e "$out/none.svg" ] &&
    grep -q "hint: apt-get install graphviz" "$out/output"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAILED: graph without graphviz"
    cat "$out/output"
fi

json audit tests/golden/app --json
json audit tests/reject/policy_broken --json 2>/dev/null
json boards --json

# Completion and the man page can be read by those who are to read them.
for shell in bash zsh fish; do
    if ! command -v $shell >/dev/null; then
        continue
    fi
    if "$k5" completion $shell >"$out/completion" && $shell -n "$out/completion"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: completion $shell"
    fi
done
words() { # WORD...: what bash offers for the last one
    bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _k5; echo "${COMPREPLY[*]}"' \
        "$out/bash" "$@"
}
"$k5" completion bash >"$out/bash"
if [ "$(words k5 bui)" = build ] && [ "$(words k5 build --pr)" = --profile ] &&
    [ "$(words k5 build --profile d)" = debug ] && [ "$(words k5 build exam)" = examples ] &&
    [ "$(words k5 help aud)" = audit ] && [ "$(words k5 run --for '')" = "" ]; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAILED: words of the completion"
fi
"$k5" man -o "$out/k5.1"
if grep -q '^.SS k5 audit' "$out/k5.1" && { ! command -v groff >/dev/null ||
    [ -z "$(groff -man -ww -z "$out/k5.1" 2>&1)" ]; }; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAILED: man page"
fi

# wrong TEXT ARGUMENT...: exit code 2, and this text.
wrong() {
    text=$1
    shift
    got=0
    "$k5" "$@" >"$out/output" 2>&1 </dev/null || got=$?
    if [ $got = 2 ] && grep -qF -- "$text" "$out/output"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: k5 $*: exit code $got, or no \"$text\""
    fi
}
wrong "one app at a time" audit a b
wrong "unknown option" audit --nonsense
wrong "unknown option, or one without its value" audit --policy
wrong "there is no app.toml" audit tests
wrong "one app at a time" graph a b
wrong "ends neither in .svg nor in .dot" graph examples/01_hello -o picture.png
wrong "unknown option" graph --nonsense
wrong 'unexpected "x"' boards x
wrong "name one shell" completion
wrong 'no completion for "tcsh"' completion tcsh
wrong 'unexpected "x"' man x
wrong "one verb at a time" help --markdown a b
wrong 'did you mean "audit"?' help --markdown auditt
echo "$passed passed, $failed failed"
[ $failed = 0 ]
