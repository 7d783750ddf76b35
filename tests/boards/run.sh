#!/bin/sh
# The boards without an emulator: their registers against the list of sources, and that apps build.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make_outside

check "registers and board files" python3 tests/boards/run.py .
# A wrong address is noticed.
mkdir -p "$out/root/tests" "$out/root/boards"
cp -r tests/boards "$out/root/tests/"
cp -r boards/stm32* boards/nucleo* "$out/root/boards/"
sed -i 's/0x50032414u/0x50032418u/' "$out/root/boards/stm32l5/regs.h"
expect_of 1 "TZSC_SECCFGR2: 0x50032418 is not 0x50032414" python3 tests/boards/run.py "$out/root"

expect 0 "kernel-code 0x0C000000" build examples/stm32l5
expect 0 "task-code 0x08040000" build examples/stm32l5 --board nucleo-l552ze-q
expect 0 "coldchain for stm32l562e-dk" build examples/02_coldchain --board stm32l562e-dk
expect 0 "coldchain for nucleo-l552ze-q" build examples/02_coldchain --board nucleo-l552ze-q
expect 0 "watchdog for stm32l562e-dk" build examples/cookbook/08_watchdog --board stm32l562e-dk
expect 0 "watchdog for nucleo-l552ze-q" build examples/cookbook/08_watchdog --board nucleo-l552ze-q
cp -r examples/cookbook/08_watchdog "$out/dog"
sed -i 's/WATCHDOG_PERIOD_MS = 50/WATCHDOG_PERIOD_MS = 148/' "$out/dog/app.toml"
expect 1 "too long for a window watchdog" build "$out/dog" --board stm32l562e-dk
sed -i '/^uses .*watchdog0/d' "$out/dog/app.toml"
expect 2 'the ready-made watchdog needs watchdog0 in "uses"' build "$out/dog" --board stm32l562e-dk
expect 2 'there is no board "stm32"' build examples/stm32l5 --board stm32
expect 3 "board stm32l562e-dk has no emulator" run examples/stm32l5
expect 0 "never run on silicon" boards

# One number in one place: option bytes go from board.toml into the code, and what the code knows
# by itself is compared when it is compiled.
mkdir "$out/k5"
for entry in "$root"/*; do
    [ "$entry" = "$root/boards" ] || ln -s "$entry" "$out/k5/"
done
cp -r boards "$out/k5/"
cp -r examples/stm32l5 "$out/app"
rm -rf "$out/app/build"
toml=$out/k5/boards/stm32l562e-dk/board.toml
facts=$out/app/build/stm32l562e-dk/release/gen/board_facts.h
# changed CODE TEXT SED-EXPRESSION: a build with this change in board.toml
changed() {
    cp boards/stm32l562e-dk/board.toml "$toml"
    sed -i "$3" "$toml"
    if cmp -s boards/stm32l562e-dk/board.toml "$toml"; then
        bad "$3 changes nothing"
    fi
    expect_of "$1" "$2" env K5_ROOT="$out/k5" "$k5" build "$out/app"
}
changed 0 "" 's/value = 0x007F0000/value = 0x003F0000/'
check "an option byte is in the code" \
    grep -q '0x50u, 0x007F007Fu, 0x003F0000u }, /. SECWM1' "$facts"
changed 1 "[mpc.sram1] in board.toml" 's/0x50032C00/0x50032C04/'
changed 1 "[flash] in board.toml" 's/registers = 0x40022000/registers = 0x40023000/'
changed 1 "tick_hz in board.toml" 's/tick_hz = 10_000_000/tick_hz = 11_000_000/'
changed 1 "[device.uart0] in board.toml" 's/clock_hz = 110_000_000/clock_hz = 100_000_000/'
changed 2 "the value is larger than its mask" \
    's/mask = 0x80000000, value = 1/mask = 0x80000000, value = 2/'

# Images with one mistake each.
python3 tests/boards/wrong.py examples/stm32l5/build/stm32l562e-dk/release "$out/wrong.elf" \
    >"$out/output" || true
grep FAILED "$out/output" || true
# shellcheck disable=SC2046 # two numbers
set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$out/output")
passed=$((passed + ${1:-0}))
failed=$((failed + ${2:-1}))
finish
