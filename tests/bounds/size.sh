#!/bin/sh
# size.sh - the code of the kernel as released (no contracts), port and board included, has a limit.
# Linked without an app: what the vectors and the veneer reach, and no tables of tasks.
set -eu
out=.k5/size
limit=16384
rm -rf $out
mkdir -p $out
for source in kernel/*.c arch/arm_m/*.[cS] boards/mps2-an505/*.c; do
    arm-none-eabi-gcc -mcpu=cortex-m33 -mthumb -mfloat-abi=soft -std=gnu11 -O2 -ffreestanding \
        -mcmse -ffunction-sections -specs=picolibc.specs -DK5_CHECKS=0 \
        -I. -Iarch/arm_m -Itests/style/include -c "$source" -o "$out/$(echo "$source" | tr / _).o"
done
arm-none-eabi-size $out/*.o
arm-none-eabi-ld -r --gc-sections -u arch_vectors -u arch_veneer -o $out/all \
    $out/*.o
text=$(arm-none-eabi-size $out/all | awk 'NR == 2 { print $1 }')
echo "kernel code and constants: $text bytes of $limit"
# Far too little means that the linker found no way in, and that nothing was measured.
if [ "${text:?}" -le $limit ] && [ "$text" -ge 4096 ]; then
    echo "1 passed, 0 failed"
else
    echo "0 passed, 1 failed"
    exit 1
fi
