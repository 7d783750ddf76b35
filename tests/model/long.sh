#!/bin/sh
# long.sh [--steps N] [--seed S] - the kernel against the model for long: optimised, without the
# sanitizers, one program after the other on one core.
#
# In rounds of a million steps each for 4, 6 and 8 tasks until N steps (100 million) are done. The
# first line says what runs (commit, SHA-256 of each program), then one line a round with the sum;
# at the end, or at the first difference, `N passed, N failed` (systems). The file
# .k5/long/record keeps it. A round that differs is played again by
# K5_SEED=n sh tests/model/run.sh.
# Exit codes: 0 no difference, 5 differences, 1 does not build.
set -eu

out=.k5/long
wanted=100000000
seed=1
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || { echo "usage: long.sh [--steps N] [--seed S]" >&2; exit 1; }
    case $2 in '' | *[!0-9]*) echo "$1 $2: not a number" >&2; exit 1 ;; esac
    case $1 in
    --steps) wanted=$2 ;;
    --seed) seed=$2 ;;
    *) echo "usage: long.sh [--steps N] [--seed S]" >&2; exit 1 ;;
    esac
    shift 2
done

mkdir -p $out
for size in 4 6 8; do
    gcc -std=gnu11 -O2 -DK5_CONFIG_MUTABLE -DK5_TASKS=$size -DK5_SWEEP_SLOTS=$((size * 4)) \
        -DK5_DEPTH_MAX=$((size - 1)) -I. -Iarch/host -Itests/model \
        kernel/*.c arch/host/*.c tests/model/*.c -o $out/model$size || exit 1
done

say() {
    echo "$*" | tee -a $out/record
}

: >$out/record
say "commit $(git rev-parse HEAD), seed $seed"
for size in 4 6 8; do
    say "model$size $(sha256sum <$out/model$size | cut -d ' ' -f 1)"
done

steps=0
passed=0
failed=0
while [ $steps -lt "$wanted" ] && [ $failed = 0 ]; do
    for size in 4 6 8; do
        # The seeds of a size leave the same rest modulo 3, as run.sh has it.
        rest=$(((size - 4) / 2))
        from=$((seed - seed % 3 + 3 + rest))
        $out/model$size 1000000 $from 3 >$out/model$size.log || true
        done=$(sed -n 's/.* tasks: \([0-9]*\) steps.*/\1/p' $out/model$size.log)
        tally=$(tail -n 1 $out/model$size.log)
        steps=$((steps + done))
        passed=$((passed + ${tally%% *}))
        tally=${tally#*, }
        failed=$((failed + ${tally%% *}))
        [ "${tally%% *}" = 0 ] || sed -n '/^  seed/,$p' $out/model$size.log
    done
    seed=$((seed + 30000))
    say "$steps steps, $passed systems, $failed differences"
done
echo "$passed passed, $failed failed" | tee -a $out/record
[ $failed = 0 ] || exit 5
