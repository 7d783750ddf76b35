#!/bin/sh
# test.sh - `k5 test` in a folder of a user, outside of K5: toy apps that pass, and that fail in
# several ways. Starts in the root of the project.
set -eu
k5=$PWD/.k5/bin/k5
out=$(mktemp -d)
passed=0
failed=0
trap 'rm -rf "$out"' EXIT
K5_ROOT=$PWD
export K5_ROOT

good() {
    passed=$((passed + 1))
}

bad() {
    failed=$((failed + 1))
    echo "FAILED: $*"
}

# expect CODE ARGUMENT...: `k5 test ARGUMENT...` ends with this code; its output is in $out/output.
expect() {
    code=$1
    shift
    got=0
    "$k5" test "$@" >"$out/output" 2>&1 </dev/null || got=$?
    [ $got = "$code" ] && good || {
        bad "k5 test $*: exit code $got, not $code"
        cat "$out/output"
    }
}

# says TEXT: it is in the last output.
says() {
    grep -qF -- "$1" "$out/output" && good || {
        bad "no \"$1\" in"
        cat "$out/output"
    }
}

# toy NAME: an app that counts to three, with what stands on stdin as the end of its app.toml.
toy() {
    mkdir -p "$out/user/$1"
    cat >"$out/user/$1/main.c" <<'END'
/* Counts to three. */
#include <k5/k5.h>

#include "app.h"

int main(void)
{
    for (int i = 1; i <= 3; i++) {
        K5_INFO("count {} <&> \"{}\"", i, "\x01\xFF");
        k5_sleep(K5_MS(10));
    }
    k5_sleep(K5_FOREVER - 1u);
    return 0;
}
END
    cat - >"$out/user/$1/app.toml" <<END
[app]
name  = "$(basename "$1")"
board = "mps2-an505"

[task.counter]
source   = ["main.c"]
priority = 10
stack    = "1K"

[task.logger]
use      = "logger"
priority = 20
stack    = "1K"
uses     = ["uart0", "log"]

$(cat -)
END
}

# An app of a user is no part of K5's tree: the same binary, another place to stand.
toy a_good <<'END'
[test]
for    = "100 ms"
expect = ["count 1", "count 2", "count 3"]
END
toy b_missing <<'END'
[test]
for    = "100 ms"
expect = ["count 1", "count 4", "count 3"]
END
toy group/c_order <<'END'
  [test]
for    = "100 ms"
expect = ["count 2", "count 1"]
END
toy group/d_forbidden <<'END'
[test]
for    = "100 ms"
expect = ["count 3"]
forbid = ["count 2"]
END
toy e_golden <<'END'
[test]
for    = "100 ms"
expect = ["count 3"]
END
toy f_no_test </dev/null
toy g_config <<'END'
[test]
for    = 100
END
mkdir "$out/user/h_empty"
cd "$out/user"
cp a_good/main.c e_golden/ # the same; what it should log is not
cat >e_golden/expected.txt <<'END'
INFO  kernel   boot: 2 tasks, clock 20000 kHz, build *
INFO  counter  count one
END

expect 0 --list
printf '%s\n' a_good b_missing e_golden g_config group/c_order group/d_forbidden >"$out/list"
cmp -s "$out/output" "$out/list" && good || bad "--list: $(cat "$out/output")"
expect 0 --list group/
[ "$(head -n 1 "$out/output")" = group/c_order ] && good || bad "--list group/"
expect 0 --list --filter group
[ "$(wc -l <"$out/output")" = 2 ] && good || bad "--filter group"

expect 5 --junit "$out/junit.xml" -j 2
says "1 passed, 5 failed"
says "6 tests in"
names=$(awk '$1 == "test" { printf "%s ", $2 }' "$out/output")
[ "$names" = "a_good b_missing e_golden g_config c_order d_forbidden " ] && good ||
    bad "order of the output: $names"
says 'no line had "count 4" within 100 ms (text 2 of 3 in expect)'
says 'after "count 1", the line marked with > below'
grep -q '^    > .*count 1' "$out/output" && good || bad "the last line that was right is not marked"
says 'no line had "count 1" within 100 ms (text 2 of 2 in expect)'
says "it came before that"
says 'a line has "count 2", which is forbidden'
says "line 2 differs from expected.txt"
says "- INFO  counter  count one"
grep -q '^    + INFO  counter  count 1' "$out/output" && good || bad "what came instead"
says "it does not build (exit code 2)"
says "for needs a unit"
python3 - "$out/junit.xml" <<'END' && good || bad "the JUnit file"
import sys
import xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot().find("testsuite")
cases = {c.get("name"): c for c in suite.findall("testcase")}
assert suite.get("tests") == "6" and suite.get("failures") == "5", suite.attrib
assert suite.get("errors") == "0" and float(suite.get("time")) > 0, suite.attrib
assert list(cases) == ["a_good", "b_missing", "e_golden", "g_config", "c_order", "d_forbidden"]
assert cases["a_good"].find("failure") is None and float(cases["a_good"].get("time")) > 0
assert cases["c_order"].get("classname") == "group/c_order"
failure = cases["b_missing"].find("failure")
assert 'no line had "count 4"' in failure.get("message") and "count 2 <&>" in failure.text
END

# One after the other it is the same; a folder of its own, or above; the place where one stands.
cp "$out/output" "$out/side"
expect 5 -j 1
sed 's/ *[0-9.]* s$//' "$out/side" >"$out/a"
sed 's/ *[0-9.]* s$//' "$out/output" >"$out/b"
cmp -s "$out/a" "$out/b" && good || bad "-j 1 and -j 2 say different things"
expect 5 group
says "0 passed, 2 failed"
cd a_good
expect 0
says "a_good"
says "1 passed, 0 failed"
cd ..
expect 0 "$out/user/a_good" --profile release
rm e_golden/expected.txt
expect 0 e_golden --golden
grep -q "counter  count 1" e_golden/expected.txt && good || bad "--golden wrote no log"
expect 0 e_golden

# A machine that is busy with other things ends no test: the emulator stands still for longer than
# the test has, and the test passes.
toy i_busy <<'END'
[test]
for    = "3 s"
expect = ["count 1", "done"]
END
busy='while (k5_time() < K5_MS(2500)) {}'
sed -i -e 's/^    return 0;/    K5_INFO("done");/' -e "s/k5_sleep(K5_FOREVER - 1u)/$busy/" \
    i_busy/main.c
"$k5" build i_busy --profile debug >/dev/null
"$k5" test i_busy >"$out/output" 2>&1 &
tester=$!
qemu=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    worker=$(pgrep -P $tester || true)
    [ -z "$worker" ] || qemu=$(pgrep -P "$worker" qemu || true)
    [ -z "$qemu" ] || break
    sleep 0.1
done
[ -n "$qemu" ] && kill -STOP "$qemu" && sleep 5.5 && kill -CONT "$qemu" && good ||
    bad "no emulator to stop"
wait $tester && good || bad "a test that had no processor for a while failed: $(cat "$out/output")"
says "1 passed, 0 failed"

# What cannot be asked for.
expect 2 nowhere
says "nowhere: there is no such folder"
expect 2 f_no_test
says "f_no_test: its app.toml has no [test]"
expect 2 h_empty
says "h_empty: no app with [test] is here or below"
expect 2 a_good/main.c
says "name the folder, not the file"
expect 2 --filter xyzzy
says 'no test has "xyzzy" in its path'
expect 2 -j 0
says '-j "0" is no number from 1 to 64'
expect 2 -j
expect 2 --profile relase
says 'there is no profile "relase"'
expect 2 a_good --junit "$out/no/where.xml"
says "cannot be written"
cd h_empty
expect 2
says "no test is here or below"
PATH=/nowhere expect 3 ../a_good
says "is not there"

echo "$passed passed, $failed failed"
[ $failed = 0 ] || exit 5
