#!/bin/sh
# edges.sh - both sides of both ends of every region of some tasks, in the emulator: edges.py makes
# the probes from the kernel's tables, so what the protection unit does is compared with them.
#
#   edges/ with an empty list -> build -> config.c -> list.c -> build: the same config.c -> run
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make edges
app=$out/app
cp -r tests/bounds/edges "$app"
rm -rf "$app/build"
gen=$app/build/mps2-an505/debug/gen

# The list is as large as it will be, so the tables of both builds are the same.
expect 0 "" build "$app" --profile debug
cp "$gen/config.c" "$out/config.c"
count=$(python3 tests/bounds/edges.py "$out/config.c" "$app/list.c" plain shared devices all)
check "there are many probes: $count" test "$count" -ge 200
expect 0 "" build "$app" --profile debug
check "the list moves nothing" cmp "$out/config.c" "$gen/config.c"
for task in plain shared devices all; do # what the first halfword that is executed belongs to
    base=$(sed -n "s|.*= 0x\(0.*\)u, /\* $task: code,.*|\1|p" "$out/config.c" |
        sed -n 1p | tr A-F a-f)
    arm-none-eabi-nm "$app/build/mps2-an505/debug/$task.elf" >"$out/names"
    check "$task begins with main, at $base" grep -q "^$base T main" "$out/names"
done
sed -i "s/edges: N probes, 0 wrong/edges: $count probes, 0 wrong/" "$app/app.toml"
expect 0 "1 passed" test "$app"
finish
