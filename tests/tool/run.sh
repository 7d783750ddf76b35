#!/bin/sh
# run.sh - the command line of the tool, and the proof runner on a toy project where each proof and
# each mutant says in its name what must become of it.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make tooltest

expect 0 "usage: k5 VERB" --help
expect 2 "usage: k5 VERB"
expect 0 "k5 0." --version
expect 2 'unknown verb "biuld": did you mean "build"?' biuld
expect 2 'unknown verb "xyzzy"' xyzzy
expect 2 'unknown option "--verbose"' --verbose run
for verb in $("$k5" help --markdown | sed -n 's/^| \[\([a-z]*\)\].*/\1/p'); do
    expect 0 "usage: k5 $verb" help $verb
    expect 0 "usage: k5 $verb" $verb --help
done
expect 2 'did you mean "prove"?' help proove
expect 2 "one verb at a time" help run build
expect 2 'unexpected "now"' doctor now
expect 2 'no step has "xyzzy" in its name' check --filter xyzzy
expect 2 '"3x" is no time; write 30s' check --fuzz 3x
expect 2 'not with --full or --filter' check --fuzz 3s --filter model
expect 2 "k5 help check" check --nonsense
expect 0 "hostile tasks" check --list
for verb in build run; do # the profile is checked for every verb that builds
    expect 2 'there is no profile "relase"' $verb examples/01_hello --profile relase
done
expect 2 '--shift "11" is no number from 1 to 10' run examples/01_hello --shift 11
expect 2 'there is no profile "relase"' test examples/01_hello --profile relase
expect 0 "system reset" build examples/02_coldchain # on-assert is left out there
expect 0 "server may have memory of those who call it, until it answers: 1 at once" \
    build tests/emulator/lend
says "3 of 8   0x" # its code, its RAM, and a place
expect 0 '"lends": 1' build tests/emulator/lend --json

# The benchmark: the record decides, and each way of being wrong is told. One row is changed at a
# time, in a copy of a record of right now.
expect 2 "one of them" bench --json --check
expect 2 'no row "xyzzy" to profile' bench --profile xyzzy
expect 2 "No such file" bench --check --against "$out/nothing"
expect 0 "recorded in" bench --record --against "$out/record"
record_with() { # SED-SCRIPT: the record with one change, in $out/changed
    sed -e "$1" "$out/record" >"$out/changed"
    check "record_with $1 changed something" sh -c "! cmp -s '$out/record' '$out/changed'"
}
all=$(grep -c instructions "$out/record")
expect 0 "$all passed, 0 failed" bench --check --against "$out/record"
says_not FAILED
record_with 's/^\(call_raw *\) [0-9]* instr/\1 100 instr/'
expect 5 "FAILED call_raw" bench --check --against "$out/changed"
says "$((all - 1)) passed, 1 failed"
record_with 's/^\(yield .*instructions *\) [0-9]* loads/\1 9 loads/'
expect 5 "FAILED yield" bench --check --against "$out/changed"
record_with 's/^\(log *\) [0-9]* instr/\1 9999 instr/'
expect 0 "better: log" bench --check --against "$out/changed"
says "k5 bench --record"
record_with 's/^floor_0 .* instr/floor_0 51 instr/' # 52 is less than 2 percent more
expect 0 "$all passed, 0 failed" bench --check --against "$out/changed"
record_with 's/^floor_0 .* instr/floor_0 50 instr/'
expect 5 "FAILED floor_0" bench --check --against "$out/changed"
record_with '/^null /d'
expect 5 "FAILED null: not on record" bench --check --against "$out/changed"
record_with 's/^null /nulll /'
expect 2 '"nulll" is no row' bench --check --against "$out/changed"
record_with 's/^null *[0-9]*/null x/'
expect 2 "not NAME N instructions" bench --check --against "$out/changed"
record_with '/^compiler/d'
expect 2 'no line "compiler VERSION"' bench --check --against "$out/changed"
record_with 's/^compiler .*/compiler 1.2.3/'
expect 0 "0 passed, 0 failed, $all skipped" bench --check --against "$out/changed"
expect 0 "sched_block" bench --profile call_raw
profiled=$(sed -n 's/^ *\([0-9]*\)  *in all$/\1/p' "$out/output" | uniq)
check "the profile has $profiled instructions, as the record" \
    grep -q "^call_raw  *$profiled instructions" "$out/record"
expect 0 '"name": "call_raw"' bench --json
cp "$out/output" "$out/json"
counted() { # ROW INSTRUCTIONS LOADS STORES: the program is short enough to count by hand
    value="\"value\": {\"instructions\": $2, \"loads\": $3, \"stores\": $4}"
    grep "\"name\": \"$1\"" "$out/json" | grep -qF "$value" && good || bad "$1 is not $2 $3 $4"
}
counted floor_0 52 46 24
counted floor_4 68 62 42
counted floor_8 76 78 60
json_valid "$out/json"
expect 0 '"name": "call_raw"' bench --json
check "a second run counts the same" cmp "$out/output" "$out/json"

# The toy project has its own root and its own .k5, with the project's CBMC.
cp -r tests/tool/toy "$out/toy"
mkdir -p "$out/toy/.k5"
[ ! -e .k5/cbmc ] || ln -s "$PWD/.k5/cbmc" "$out/toy/.k5/cbmc"
K5_ROOT=$out/toy
export K5_ROOT

expect 2 "rows.txt: No such file" bench
mkdir "$K5_ROOT/bench"
rows() { # TEXT LINE: one line in rows.txt, and what is said of it
    printf '%s\n' "$2" >"$K5_ROOT/bench/rows.txt"
    expect 2 "bench/rows.txt:1: error: $1" bench
}
rows '"rows" is not row, entry, floor or end' "rows a b.c d.e 5 words"
rows "row: words are missing" "row a b.c d.e 5"
rows 'target "5x" is neither' "row a b.c d.e 5x words"
rows 'regions "5": 0, 4 or 8' "floor a 5 - words"
printf 'end a.b\n' >"$K5_ROOT/bench/rows.txt"
expect 2 "error: no row, or no end" bench
printf 'row a b.c d.e - x\n\nrow a b.c d.e - x\n' >"$K5_ROOT/bench/rows.txt"
expect 2 'bench/rows.txt:3: error: a second row "a"' bench

expect 5 "4 passed, 14 failed" prove --full
cp "$out/output" "$out/prove"
names=$( (awk '$1 == "proof" { print $2 }' $K5_ROOT/proofs/suite.txt
    ls $K5_ROOT/proofs/mutants | sed 's/.mutant//') | sort)
for name in $names; do
    line=$(grep -E "^  (prove|twin|mutant) +$name +" "$out/prove" || echo none)
    case $name,$line in
    ok_*proved* | ok_*"as it must"* | ok_*caught*) good ;;
    bad_*FAILED* | bad_*TIME-OUT*) good ;;
    *) bad "prove $name: $line" ;;
    esac
done

# What was good is not run again while nothing that it is made of changes; a comment is nothing.
expect 0 "cached" prove ok_good
echo "/* a comment */" >>$K5_ROOT/kernel/add.c
expect 0 "cached" prove ok_good
expect 0 "2 passed, 0 failed" prove ok_good ok_twin
echo "unsigned more;" >>$K5_ROOT/kernel/add.c
expect 0 "1 passed, 0 failed" prove ok_good
says_not cached # the change of the source was noticed
expect 0 "cached" prove ok_good
expect 0 "1 passed, 0 failed" prove ok_good --no-cache
says_not cached
expect 2 'did you mean "ok_good"?' prove ok_goof

echo "proof ok_good h_good proved check 20 5 kernel/nothing.c" >>$K5_ROOT/proofs/suite.txt
expect 2 "suite.txt:17: error: a second proof" prove
expect 2 'suite.txt:17: error: no file "kernel/nothing.c"' prove

finish
