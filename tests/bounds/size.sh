#!/bin/sh
# size.sh - the code of the kernel as released, port and board included, has a limit. Measured in
# an image, for the whole kernel is optimized at once. Tables and other constants, which grow with
# the app, and the vector table are told beside it; so are the checks of the tables, which run once
# at boot and have a limit of their own: what they check, the tool and the proofs have checked.
set -eu
app=bench/app
limit=18432 # docs/adr/0017
limit_checks=4096
.k5/bin/k5 build $app >/dev/null
image=$app/build/mps2-an505/release/image.elf
section() {
    arm-none-eabi-size -A $image | awk -v name="$1" '$1 == name { print $2 }'
}
# What the linker kept of the two files that only check tables, by the debug information.
checks=$(arm-none-eabi-nm -S -l -t d $image |
    awk '$3 ~ /[tT]/ && $4 != "task_covers" && $5 ~ /(kernel\/config|arm_m\/protection)\.c:/ {
             sum += $2
         }
         END { print sum + 0 }')
text=$(($(section .text) - checks))
echo "kernel of $app: $text bytes of code, $limit allowed;" \
    "$checks that check tables at boot, $limit_checks allowed;" \
    "$(section .rodata) of constants, $(section .vectors) of vectors"
# Far too little means that the linker found no way in, and that nothing was measured.
if [ "$text" -le $limit ] && [ "$text" -ge 4096 ] && [ "$checks" -le $limit_checks ] &&
    [ "$checks" -ge 1024 ]; then
    kernel=1
else
    kernel=0
fi

# What libk5 does with memory that tasks share is instructions of the processor, not calls.
mkdir -p .k5/size
shared=1
for name in queue lock; do
    object=.k5/size/$name.o
    arm-none-eabi-gcc -std=gnu11 -mcpu=cortex-m33 -mthumb -Os -specs=picolibc.specs -I. -Ilib \
        -c lib/k5/$name.c -o $object
    case $name in
    queue) wanted="lda stl dmb" ;;
    lock) wanted="ldaex stlex ldrex strex" ;;
    esac
    for word in $wanted; do
        arm-none-eabi-objdump -d $object | grep -qw "$word" || {
            echo "lib/k5/$name.c: no $word"
            shared=0
        }
    done
    if arm-none-eabi-nm -u $object | grep -v ' k5_'; then
        echo "lib/k5/$name.c: calls of what is not libk5"
        shared=0
    fi
done
echo "$((kernel + shared)) passed, $((2 - kernel - shared)) failed"
[ $((kernel + shared)) = 2 ] || exit 5
