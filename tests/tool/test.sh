#!/bin/sh
# test.sh - `k5 test` in a folder of a user, outside of K5: toy apps that pass, and that fail in
# several ways.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make_outside
K5_ROOT=$root
export K5_ROOT

# test_ends CODE ARGUMENT...: `k5 test ARGUMENT...` ends with this code.
test_ends() {
    wanted=$1
    shift
    expect "$wanted" "" test "$@"
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

# A machine that is busy with other things ends no test: the emulator stands still for longer than
# the test has, its grace (2 s) included, and the test passes. Who stops it begins with it, and
# looks at what it has done, so that it does not matter how busy this machine is.
busy_test() {
    toy i_busy <<'END'
[test]
for    = "1 s"
expect = ["count 1", "done"]
END
    busy='while (k5_time() < K5_MS(900)) { for (volatile int i = 0; i < 5000; i++) {} }'
    sed -i -e 's/^    return 0;/    K5_INFO("done");/' -e "s/k5_sleep(K5_FOREVER - 1u)/$busy/" \
        "$out/user/i_busy/main.c"
    mkdir "$out/bin"
    cat >"$out/bin/qemu-system-arm" <<END
#!/bin/sh
# It has begun when it has used 20 ms of a processor (fields 14 and 15), and may end at any time.
(
    while read -r line 2>/dev/null </proc/\$\$/stat; do
        set -- \${line##*) }
        if [ \$((\${12} + \${13})) -ge 2 ] && [ "\$1" != Z ]; then
            kill -STOP \$\$ && sleep 3.5 && kill -CONT \$\$ && touch "$out/stopped"
            break
        fi
    done
) >/dev/null 2>&1 &
exec $(command -v qemu-system-arm) "\$@"
END
    chmod +x "$out/bin/qemu-system-arm"
    expect_of 0 "1 passed, 0 failed" env PATH="$out/bin:$PATH" "$k5" test "$out/user/i_busy"
    if [ -e "$out/stopped" ]; then
        good
    else
        skip 1 "the emulator had ended before it could be stopped"
    fi
}

part busy busy_test

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

test_ends 0 --list
printf '%s\n' a_good b_missing e_golden g_config group/c_order group/d_forbidden >"$out/list"
check "--list" diff "$out/list" "$out/output"
test_ends 0 --list group/
check "--list group/" [ "$(head -n 1 "$out/output")" = group/c_order ]
test_ends 0 --list --filter group
check "--filter group" [ "$(wc -l <"$out/output")" = 2 ]

test_ends 5 --junit "$out/junit.xml" -j 2
says "1 passed, 5 failed"
says "6 tests in"
names=$(awk '$1 == "test" { printf "%s ", $2 }' "$out/output")
check "order of the output: $names" \
    [ "$names" = "a_good b_missing e_golden g_config c_order d_forbidden " ]
says 'no line had "count 4" within 100 ms (text 2 of 3 in expect)'
says 'after "count 1", the line marked with > below'
check "the last line that was right is marked" grep '^    > .*count 1' "$out/output"
says 'no line had "count 1" within 100 ms (text 2 of 2 in expect)'
says "it came before that"
says 'a line has "count 2", which is forbidden'
says "line 2 differs from expected.txt"
says "- INFO  counter  count one"
check "what came instead" grep '^    + INFO  counter  count 1' "$out/output"
says "it does not build (exit code 2)"
says "for needs a unit"
check "the JUnit file" python3 - "$out/junit.xml" <<'END'
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
test_ends 5 -j 1
sed 's/ *[0-9.]* s$//' "$out/side" >"$out/a"
sed 's/ *[0-9.]* s$//' "$out/output" >"$out/b"
check "-j 1 and -j 2 say the same" diff "$out/b" "$out/a"
test_ends 5 group
says "0 passed, 2 failed"
cd a_good
test_ends 0
says "a_good"
says "1 passed, 0 failed"
cd ..
test_ends 0 "$out/user/a_good" --profile release
rm e_golden/expected.txt
test_ends 0 e_golden --golden
check "--golden wrote a log" grep "counter  count 1" e_golden/expected.txt
test_ends 0 e_golden

# What cannot be asked for.
test_ends 2 nowhere
says "nowhere: there is no such folder"
test_ends 2 f_no_test
says "f_no_test: its app.toml has no [test]"
test_ends 2 h_empty
says "h_empty: no app with [test] is here or below"
test_ends 2 a_good/main.c
says "name the folder, not the file"
test_ends 2 --filter xyzzy
says 'no test has "xyzzy" in its path'
test_ends 2 -j 0
says '-j "0" is no number from 1 to 64'
test_ends 2 -j
test_ends 2 --profile relase
says 'there is no profile "relase"'
test_ends 2 a_good --junit "$out/no/where.xml"
says "cannot be written"
cd h_empty
test_ends 2
says "no test is here or below"
expect_of 3 "" env PATH=/nowhere "$k5" test ../a_good
says "is not there"

parts_end
finish
