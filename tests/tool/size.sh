#!/bin/sh
# size.sh - `k5 size`, and the bound of stacks that a build checks: programs whose need is known by
# construction, ones that have no bound, a measured run, a revision before.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make_outside

# The texts here are patterns; also of the whole as one line, for long ones are broken.
text_found() {
    grep -qE -- "$1" "$out/output" || tr -s '\n ' ' ' <"$out/output" | grep -qE -- "$1"
}

# true_of WHAT PYTHON-EXPRESSION: of the tasks `t` and rows `r` by name in the JSON of `k5 size`.
true_of() {
    check "$1" python3 -c "
import json, sys
rows = json.load(open('$out/json'))['sizes']
r = {row['name']: row for row in rows}
t = {name: row for name, row in r.items() if name != 'kernel'}
sys.exit(0 if $2 else rows)"
}

# An app in $app; its work() is what program() writes.
app_make() {
    app=$out/app
    mkdir -p "$app/t"
    cat >"$app/app.toml" <<'END'
[app]
name  = "sizes"
board = "mps2-an505"

[task.one]
source   = ["t/*.c"]
priority = 10
stack    = "1K"
#waive

[task.logger]
use      = "logger"
priority = 20
stack    = "1K"
uses     = ["uart0", "log"]
END
}

program() { # the body of work(), and what stands before it
    cat >"$app/t/main.c" <<END
#include <k5/k5.h>
#include <alloca.h>
#include <stdio.h>
#include <string.h>
#include "app.h"
int work(int n);
extern volatile int sink;
volatile int sink;
#define USE(place) __asm__ volatile("" : : "r"(place) : "memory")
${2-}
__attribute__((noinline, noclone)) int work(int n) { $1 }
int main(void) { sink = work(7); for (;;) { k5_sleep(K5_MS(10)); } }
END
}

needs_test() {
    app_make
    program "char room[600]; memset(room, n, sizeof room); USE(room); return n;"
    expect 0 "^  one .* 6[0-9][0-9]$" size "$app"
    expect 0 "k5_start [0-9]+ > main [0-9]+ > work 6[0-9][0-9]" size "$app"
    "$k5" size "$app" --measure 200ms --json >"$out/json"
    true_of "measured within the bound" "all(0 < v['measured'] <= v['need'] for v in t.values())"
    true_of "and near it, for it is used" "t['one']['measured'] >= 600"
    true_of "what is a bound is said to be one" "all(v['need_is_bound'] for v in t.values())"
    arm-none-eabi-size -A "$app/build/mps2-an505/release/one.elf" |
        awk '$1 == ".text" { print $2 }' >"$out/text"
    true_of "code and constants are the text" \
        "t['one']['code'] + t['one']['constants'] == $(cat "$out/text")"

    program "char room[1300]; memset(room, n, sizeof room); USE(room); return n;"
    expect 2 'app.toml:8:12: error: task "one" may need 1[34][0-9]+ bytes of stack' build "$app"
    expect 2 'main [0-9]+ > work 13[0-9]+' build "$app"
    sed -i 's/#waive/waive = { stack = "never called with more" }/' "$app/app.toml"
    expect 0 "waived stack of one: never called with more" build "$app"
    program "return n + sink;"
    expect 2 'nothing to waive: it needs [0-9]+ bytes of its stack at most' build "$app"
    sed -i 's/^waive/#waive/' "$app/app.toml"
}

bounds_test() {
    app_make
    # A pointer may go to each function whose address is taken: 400 bytes, not 40.
    program "if (n > sink) { at = big; } return at(n);" '
static int small(int n) { char room[40]; USE(room); return n; }
static int big(int n) { char room[400]; USE(room); return n; }
static int (*volatile at)(int) = small;
'
    expect 0 ">> big 4[0-9][0-9]" size "$app"
    expect 0 "^  one .* [45][0-9][0-9]$" size "$app"

    program "char room[300]; USE(room); return n <= sink ? n : work(n - 1) + room[n & 7];"
    expect 0 "no bound: recursion: work > work" size "$app"
    expect 0 "main [0-9]+ > work 3[0-9]+; no bound" size "$app" # each function once
    program "int r = n <= sink ? n : other(n - 1); USE(&r); return r;" \
        "__attribute__((noinline)) static int other(int n) { return work(n - 2) + sink; }"
    expect 0 "no bound: recursion: .*(work > other|other > work)" size "$app"
    program "char *room = alloca((size_t)n); memset(room, n, (size_t)n); USE(room); return n;"
    expect 0 "no bound: work has a frame of variable size" size "$app"
    program '__asm__ volatile("mov sp, %0" : : "r"(n)); return n;'
    expect 0 "no bound: (work|main) has a frame of variable size" size "$app"
    program 'char text[20]; snprintf(text, sizeof text, "%d", n); USE(text); return n;'
    expect 0 "snprintf [0-9]+ > .*vfprintf [0-9]+" size "$app"
}

revisions_test() {
    app_make
    program "return n;"
    # Since a revision; the work tree of the repository stays as it was.
    cd "$app"
    expect 2 "is in no git repository" size --diff HEAD
    program "char room[600]; memset(room, n, sizeof room); USE(room); return n;"
    printf 'build/\n' >.gitignore
    git init -q .
    git add -A
    git -c user.name=a -c user.email=a@b commit -qm one
    expect 0 "  nothing changed" size --diff HEAD
    program "char room[700]; memset(room, n, sizeof room); USE(room); return n * 77;"
    expect 0 "^  one .*need [0-9]+ -> [0-9]+ \(\+1[0-9][0-9]\)" size --diff HEAD
    expect 0 "flash [+][0-9]+, ram [+]0" size --diff HEAD
    sed -i 's/task.one/task.other/' app.toml
    expect 0 "other +is new: .*stack 0 -> 1024" size --diff HEAD
    expect 0 "one +is gone: .*stack 1024 -> 0" size --diff HEAD
    sed -i 's/task.other/task.one/' app.toml
    expect 0 '"since": "[0-9a-f]+"' size --diff HEAD --json
    cp "$out/output" "$out/json"
    true_of "--diff --json is JSON" "True"
    expect 2 'no revision "nonesuch"' size --diff nonesuch
    expect 2 'no revision "--help"' size --diff=--help
    check "no worktree is left" [ "$(git worktree list | wc -l)" = 1 ]
    echo "broken" >t/main.c
    git -c user.name=a -c user.email=a@b commit -qam broken
    program "return n;"
    expect 1 "was not built" size --diff HEAD
    expect 2 "one app at a time" size a b
    expect 2 "is no time" size --measure 5x
    expect 2 "unknown option" size --measure
}

part revisions revisions_test
needs_test
bounds_test
parts_end
finish
