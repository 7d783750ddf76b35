#!/bin/sh
# tidy.sh [--full] [FILE...] - clang-tidy (.clang-tidy: names, braces, sizes, likely bugs). One test
# a file. Without --full it looks at what runs on the target and at the unit tests, at these without
# the static analyzer, which takes most of the time.
#
# A file that was clean and has not changed, and no header either, is not looked at again: the mark
# in .k5/tidy/ is newer than all of them.
set -eu
marks=.k5/tidy
mkdir -p $marks

# Compiler flags for a file: the host's for portable code, the target's for the port and libk5.
flags() {
    common="-I. -Ikernel -Ilib -Itests/style/include -std=gnu11 -ferror-limit=0"
    case $1 in
    tool/*) echo "-std=c11 -Itool -Iabi -I. -Iarch/host -Itests/style/include" ;;
    bench/plugin/*) echo "-std=gnu11" ;;
    tests/unit/*) echo "-std=gnu11 -I. -Iarch/host -Itests/unit -Ilib -Itool -Iabi" \
        -DK5_CONFIG_MUTABLE \
        "$(sed -n 's|^/\* build: \(.*\) \*/$|\1|p' "$1" | tr ' ' '\n' | grep '^-[DI]')" ;;
    tests/model/*) echo "-std=gnu11 -I. -Iarch/host -Itests/model -DK5_CONFIG_MUTABLE" ;;
    kernel/* | arch/host/*) echo "$common -Iarch/host" ;;
    *) echo "$common -Iarch/arm_m --target=thumbv8m.main-none-eabi -mcpu=cortex-m33" \
        "-mfloat-abi=soft -isystem /usr/lib/picolibc/arm-none-eabi/include" ;;
    esac
}

quick() {
    case ${TIDY_QUICK-}$1 in
    1tool/* | 1tests/*) echo "--checks=-clang-analyzer-*" ;;
    esac
}

# Run by xargs for one file: prints what is wrong with it.
if [ "${1-}" = --one ]; then
    mark=$marks/${TIDY_QUICK:+quick_}$(echo "$2" | tr / _)
    if [ -e "$mark" ] && [ -z "$(find "$2" .clang-tidy $marks/headers -newer "$mark")" ]; then
        exit 0
    fi
    rm -f "$mark"
    # shellcheck disable=SC2046 # the flags are words on purpose
    if clang-tidy --quiet $(quick "$2") "$2" -- $(flags "$2") >"$mark.log" 2>&1; then
        touch "$mark"
    else
        echo "$2:"
        grep -E 'error:|warning:' "$mark.log" | sed "s|^$PWD/||" || cat "$mark.log"
        echo "$2" >>$marks/failed
    fi
    exit 0
fi

wanted=14 # Debian 12's; a later one finds other things, which is no reason to fail

version=$(clang-tidy --version | sed -n 's/.*version \([0-9]*\).*/\1/p' | head -n 1)
if [ "$version" != $wanted ]; then
    echo "clang-tidy $wanted is the one to follow"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
TIDY_QUICK=
TIDY_FULL=
[ $# != 0 ] || TIDY_QUICK=1
[ "${1-}" != --full ] || { TIDY_FULL=1; shift; }
export TIDY_QUICK
if [ $# = 0 ]; then
    # shellcheck disable=SC2046 # the names are words on purpose
    set -- $(find kernel arch boards lib tests/unit \
        ${TIDY_FULL:+bench/plugin tool tests/model} -name '*.c' | sort)
fi
[ -e $marks/headers ] || touch $marks/headers
headers=$(find abi arch bench boards kernel lib tests tool -name '*.h' -newer $marks/headers)
if [ -n "$headers" ]; then
    touch $marks/headers
fi
rm -f $marks/failed
printf '%s\n' "$@" | xargs -P 2 -n 1 sh "$0" --one
failed=0
[ ! -e $marks/failed ] || failed=$(wc -l <$marks/failed)
echo "$(($# - failed)) passed, $failed failed"
[ "$failed" = 0 ]
