#!/bin/sh
# stats.sh - the statistics at the end of `k5 run`: the layout of the kernel's state against the
# compiler and nm, a real run, and emulators that die or hang.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make statstest
app=examples/01_hello
build=$app/build/mps2-an505/release
runner=
trap '[ -z "$runner" ] || kill "$runner" 2>/dev/null || true' EXIT

printed() {
    grep -qE -- "$1" "$out/output"
}

# cell TASK N: the Nth word of a task's row; a time is three words (number, ms, share).
cell() {
    awk -v task="$1" -v n="$2" '/^   tasks  the first/ { on = 1 }
        on && $1 == task { print $n }' "$out/output"
}

# Backwards from the end of the row, whatever the times are: 1 drops, 2 restarts, 3 faults ...
cell_back() {
    awk -v task="$1" -v n="$2" '/^   tasks  the first/ { on = 1 }
        on && $1 == task { print $(NF + 1 - n) }' "$out/output"
}

"$k5" build $app >"$out/output" 2>&1 || bad "the example does not build"

# ---- layout: what the compiler says of the same structures ----
gcc -std=c11 -Wall -Itool tests/tool/layout_show.c tool/layout.c -ldw -o "$out/layout_show"
members="now since alarm task task.state task.calls task.fault_reg task.restarts ep.waiting"
members="$members cap.badge"
{
    echo '#include "kernel/kernel.h"'
    echo '#include <stddef.h>'
    echo 'static struct kernel *const s;'
    echo '__attribute__((section(".truth"), used)) static const uint32_t truth[] = {'
    for member in $members; do
        echo "offsetof(struct kernel, $member), sizeof s->$member,"
    done
    echo '};'
} >"$out/truth.c"
arm-none-eabi-gcc -std=gnu11 -mcpu=cortex-m33 -mthumb -ffreestanding -w -I. -I$build/gen \
    -c "$out/truth.c" -o "$out/truth.o"
arm-none-eabi-objcopy -O binary -j .truth "$out/truth.o" "$out/truth.bin"
base=$(arm-none-eabi-nm $build/image.elf | awk '$3 == "k" { print $1 }')
# shellcheck disable=SC2086 # the names are words on purpose
"$out/layout_show" $build/image.elf k $members nothing.such >"$out/output"
od -An -v -tu4 -w8 "$out/truth.bin" >"$out/truth"
line=0
for member in $members; do
    line=$((line + 1))
    wanted=$(sed -n ${line}p "$out/truth" | {
        read -r offset size
        printf '%s %08x %d' "$member" $((0x$base + offset)) "$size"
    })
    came=$(sed -n ${line}p "$out/output" | {
        read -r name address size count
        printf '%s %s %d' "$name" "$address" $((size * count))
    })
    check "layout: \"$came\", but the compiler says \"$wanted\"" [ "$came" = "$wanted" ]
done
check "layout: three elements of four bytes" printed '^task.calls [0-9a-f]{8} 4 3$'
check "layout: a member that is not there" printed '^nothing.such -$'

# ---- a run ----
# ping calls ten times a second: as often as it logs an answer, and what the log has not yet said.
code=0
"$k5" run $app --for 350ms >"$out/output" 2>&1 </dev/null || code=$?
check "exit code of a run" [ $code = 0 ]
check "the table" \
    printed '^   task +priority +own time +lent time +calls +overruns +faults +restarts +drops$'
wide=$(awk '/^   tasks  the first/ { on = 1 } on && length($0) > 100' "$out/output")
check "at most 100 columns" [ -z "$wide" ]
entries=$(sed -n 's/.* s · \([0-9]*\) log lines .*/\1/p' "$out/output")
until=$(sed -n 's/^   tasks  the first \([0-9]*\)\.\([0-9]*\) s.*/\1\2/p' "$out/output" |
    sed 's/^0*//')
calls=$(cell_back ping 5)
check "the time of the statistics: ${until:-none} ms" [ "${until:=0}" -ge 300 ]
answers=$((${entries:-1} - 1)) # one line is of pong
check "ping: ${calls:-no} calls, $answers answers" [ "${calls:-0}" -ge $answers ]
check "ping: $calls calls in $until ms" [ "${calls:-999}" -le $((until / 100 + 1)) ]
check "pong calls nobody" [ "$(cell_back pong 5)" = 0 ]
check "priority of pong" [ "$(cell pong 2)" = 12 ]
first=$(awk '/^   task / { getline; print $1 }' "$out/output")
check "the most urgent task first, not $first" [ "$first" = logger ]

# Time, where the kernel counts it: the shares, idle among them, make up the whole.
if "$out/layout_show" $build/image.elf k task.time_own | grep -qv -e ' -$'; then
    sum=$(awk '/^   tasks  the first/ { on = 1 }
        on { for (i = 3; i <= NF; i++) if ($i ~ /%$/) sum += $i } END { print int(10 * sum + 0.5) }
        ' "$out/output")
    check "the shares are $sum tenths of a per cent, too little" [ "$sum" -ge 995 ]
    check "the shares are $sum tenths of a per cent, too much" [ "$sum" -le 1005 ]
    check "ping used time" [ "$(cell ping 3 | tr -d . | sed 's/^0*//')" -gt 0 ]
    check "idle is most of it" [ "$(cell idle 4 | sed 's/[.].*//')" -gt 90 ]
else
    check "time that is not counted is shown as -" [ "$(cell ping 3)" = - ]
    check "idle is not known then" [ "$(cell idle 2)" = - ]
fi

# A fault and a restart; and a kernel that has stopped is read where it stands.
"$k5" run tests/emulator/died --for 600ms >"$out/output" 2>&1 </dev/null || true
check "faults of mortal" [ "$(cell_back mortal 3)" = 1 ]
check "restarts of mortal" [ "$(cell_back mortal 2)" = 1 ]
code=0
"$k5" run tests/emulator/kernel_panic --for 600ms >"$out/output" 2>&1 </dev/null || code=$?
check "exit code of a system that resets" [ $code = 134 ]
check "statistics after resets" printed '^   tasks  the first 0\.'
check "statistics after resets name each task" printed '^   super '

# ---- an emulator that is killed, and one that hangs ----
# emulator_hit SIGNAL: sends it to the emulator of a run that has begun; sets runner, and folder to
# that of its socket.
emulator_hit() {
    : >"$out/output" # or the loop would see the lines of the run before
    "$k5" run $app >"$out/output" 2>&1 </dev/null &
    runner=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        ! printed 'pong answered 3' || break
        sleep 0.5
    done
    process=$(cat /proc/$runner/task/$runner/children)
    folder=$(tr '\0' '\n' </proc/${process% }/cmdline |
        sed -n 's|.*path=\(/tmp/k5-[^/]*\)/.*|\1|p')
    check "the folder of the socket: ${folder:-none}" [ -d "${folder:-/nonexistent}" ]
    check "nobody else may enter it" [ "$(stat -c %a "${folder:-/}")" = 700 ]
    kill "-$1" ${process% }
}

folder_left() {
    check "$1: its folder is left" [ ! -e "$folder" ]
}
emulator_hit KILL
code=0
wait $runner || code=$?
check "exit code when the emulator is killed: $code" [ $code = 134 ]
check "killed: says so" printed 'no statistics: the emulator has ended'
folder_left killed
emulator_hit STOP
kill -TERM $runner
code=0
start=$(date +%s)
wait $runner || code=$?
check "exit code when the emulator hangs: $code" [ $code = 0 ]
check "hangs: says so" printed 'no statistics: the GDB server does not halt'
check "hangs: two seconds at most" [ $(($(date +%s) - start)) -le 2 ]
folder_left hangs

finish
