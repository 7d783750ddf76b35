#!/bin/sh
# The generated files of one app against the copies in expected/. `run.sh --accept` takes those of
# today; read the difference before committing.
#
# Where code lies depends on the compiler and on libk5, so addresses of task code and their sizes
# are made equal first; everything else must be the same to the letter.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make golden
here=tests/golden
gen=$here/app/build/mps2-an505/release/gen

"$k5" build $here/app >"$out/output" 2>&1 || {
    bad "the app does not build"
    finish
}
# Of the report, what does not depend on the compiler.
sed -n '/^  time/,/^  kernel code/p; /^  waived/,$p' "$out/output" |
    grep -v 'kernel code\|image\.elf' >"$gen/report"
for name in k5_sizes.h config.c arch_config.c arch_images.c memory.ld tasks.ld board_facts.h \
    client/app.h twin/app.h store/app.h archive/app.h super/app.h logger/app.h client/task.ld \
    report interface/desk.h interface/desk_client.h interface/desk_server.h \
    interface/vault.h interface/vault_client.h interface/vault_server.h; do
    flat=$(echo "$name" | tr / -)
    sed -e 's/0x002[0-9A-F]\{5\}/CODE/g' -e 's|= 0x[0-9A-F]*u, \(/\* .*: code,\)|= SIZE, \1|' \
        -e 's/\(ORIGIN = CODE, LENGTH = \).*/\1SIZE/' "$gen/$name" >"$out/$flat"
    golden "$here/expected/$flat.txt" "$out/$flat"
done
finish
