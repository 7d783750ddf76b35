#!/bin/sh
# stack.sh - checks that the kernel's stack suffices, in images as they are linked (stack.py).
# Release and debug: contracts call kernel_panic from everywhere, so debug is the deeper one.
set -eu
app=bench/app
limit=$(sed -n 's/^arch_stack_size = \([0-9]*\);.*/\1/p' arch/arm_m/kernel.ld)
passed=0
for profile in release debug; do
    .k5/bin/k5 build $app --profile $profile >/dev/null
    echo "$profile"
    if python3 tests/bounds/stack.py "${limit:?no arch_stack_size in kernel.ld}" \
        $app/build/mps2-an505/$profile/image.ltrans*.ci; then
        passed=$((passed + 1))
    fi
done
echo "$passed passed, $((2 - passed)) failed"
[ $passed = 2 ] || exit 1
