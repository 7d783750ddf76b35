#!/bin/sh
# input.sh - typing into the emulated board's second serial line, and what comes back.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make input
app=examples/05_uart
printf 'hello\nadd 40 2\n' >"$out/typed"

expect 2 "no task uses the board's second serial line" run examples/01_hello --input "$out/typed"
says 'give a task uses = ["uart1"]'
expect 2 "--input: $out/nowhere: No such file" run $app --input "$out/nowhere"
expect 0 "LINE  uart1    hello to you" run $app --for 1s --input "$out/typed"
says "line 2: add 40 2"
says "LINE  uart1    42"

# As it comes: the second line is typed when the first was answered.
code=0
(cat "$out/typed" && sleep 1 && echo status) |
    "$k5" run $app --for 3s --input - >"$out/output" 2>&1 || code=$?
check "a run with our own input ends well" test $code = 0
says "LINE  uart1    2 lines so far"

code=0
"$k5" run $app --for 1s --json --input "$out/typed" >"$out/lines.json" || code=$?
check "a run as JSON ends well" test $code = 0
cp "$out/lines.json" "$out/output"
says '"type": "serial", "device": "uart1", "text": "42"'

# A test that types where nobody listens, and one that waits for what nobody says.
mkdir "$out/deaf" "$out/mute"
cp -r examples/01_hello/tasks "$out/deaf"
sed '/^\[test\]/,$d' examples/01_hello/app.toml >"$out/deaf/app.toml"
printf '[test]\nfor = "1 s"\ninput = "hello\\n"\nexpect = ["pong answered 1"]\n' \
    >>"$out/deaf/app.toml"
expect 5 "no task uses the board's second serial line (uart1)" test "$out/deaf"
cp -r $app/tasks "$out/mute"
sed '/^\[test\]/,$d' $app/app.toml >"$out/mute/app.toml"
printf '[test]\nfor = "1 s"\ninput = "hello\\n"\noutput = ["good bye"]\n' >>"$out/mute/app.toml"
expect 5 'uart1 did not say "good bye" (text 1 of 1 in output)' test "$out/mute"
finish
