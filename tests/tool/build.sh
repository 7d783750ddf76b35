#!/bin/sh
# build.sh - what `k5 build` leaves: the files to load, the JSON, what is made anew after a change,
# and that the same sources give the same bytes in another folder.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make buildtest
export CCACHE_DISABLE=1 # else the same bytes prove nothing

# Two projects, each a copy with a root of its own; blanks in a path are no trouble.
for copy in a "b c/deeper"; do
    mkdir -p "$out/$copy"
    cp -r abi arch boards kernel lib tasks tool "$out/$copy"
    cp -r examples/02_coldchain "$out/$copy/app"
    rm -rf "$out/$copy/app/build"
    K5_ROOT=$out/$copy "$k5" build "$out/$copy/app" --json >"$out/$copy/json" &
done
wait
first=$out/a/app/build/mps2-an505/release
second="$out/b c/deeper/app/build/mps2-an505/release"
for file in image.elf image.hex image.kernel-code.bin image.veneer.bin image.task-code.bin \
    sensor.elf storage.elf super.elf logger.elf; do
    check "$file is the same in another folder" cmp "$first/$file" "$second/$file"
done
json_valid "$out/a/json"

# The files to load, by another hand: objcopy's bytes, and the records of the HEX file.
part() { # MEMORY SECTION...
    memory=$1
    shift
    arm-none-eabi-objcopy -O binary "$@" "$first/image.elf" "$out/part"
    check "image.$memory.bin" cmp "$out/part" "$first/image.$memory.bin"
}
part kernel-code -j .vectors -j .text -j .rodata -j .data
part veneer -j .veneer
part task-code -j .tasks
cat >"$out/hex.py" <<'END'
import json, pathlib, sys
report = json.load(open(sys.argv[1]))
memory, upper = {}, 0
for line in open(report["files"]["hex"]):
    record = bytes.fromhex(line.strip()[1:])
    assert sum(record) % 256 == 0 and len(record) == record[0] + 5
    if record[3] == 4:
        upper = int.from_bytes(record[4:6], "big") << 16
    elif record[3] == 0:
        for i, byte in enumerate(record[4:-1]):
            memory[upper + int.from_bytes(record[1:3], "big") + i] = byte
for part in report["files"]["bin"]:
    data = pathlib.Path(part["file"]).read_bytes()
    assert len(data) == part["size"]
    base = int(part["address"], 16)
    assert all(memory.pop(base + i, 0) == byte for i, byte in enumerate(data))
assert not memory
END
check "HEX, .bin files and addresses agree" python3 "$out/hex.py" "$out/a/json"

# rebuilt: the "rebuilt" list of the next build, on one line.
rebuilt() {
    K5_ROOT=$out/a "$k5" build "$out/a/app" --json >"$out/json"
    python3 -c 'import json, sys; print(*json.load(sys.stdin)["rebuilt"])' <"$out/json" \
        >"$out/rebuilt"
}
rebuilt
check "nothing is made twice" grep -qx "" "$out/rebuilt"
echo "/* more */ int more(int a) { return a * 7; }" >>"$out/a/app/tasks/sensor/main.c"
rebuilt
check "a changed source is compiled" grep -q "obj/sensor/main" "$out/rebuilt"
check "and linked" grep -q "image.elf" "$out/rebuilt"
check "and nothing else is compiled" \
    sh -c "! grep -q 'obj/kernel/kernel_\|obj/lib\|obj/super' '$out/rebuilt'"
check "nor is the kernel optimized" sh -c "! grep -q kernel.o '$out/rebuilt'"
echo "/* more */" >>"$out/a/kernel/time.c"
rebuilt
check "a change of the kernel is" grep -q "kernel.o" "$out/rebuilt"
check "and gives another build" sh -c "! cmp -s '$first/image.elf' '$second/image.elf'"

# The time of the build would make every image another one.
echo 'const char *when(void); const char *when(void) { return __DATE__; }' \
    >>"$out/a/app/tasks/sensor/main.c"
code=0
K5_ROOT=$out/a "$k5" build "$out/a/app" >"$out/time" 2>&1 || code=$?
check "__DATE__ does not compile" [ "$code" = 1 ]
check "and the reason is told" grep -q "reproducible" "$out/time"

# A task that does not compile: exit code 1, nothing on stdout.
echo "broken" >>"$out/a/app/tasks/sensor/main.c"
code=0
K5_ROOT=$out/a "$k5" build "$out/a/app" --json >"$out/json" 2>"$out/log" || code=$?
check "exit code 1 if it does not build" [ "$code" = 1 ]
check "and no JSON then" [ ! -s "$out/json" ]
finish
