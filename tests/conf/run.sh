#!/bin/sh
# run.sh [--full] - damaged app.toml, board.toml and interface files, read by the tool's own sources
# with the sanitizers: see fuzz.c. Starts in the root of the project.
set -eu
out=$PWD/.k5/conf
rounds=200
tree=.k5/tool/conf_tree.o # the parser as the tool has it: with the sanitizers it takes a minute
[ "${1-}" != --full ] || rounds=20000 tree=$out/conf_tree.o
seed=${SEED:-20261126}
rm -rf "$out/root" "$out/apps"
mkdir -p "$out/root/boards" "$out/apps"

cat >"$out/build.ninja" <<END
builddir = $out
cflags = -O1 -g -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all $
    -Itool -Iabi -I.
rule cc
  command = gcc -MMD -MF \$out.d -std=c11 \$cflags -c \$in -o \$out
  depfile = \$out.d
  deps = gcc
rule cxx
  command = g++ -MMD -MF \$out.d -std=c++17 \$cflags -c \$in -o \$out
  depfile = \$out.d
  deps = gcc
rule link
  command = g++ \$cflags \$in -o \$out
build $out/conf_tree.o: cxx tool/conf.cpp
END
objects=$tree
for source in tests/conf/fuzz tool/app tool/app_source tool/board tool/board_irq tool/budget \
    tool/conf tool/conf_syntax tool/interface tool/interface_memory tool/interface_type \
    tool/probe_board tool/process tool/util tool/wire tool/wire_check tool/wire_irq \
    tool/wire_region tool/wire_slots; do
    object=$out/$(basename $source).o
    objects="$objects $object"
    echo "build $object: cc $source.c" >>"$out/build.ninja"
done
echo "build $out/fuzz: link $objects" >>"$out/build.ninja"
ninja -f "$out/build.ninja" "$out/fuzz" >"$out/build.log" 2>&1 || {
    cat "$out/build.log"
    exit 1
}

# A root of its own, for the board is damaged too; the apps with their sources where they look for
# them.
for entry in *; do
    [ "$entry" = boards ] || ln -s "$PWD/$entry" "$out/root/$entry"
done
cp -r boards/mps2-an505 "$out/root/boards/"
# What this board does not have, for who reads it: a probe and a flash.
board=$out/root/boards/mps2-an505/board.toml
sed -i 's/^\[alias.code\]/[alias.flash]/' "$board"
sed -n '/^\[probe\]/,/^SECWM2/p' boards/stm32l562e-dk/board.toml >>"$board"
apps=
ln -sfn "$PWD/tests/emulator" "$out/emulator"
for app in examples/0*/ examples/cookbook/0[589]*/ tests/emulator/handler/ tests/golden/app/ \
    tests/emulator/interface/ tests/emulator/interface_memory/; do
    name=$(basename "$app")
    cp -r "$app" "$out/apps/$name"
    rm -rf "$out/apps/$name/build"
    apps="$apps apps/$name"
    case $name in
    interface) apps="$apps/desk.toml apps/05_passive/sum.toml" ;;
    interface_memory) apps="$apps/press.toml" ;;
    esac
done
K5_ROOT=$out/root
ASAN_OPTIONS=detect_leaks=0 # the tool keeps what it read until its end, and says so (util.h)
export K5_ROOT ASAN_OPTIONS
# shellcheck disable=SC2086 # the names are words on purpose
"$out/fuzz" $rounds "$seed" "$out" $apps
