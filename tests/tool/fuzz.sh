#!/bin/sh
# fuzz.sh DUMP ROUNDS - changes a post-mortem file of tests/tool/faults at random and looks at it,
# with what reads it built with the sanitizers. Starts in the root of the project.
#
#   files below --sanitizers--> objects --+--> dump_fuzz
#   the rest of the tool, as it is -------+
set -eu
out=$PWD/.k5/fuzz
app=$PWD/.k5/faulttest/faults
files="dump fault format inspect_print json layout object scene sites snapshot source unwind util"
mkdir -p "$out"
{
    echo 'rule cc'
    echo "  command = gcc -std=gnu11 -O1 -g -w -fsanitize=address,undefined \$"
    echo "    -fno-sanitize-recover=all -Itool -Iabi \$more -MMD -MF \$out.d -c \$in -o \$out"
    echo '  depfile = $out.d'
    echo '  deps = gcc'
    echo 'rule link'
    echo '  command = g++ -fsanitize=address,undefined $in -lelf -ldw -o $out'
    echo "builddir = $out"
    objects=
    for file in $files; do
        echo "build $out/$file.o: cc tool/$file.c"
        objects="$objects $out/$file.o"
    done
    for object in .k5/tool/*.o; do
        name=$(basename "$object" .o)
        case " $files main " in *" $name "*) ;; *) objects="$objects $object" ;; esac
    done
    echo "build $out/dump_fuzz.o: cc tests/tool/dump_fuzz.c"
    echo "build $out/main.o: cc tool/main.c"
    echo '  more = -Dmain=k5_main'
    echo "build $out/dump_fuzz: link $out/dump_fuzz.o $out/main.o$objects"
} >"$out/build.ninja"
ninja -f "$out/build.ninja" >"$out/build.log" 2>&1 || {
    cat "$out/build.log"
    exit 1
}
# What object.h and app.h return lives as long as the program.
K5_ROOT=$PWD ASAN_OPTIONS=detect_leaks=0 "$out/dump_fuzz" "$app" "$1" "$2" 1
echo "$2 rounds"
