#!/bin/sh
# fuzz.sh --seconds N | --again FILE - the kernel against the model, of bytes that libFuzzer makes.
#
#   .k5/fuzz/model/corpus -> fuzz6: 6 tasks, clang, sanitizers -> more bytes, which reach more
#   a difference -> crash-... beside the corpus -> model6 bytes FILE: made short, a trace
#
# The corpus is kept: the next run goes on from there. --again: one file of bytes, no fuzzing.
# Ends with what was run and reached, and `1 passed, 0 failed` or `0 passed, 1 failed`.
# Exit codes: 0 no difference, 5 one was found, 1 cannot be built or run.
set -eu

out=.k5/fuzz/model
usage() {
    echo "usage: fuzz.sh --seconds N | --again FILE" >&2
    exit 1
}
[ $# = 2 ] || usage
case $1 in
--seconds) case $2 in '' | 0 | *[!0-9]*) usage ;; esac ;;
--again) [ -f "$2" ] || { echo "$2: there is no such file" >&2; exit 1; } ;;
*) usage ;;
esac

sizes="-DK5_TASKS=6 -DK5_SWEEP_SLOTS=24 -DK5_DEPTH_MAX=5" # as run.sh has them
flags="-std=gnu11 -O1 -g -DK5_CONFIG_MUTABLE -I. -Iarch/host -Itests/model $sizes"
flags="$flags -fno-sanitize-recover=all"
mkdir -p $out/corpus

# Objects of one compiler: FOLDER COMPILER FLAGS SOURCES...; then the program FOLDER/../NAME.
program_write() {
    folder=$1 compiler=$2 sanitizers=$3 name=$4
    shift 4
    echo "rule cc_$name"
    echo "  command = $compiler -MMD -MF \$out.d $flags $sanitizers -c \$in -o \$out"
    echo "  depfile = \$out.d"
    echo "  deps = gcc"
    objects=
    for source in "$@"; do
        echo "build $folder/$source.o: cc_$name $source"
        objects="$objects $folder/$source.o"
    done
    echo "rule link_$name"
    sanitizers=$(echo "$sanitizers" | sed 's/fuzzer-no-link/fuzzer/')
    echo "  command = $compiler $sanitizers \$in -o \$out"
    echo "build $out/$name: link_$name$objects"
}

build() {
    driver=
    for source in tests/model/*.c; do
        case $source in */main.c | */shrink.c) ;; *) driver="$driver $source" ;; esac
    done
    {
        echo "builddir = $out"
        # shellcheck disable=SC2086 # the files are words on purpose
        program_write $out/fuzz6.o clang -fsanitize=fuzzer-no-link,address,undefined fuzz6 \
            kernel/*.c arch/host/*.c $driver tests/model/fuzz/fuzz.c
        # Of the same compiler: another may ask for two numbers of one expression in another order.
        program_write $out/model6.o clang -fsanitize=address,undefined model6 \
            kernel/*.c arch/host/*.c tests/model/*.c
    } >$out/build.ninja
    ninja -f $out/build.ninja "$@" >$out/build.log 2>&1 || {
        tail -n 30 $out/build.log
        exit 1
    }
}

if [ "$1" = --again ]; then
    build $out/model6
    exec $out/model6 bytes "$2"
fi

# Does it link? The library of the fuzzer is a package of its own.
command -v clang >/dev/null || {
    echo "fuzzing needs clang: apt-get install clang libclang-rt-dev" >&2
    exit 1
}
echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p == 0 && n != 0; }' |
    clang -fsanitize=fuzzer -x c - -o $out/try 2>$out/build.log || {
    echo "clang has no libFuzzer: apt-get install libclang-rt-dev ($out/build.log)" >&2
    exit 1
}
build $out/fuzz6 $out/model6

# The first time: bytes by chance, always the same, so that a run begins with whole systems.
if [ -z "$(ls $out/corpus)" ]; then
    python3 - $out/corpus <<'END'
import random, sys
random.seed(5)
for i in range(40):
    with open(f"{sys.argv[1]}/first-{i:02}", "wb") as f:
        f.write(random.randbytes(1000 + 100 * i))
END
fi

find $out -maxdepth 1 -name '*-*' -delete # of the last run: crash-..., timeout-...
code=0
$out/fuzz6 -max_total_time="$2" -max_len=6000 -len_control=0 -timeout=20 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix=$out/ $out/corpus >$out/log 2>&1 || code=$?

number() { # the last number after a word of the log, 0 if there is none
    found=$(grep -ao "$1[: ]*[0-9]*" $out/log | tail -n 1 | grep -o '[0-9]*$' || true)
    echo "${found:-0}"
}
echo "  $(number number_of_executed_units) executions, $(number steps) steps," \
    "$(number cov) edges covered, $(find $out/corpus -type f | wc -l) files in the corpus"
if [ $code = 0 ]; then
    echo "1 passed, 0 failed"
    exit 0
fi
grep -a '^difference: \|ERROR: \|runtime error' $out/log | head -n 3 || true
file=$(find $out -maxdepth 1 -name '*-*' | head -n 1)
if [ -n "$file" ]; then
    $out/model6 bytes "$file" | sed '$d' || true
else
    tail -n 20 $out/log
fi
echo "0 passed, 1 failed"
exit 5
