#!/bin/sh
# stack.sh - compiles the kernel as the tool does and checks that its stack suffices (stack.py).
# Release and debug: contracts call kernel_panic from everywhere, so debug is the deeper one.
set -eu
out=.k5/stack
limit=$(sed -n 's/^arch_stack_size = \([0-9]*\);.*/\1/p' arch/arm_m/kernel.ld)
rm -rf $out
mkdir -p $out
for source in kernel/*.c arch/arm_m/*.c boards/mps2-an505/*.c; do
    arm-none-eabi-gcc -mcpu=cortex-m33 -mthumb -mfloat-abi=soft -std=gnu11 -O2 -ffreestanding \
        -mcmse -ffunction-sections -fstack-usage -fcallgraph-info=su -specs=picolibc.specs \
        -I. -Iarch/arm_m -Itests/style/include -c "$source" -o "$out/$(echo "$source" | tr / _).o"
done
python3 tests/bounds/stack.py "${limit:?no arch_stack_size in kernel.ld}" fault_of_kernel $out/*.ci
