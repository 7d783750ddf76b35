#!/bin/sh
# size.sh - the code of the kernel as released, port and board included, has a limit. Measured in
# an image, for the whole kernel is optimized at once; tables and other constants, which
# grow with the app, and the vector table are told beside it.
set -eu
app=bench/app
limit=16384
.k5/bin/k5 build $app >/dev/null
image=$app/build/mps2-an505/release/image.elf
section() {
    arm-none-eabi-size -A $image | awk -v name="$1" '$1 == name { print $2 }'
}
text=$(section .text)
echo "kernel of $app: $text bytes of code, $limit allowed;" \
    "$(section .rodata) of constants, $(section .vectors) of vectors"
# Far too little means that the linker found no way in, and that nothing was measured.
if [ "${text:?}" -le $limit ] && [ "$text" -ge 4096 ]; then
    echo "1 passed, 0 failed"
else
    echo "0 passed, 1 failed"
    exit 1
fi
