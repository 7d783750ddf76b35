#!/bin/sh
# The boards without an emulator: their registers against the list of sources, and that apps build.
set -u
cd "$(dirname "$0")/../.." || exit 1
k5=${K5:-./k5}
passed=0
failed=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# expect CODE TEXT ARGUMENT...: the exit code, and a text in what is printed
expect() {
    wanted=$1 text=$2
    shift 2
    "$k5" "$@" >"$out/output" 2>&1
    code=$?
    if [ $code -eq "$wanted" ] && grep -qF -- "$text" "$out/output"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED k5 $* (exit code $code, expected $wanted and \"$text\")"
        cat "$out/output"
    fi
}

if python3 tests/boards/run.py . >"$out/output"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    cat "$out/output"
fi
# A wrong address is noticed.
mkdir -p "$out/root/tests" "$out/root/boards"
cp -r tests/boards "$out/root/tests/"
cp -r boards/stm32* boards/nucleo* "$out/root/boards/"
sed -i 's/0x50032414u/0x50032418u/' "$out/root/boards/stm32l5/regs.h"
python3 tests/boards/run.py "$out/root" >"$out/output"
if grep -q '^TZSC_SECCFGR2: 0x50032418 is not 0x50032414' "$out/output"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAILED a wrong address is not noticed"
fi

expect 0 "kernel-code 0x0C000000" build examples/stm32l5
expect 0 "task-code 0x08040000" build examples/stm32l5 --board nucleo-l552ze-q
expect 0 "coldchain for stm32l562e-dk" build examples/02_coldchain --board stm32l562e-dk
expect 0 "coldchain for nucleo-l552ze-q" build examples/02_coldchain --board nucleo-l552ze-q
expect 2 'there is no board "stm32"' build examples/stm32l5 --board stm32
expect 3 "board stm32l562e-dk has no emulator" run examples/stm32l5
expect 0 "never run on silicon" boards

# Images with one mistake each.
python3 tests/boards/wrong.py examples/stm32l5/build/stm32l562e-dk/release "$out/wrong.elf" \
    >"$out/output"
grep FAILED "$out/output"
# shellcheck disable=SC2046 # two numbers
set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$out/output")
passed=$((passed + ${1:-0}))
failed=$((failed + ${2:-1}))
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
