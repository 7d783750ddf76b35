#!/bin/sh
# run.sh [--steps N] [--seed S] [--full] - the kernel against the model.
#
#   kernel/*.c, arch/host/*.c (sanitizers, K5_CHECKS) + tests/model/*.c -> one program for each of
#   4, 6 and 8 tasks; each plays random systems until its share of N steps (1000000) is done.
#
# One test a system (about 600 steps), one for each thing that must have been reached, and one for
# each seeded bug of the kernel that must be noticed. --full: 10 million steps, more of the bugs.
# K5_SEED=n in the environment: that one system only; a difference is printed as a short trace.
# Exit codes: 0 all passed, 5 some failed, 1 does not build.
set -eu

out=.k5/model
steps=1000000
all=no
seed=0
while [ $# -gt 0 ]; do
    case $1 in
    --full) steps=10000000 all=yes ;;
    --steps | --seed)
        [ $# -ge 2 ] || { echo "$1 needs a number" >&2; exit 1; }
        case $2 in '' | *[!0-9]*) echo "$1 $2: not a number" >&2; exit 1 ;; esac
        if [ "$1" = --steps ]; then steps=$2; else seed=$2; fi
        shift
        ;;
    *) echo "usage: run.sh [--steps N] [--seed S] [--full]" >&2; exit 1 ;;
    esac
    shift
done

# Seeded bugs that the comparison must notice within a few systems: from proofs/mutants and our own.
mutants="token_stale equals_starve refill_early long_wrong_task irq_edge_lost mint_all_rights \
    delete_orphans revoked_caller_waits reset_keeps_others travel_over kept_told_nobody \
    loan_overlaps map_older_answer give_keeps_map give_crash_regains"
if [ $all = yes ]; then
    mutants="$mutants deadline_kept bits_starve_messages take_stays_queued activate_forgotten \
        long_length_lost irq_dead_driver move_shallow revoke_empty_place revoke_children_only \
        restart_keeps_received place_kept travel_untold travel_to_equals grant_answer_any \
        loan_read_only map_late_refusal map_deadline map_answer_to_new map_after_death sweep_slow \
        give_dead_keeps give_reborn_keeps give_derives"
fi

mkdir -p $out

ninja_head() {
    cat <<'END'
flags = -std=gnu11 -O1 -g -Wall -Wextra -Werror -fsanitize=address,undefined $
    -fno-sanitize-recover=all -DK5_CONFIG_MUTABLE -I. -Iarch/host -Itests/model
rule cc
  command = gcc -MMD -MF $out.d $flags $more -c $in -o $out
  depfile = $out.d
  deps = gcc
rule program
  command = gcc -fsanitize=address,undefined $in -o $out
END
    echo "builddir = $out"
}

# The program of one size; with a mutant's name, its file is taken from the mutant.
program_write() {
    # Slots an entry: 16, 24, 32 of 71, 103, 135; so a sweep takes some.
    more="-DK5_TASKS=$1 -DK5_SWEEP_SLOTS=$(($1 * 4)) -DK5_DEPTH_MAX=$(($1 - 1))"
    objects=
    for source in kernel/*.c arch/host/*.c tests/model/*.c; do
        object=$out/$1/$source.o
        if [ -n "${2-}" ] && [ -e "$out/$2/$source" ]; then
            object=$out/$2/$source.o
            echo "build $object: cc $out/$2/$source"
            echo "  more = $more -w"
        elif [ -z "${2-}" ]; then
            echo "build $object: cc $source"
            echo "  more = $more"
        fi
        objects="$objects $object"
    done
    echo "build $out/model$1${2-}: program$objects"
}

# A mutant names its file, one line (find) and another (replace).
mutant_write() {
    mutant=tests/model/mutants/$1.mutant
    [ -e "$mutant" ] || mutant=proofs/mutants/$1.mutant
    file=$(sed -n 's/^file: *//p' "$mutant")
    mkdir -p "$out/$1/$(dirname "$file")"
    find=$(sed -n 's/^find: //p' "$mutant") replace=$(sed -n 's/^replace: //p' "$mutant") \
        awk '{ at = done ? 0 : index($0, ENVIRON["find"]) }
             at > 0 { print substr($0, 1, at - 1) ENVIRON["replace"] \
                          substr($0, at + length(ENVIRON["find"])); done = 1; next }
             { print }
             END { exit !done }' "$file" >"$out/$1/$file.new" ||
        { echo "mutant $1 does not apply"; return 1; }
    cmp -s "$out/$1/$file.new" "$out/$1/$file" || mv "$out/$1/$file.new" "$out/$1/$file"
}

passed=0
failed=0

{
    ninja_head
    for size in 4 6 8; do
        program_write $size
    done
} >$out/build.ninja
if [ -z "${K5_SEED-}" ]; then
    for name in $mutants; do
        if mutant_write "$name"; then
            program_write 8 "$name" >>$out/build.ninja
        else
            failed=$((failed + 1))
        fi
    done
fi
ninja -f $out/build.ninja >$out/build.log 2>&1 || {
    cat $out/build.log
    exit 1
}

if [ -n "${K5_SEED-}" ]; then
    case $K5_SEED in *[!0-9]*) echo "K5_SEED=$K5_SEED: not a number" >&2; exit 1 ;; esac
    exec "$out/model$((4 + K5_SEED % 3 * 2))" life "$K5_SEED"
fi

# Two of the programs run side by side: one line a program: the log's name, the program, the
# seconds that it may take, its arguments. Its exit code is then in NAME.code.
plays_run() {
    # shellcheck disable=SC2016 # the inner shell expands it
    xargs -P 2 -L 1 sh -c 'name=$1 program=$2 seconds=$3; shift 3; code=0
        timeout "$seconds" "$0/$program" "$@" >"$0/$name.log" 2>&1 || code=$?
        echo $code >"$0/$name.code"' $out
}

# Seeds s, s + 3, ...: the size follows from the seed, so that a seed alone says which system.
{
    for i in 0 1 2; do
        size=$((4 + i * 2))
        echo "model$size model$size 7200 $((steps / 3)) $((seed + (i - seed % 3 + 3) % 3)) 3"
    done
    for name in $mutants; do
        [ ! -e "$out/model8$name" ] || echo "$name model8$name 60 150000 0 1 first"
    done
} >$out/plays
rm -f $out/*.code
plays_run <$out/plays

for size in 4 6 8; do
    log=$out/model$size.log
    code=$(cat "$out/model$size.code" || echo none)
    grep -v '^  cover' "$log" | sed '$d'
    tally=$(tail -n 1 "$log")
    case $tally in
    *' passed, '*' failed') ;;
    *) echo "model$size ended with code $code: $tally"; tally="0 passed, 1 failed" ;;
    esac
    good=${tally%% *}
    bad=${tally#*, }
    passed=$((passed + good))
    failed=$((failed + ${bad%% *}))
done

# What was reached, over all sizes. A walk that never gets there proves nothing about it.
sed -n 's/^  cover //p' $out/model[468].log |
    awk '{ n[$1] += $2 } END { for (name in n) print name, n[name] }' | sort >$out/cover
never=$(awk '$2 == 0 { print $1 }' $out/cover)
if [ "$steps" -ge 600000 ]; then
    passed=$((passed + $(awk '$2 > 0' $out/cover | wc -l)))
    for name in $never; do
        echo "  never reached: $name"
        failed=$((failed + 1))
    done
fi

for name in $mutants; do
    [ -e "$out/model8$name" ] || continue
    code=$(cat "$out/$name.code" || echo none)
    if [ "$code" = 5 ]; then
        passed=$((passed + 1))
    else
        echo "  the seeded bug $name was not noticed (code $code)"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ] || exit 5
