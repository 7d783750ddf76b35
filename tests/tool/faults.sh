#!/bin/sh
# faults.sh [--accept] [--full] - what `k5 run` tells of a fault, its post-mortem files and `k5
# inspect`, its keys, levels and JSON, and a board that runs another build.
# --accept: write what is expected anew. --full: fuzz for longer.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make faulttest
app=$out/faults
build=$app/build/mps2-an505/release
rounds=300
for word in "$@"; do
    [ "$word" != --full ] || rounds=10000
done
cp -r tests/tool/faults "$app"
rm -rf "$app/build"

# Without what a compiler or the host's speed may change: times, addresses, sizes on the stack.
mask() {
    sed -E -e 's/0x[0-9a-f]+/0x*/g' -e 's/stack( +)[0-9]+ of/stack\1* of/' \
        -e 's/[0-9]+ at its deepest/* at its deepest/' -e 's/[0-9.]+ ms of /* ms of /' \
        -e "s|$out/||g" -e 's|\.k5/faulttest/||g' -e 's/[0-9]+ [0-9]{3} s/* s/g' \
        -e 's/and [0-9]+ more/and N more/' \
        -e 's/#[0-9]+ /#N /' -e 's/build [0-9a-f]+/build */' -e 's|[0-9]*\.k5d|*.k5d|' \
        -e 's/ [0-9a-f]{8}(  |$)/ *\1/g' -e 's/[0-9.]+ ms on/* ms on/g' \
        -e 's/[0-9.]+ ms from [0-9.]+/* ms from */g' -e 's/^(   refills +).*/\1*/'
}

# told NAME: $out/NAME is what is expected. Other compilers inline other functions.
told() {
    if [ "$(arm-none-eabi-gcc -dumpversion | cut -d. -f1)" = 12 ]; then
        golden "tests/tool/faults/$1.txt" "$out/$1"
    else
        skip 1 "$1: gcc 12 is the compiler to compare with"
    fi
}

# ---- the report of a fault, as text ----
code=0
"$k5" run "$app" --for 60ms >"$out/text" 2>&1 </dev/null || code=$?
check "exit code of a run with faults that nobody handles: $code" [ $code = 134 ]
sed -n '/FAULT/,/^   stop/p' "$out/text" | grep -v 'DEBUG asker\|^   stop' | cut -c14- |
    mask >"$out/report"
told report
check "eight dumps" [ "$(ls "$build/dumps" | wc -l)" = 8 ]

# ---- the same as JSON ----
code=0
"$k5" run "$app" --for 60ms --json >"$out/json" 2>"$out/errors" </dev/null || code=$?
check "exit code with --json: $code" [ $code = 134 ]
check "objects of JSON" python3 tests/tool/faults_json.py "$out/json"
mask <"$out/checked" >"$out/objects"
told objects

# ---- inspect ----
expect 0 "endless  priority 5" inspect "$app"
mask <"$out/output" >"$out/inspect"
told inspect
expect 0 '"reason": "fault"' inspect "$app" --json
json_valid "$out/output"
first=$build/dumps/1.k5d
expect 0 "on the time of asker (asker > store)" inspect "$app" --dump "$first"
expect 0 "waits for the answer of store" inspect "$app" --dump "$first"
expect 0 "halted at 0." inspect "$app" --at 32ms
check "what asker does" grep -E "^asker  priority 12, (sleeps|runs|ready)" "$out/output"
check "lost is stopped" grep "^lost  priority 9, stopped for good" "$out/output"
expect 0 "mapped     512 bytes of client at 0x" inspect tests/emulator/lend --at 15ms
check "once, in all of it" sh -c "[ \$(grep -c 'bytes of client at' '$out/output') = 1 ]"
expect 0 "call desk (badge 1, grant)" inspect tests/emulator/transfer --at 3ms
# A task that was preempted stands in its own code, not in a call.
expect 0 "budgets on mps2-an505" inspect examples/03_budgets --at 650ms
sed -n '/^runaway/,/stack/p' "$out/output" >"$out/runaway"
check "runaway: where it is" grep -E "#0 0x[0-9a-f]+ mean +tasks/runaway" "$out/runaway"
check "runaway: its whole backtrace" grep " k5_start " "$out/runaway"
expect 2 'no time' inspect "$app" --at soon
expect 2 "not both" inspect "$app" --at 1s --dump "$first"
expect 2 "unknown option" inspect "$app" --nonsense
expect 2 "cannot be read" inspect "$app" --dump "$out/nothing"
expect 2 "no post-mortem file" inspect examples/01_hello --profile debug
expect 2 "this is no post-mortem file of K5" inspect "$app" --dump tests/tool/faults/app.toml
size=$(wc -c <"$first")
for bytes in $((size - 1)) $((size / 2)) 300; do
    head -c $bytes "$first" >"$out/cut.k5d"
    expect 2 "its end is missing" inspect "$app" --dump "$out/cut.k5d"
    expect 2 "its end is missing" inspect "$app" --dump "$out/cut.k5d" --json
done
{
    head -c 1000 "$first"
    printf 'xyzzy'
    tail -c +1006 "$first"
} >"$out/changed.k5d"
expect 2 "its check sum is wrong" inspect "$app" --dump "$out/changed.k5d"
check "a damaged dump is shown" grep "^asker  priority 12" "$out/output"

# ---- another build ----
cp "$build/image.elf" "$out/stale.elf"
sed -i 's/recurse(50)/recurse(51)/' "$app/main.c"
expect 2 "the dump is of build" inspect "$app" --dump "$first"
says "FAULT store: read of"
expect 2 '"problem": "another build"' inspect "$app" --dump "$first" --json
expect 134 "your ELF is" run "$app" --for 60ms --image "$out/stale.elf"
says "BUILD kernel   this board runs build"
says "   next   this was build"
says "no backtraces: this needs the image"
expect 134 '"type": "build"' run "$app" --for 60ms --image "$out/stale.elf" --json
expect 2 "there is no file" run "$app" --image "$out/nothing"

# ---- levels ----
expect 134 "FAULT wild" run "$app" --for 60ms --level info
says_not "still here" # that is DEBUG
expect 134 "still here" run "$app" --for 60ms --level asker=DEBUG --level error
expect 2 'did you mean "asker"?' run "$app" --level aksr=debug
expect 2 'is no level' run "$app" --level loud

# ---- dumps of noise, with the sanitizers; from here on nothing changes the app ----
fuzz_test() {
    check "dumps of noise" sh tests/tool/fuzz.sh "$first" $rounds
}
part fuzz fuzz_test

# ---- keys, on a terminal ----
check keys python3 tests/tool/faults_keys.py "$k5" examples/01_hello

# ---- until its first fault, a guest does the same with and without a probe ----
for name in with without; do
    cp -r examples/02_coldchain "$out/$name"
    rm -rf "$out/$name/build" "$out/$name/expected.txt"
    sed -i '/^\[test\]/,$d' "$out/$name/app.toml"
    printf '[test]\nfor = "1020 ms"\nexpect = ["never"]\n' >>"$out/$name/app.toml"
done
echo "INFO  kernel   boot: 4 tasks, clock 20000 kHz, build *" >"$out/with/expected.txt"
for name in with without; do
    "$k5" test "$out/$name" >"$out/$name.log" 2>&1 && bad "a test without its line passed" || good
    sed -n 's/^ *| //p' "$out/$name.log" | sed '/FAULT/,$d' >"$out/$name.lines"
done
check "twelve lines and more" [ "$(wc -l <"$out/with.lines")" -ge 12 ]
check "with and without a probe" cmp "$out/with.lines" "$out/without.lines"
check "the probe was there" grep -q '#0 0x' "$out/with.log"

parts_end
finish
