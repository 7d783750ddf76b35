#!/bin/sh
# run.sh [NAME [FLAG [FILE]]] - builds and runs the unit tests of the host: all tests/unit/test_*.c,
# or one. FLAG is one more for the compiler (a mutant need not be free of warnings: -w), for that
# file; for every file if it is a header, or if none is named. Only FILE is then compiled again, for
# a mutant's tree begins with the objects of the project.
# Starts in the root of a tree of sources (the project, or a mutant's copy of it).
#
#   kernel/*.c arch/host/*.c and every other tests/unit/*.c -> one library (with the sanitizers)
#   tests/unit/test_NAME.c + library + cmocka               -> one program
#
# A test that needs more says so in comment lines of their own: /* build: tool/frame.c -DX=1 */
# The files are compiled once for all tests that name them, but for a test with a -D of its own.
# The sizes are in tests/unit/k5_sizes.h. Exit codes: 0 all passed, 5 some failed, 1 does not build.
set -eu

out=.k5/unit
mkdir -p $out
pattern=test_${1:-*}.c
ls tests/unit/$pattern >/dev/null || exit 1

# object SOURCE OBJECT [FLAG...]: how it is made, once.
object() {
    case " $known " in *" $2 "*) return ;; esac
    known="$known $2"
    echo "build $2: cc $1"
    from=$1
    shift 2
    [ "$from" != "$changed" ] || set -- "$@" "$changed_flag"
    [ $# = 0 ] || echo "  flags = \$flags $*"
}

# One test: the files that it names, and the rest of the words, which are flags.
test_write() {
    more=
    files=
    for word in $(sed -n 's|^/\* build: \(.*\) \*/$|\1|p' "$1"); do
        case $word in
        *.c) files="$files $word" ;;
        *) more="$more $word" ;;
        esac
    done
    inputs=
    for file in $files; do
        case $more in
        *-D*)
            inputs="$inputs $out/$2.objects/$file.o"
            # shellcheck disable=SC2086 # the flags are words on purpose
            object "$file" "$out/$2.objects/$file.o" $more
            ;;
        *)
            inputs="$inputs $out/$file.o"
            object "$file" "$out/$file.o"
            ;;
        esac
    done
    echo "build $out/$2: program $1$inputs $out/kernel.a"
    echo "  more =$more"
}

ninja_write() {
    changed=
    changed_flag=${2-}
    case ${3-} in
    *.c) changed=$3 ;;
    *) echo "every_flag = ${2-}" ;;
    esac
    known=
    cat <<'END'
flags = -std=gnu11 -O1 -g -Wall -Wextra -Werror -fsanitize=address,undefined $
    -fno-sanitize-recover=all $every_flag $
    -DK5_CONFIG_MUTABLE -I. -Iarch/host -Itests/unit -Ilib -Itool -Iabi
rule cc
  command = gcc -MMD -MF $out.d $flags -c $in -o $out
  depfile = $out.d
  deps = gcc
rule ar
  command = rm -f $out && ar rcs $out $in
rule program
  command = gcc -MMD -MF $out.d $flags $more $in -lcmocka -o $out
  depfile = $out.d
  deps = gcc
END
    echo "builddir = $out"
    objects=
    for source in kernel/*.c arch/host/*.c tests/unit/*.c; do
        case $source in tests/unit/test_*) continue ;; esac
        [ -e "$source" ] || continue
        objects="$objects $out/$source.o"
        object "$source" "$out/$source.o"
    done
    echo "build $out/kernel.a: ar$objects"
    for source in tests/unit/$pattern; do
        test_write "$source" "$(basename "$source" .c)"
    done
}

ninja_write "$@" >$out/build.ninja
ninja -f $out/build.ninja >$out/build.log 2>&1 || {
    cat $out/build.log
    exit 1
}

# cmocka says how many it is about to run: what is not OK at the end, for whatever reason, failed.
passed=0
failed=0
for source in tests/unit/$pattern; do
    name=$(basename "$source" .c)
    code=0
    timeout 60 "$out/$name" >"$out/$name.log" 2>&1 || code=$?
    planned=$(awk '/^\[=*\].* Running [0-9]+ test/ {
        for (i = 1; i < NF; i++) if ($i == "Running") n += $(i + 1) }
        END { print n + 0 }' "$out/$name.log")
    good=$(grep -c '^\[ *OK \]' "$out/$name.log" || true)
    bad=$((planned - good))
    if [ $code != 0 ] && [ $bad = 0 ] || [ "$planned" = 0 ]; then
        bad=1
    fi
    echo "  $name: $good of $planned"
    if [ $bad != 0 ]; then
        echo "  $name ended with code $code:"
        cat "$out/$name.log"
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ $failed = 0 ] || exit 5
