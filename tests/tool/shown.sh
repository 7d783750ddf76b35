#!/bin/sh
# shown.sh [--accept] - what the verbs that describe an app print, to the letter, and that JSON is
# JSON; and what a wrong command line gets.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make_outside
expected=tests/tool/shown

# shown NAME CODE ARGUMENT...: prints what is in NAME.txt and ends with this code.
shown() {
    name=$1
    code=$2
    shift 2
    got=0
    "$k5" "$@" >"$out/$name.txt" 2>&1 </dev/null || got=$?
    if [ $got = "$code" ]; then
        golden "$expected/$name.txt" "$out/$name.txt"
    else
        bad "$name: exit code $got, not $code"
    fi
}

# json ARGUMENT...: prints one JSON value.
json() {
    "$k5" "$@" >"$out/output.json" 2>/dev/null || true
    json_valid "$out/output.json"
}

shown audit 0 audit examples/02_coldchain
shown audit_golden 0 audit tests/golden/app
shown audit_json 0 audit examples/02_coldchain --json
shown audit_policy 2 audit tests/reject/policy_broken
shown audit_kept 0 audit examples/02_coldchain --policy $expected/policy
shown audit_none 2 audit examples/02_coldchain --policy $expected/nowhere
shown audit_dma 0 audit tests/emulator/dma
shown audit_dma_json 0 audit tests/emulator/dma --json
shown audit_irq 0 audit examples/05_uart
shown audit_lend 0 audit tests/emulator/lend
shown audit_lend_json 0 audit tests/emulator/lend --json
shown audit_travel 0 audit $expected/travel
shown audit_travel_json 0 audit tests/emulator/transfer --json
shown audit_travel_policy 2 audit $expected/travel --policy $expected/policy_travel
shown boards 0 boards
"$k5" graph examples/02_coldchain -o "$out/graph.dot"
"$k5" graph tests/golden/app -o "$out/golden.dot"
"$k5" graph examples/05_uart -o "$out/irq.dot"
"$k5" graph tests/emulator/dma -o "$out/dma.dot"
"$k5" graph tests/emulator/lend -o "$out/lend.dot"
"$k5" graph tests/emulator/transfer -o "$out/travel.dot"
for name in graph golden irq dma lend travel; do
    golden "$expected/$name.dot.txt" "$out/$name.dot"
done
if command -v dot >/dev/null; then
    "$k5" graph tests/golden/app -o "$out/golden.svg" >/dev/null
    check "golden.svg names the tasks" python3 -c "
import sys, xml.etree.ElementTree as tree
svg = tree.parse('$out/golden.svg').getroot()
words = ''.join(svg.itertext())
sys.exit(0 if all(w in words for w in ('client', 'uart1', 'pool', 'wcet 600 us')) else 1)"
fi

# Without graphviz: the .dot file, and a word about it.
mkdir "$out/bin"
got=0
PATH=$out/bin "$k5" graph tests/golden/app -o "$out/none.svg" >"$out/output" 2>&1 || got=$?
if [ $got = 3 ] && [ -s "$out/none.dot" ] && [ ! -e "$out/none.svg" ] &&
    grep -q "hint: apt-get install graphviz" "$out/output"; then
    good
else
    bad "graph without graphviz"
fi

json audit tests/golden/app --json
json audit tests/reject/policy_broken --json
json boards --json

# Completion and the man page can be read by those who are to read them.
for shell in bash zsh fish; do
    if ! command -v $shell >/dev/null; then
        continue
    fi
    if "$k5" completion $shell >"$out/completion" && $shell -n "$out/completion"; then
        good
    else
        bad "completion $shell"
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
    good
else
    bad "words of the completion"
fi
"$k5" man -o "$out/k5.1"
if grep -q '^.SS k5 audit' "$out/k5.1" && { ! command -v groff >/dev/null ||
    [ -z "$(groff -man -ww -z "$out/k5.1" 2>&1)" ]; }; then
    good
else
    bad "man page"
fi

expect 2 "one app at a time" audit a b
expect 2 "unknown option" audit --nonsense
expect 2 "unknown option, or one without its value" audit --policy
expect 2 "there is no app.toml" audit tests
expect 2 "one app at a time" graph a b
expect 2 "ends neither in .svg nor in .dot" graph examples/01_hello -o picture.png
expect 2 "unknown option" graph --nonsense
expect 2 'unexpected "x"' boards x
expect 2 "name one shell" completion
expect 2 'no completion for "tcsh"' completion tcsh
expect 2 'unexpected "x"' man x
expect 2 "one verb at a time" help --markdown a b
expect 2 'did you mean "audit"?' help --markdown auditt
finish
