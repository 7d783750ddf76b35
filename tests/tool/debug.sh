#!/bin/sh
# debug.sh - `k5 debug` with a real gdb, against tests/tool/debug/expected.txt; what is refused; a
# second gdb at the port of --server. `debug.sh --accept` takes what gdb said today; read it first.
#
# Addresses, times and frame arguments depend on the compiler and on the machine's clock, and a
# function that was made part of its caller is a frame of its own or not: these are made equal.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make debugtest
app=examples/02_coldchain
here=tests/tool/debug
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

expect 2 'no number from 1 to 65535' debug $app --port 65536
expect 2 'no number from 1 to 65535' debug $app --port 12x
expect 2 'there is no file nothing.gdb' debug $app --batch nothing.gdb
expect 2 'takes no --batch' debug $app --server --batch $here/session.gdb
expect 2 'one app at a time' debug $app $app
expect 2 'unknown option' debug $app --nonsense
expect 2 'app.toml' debug "$out"

# Without gdb: said before anything is built.
mkdir "$out/path"
code=0
(PATH=$out/path exec "$k5" debug $app) >"$out/output" 2>&1 </dev/null || code=$?
if [ $code = 3 ] && grep -q 'gdb-multiarch is not installed' "$out/output"; then
    good
else
    bad "without gdb: exit code $code"
fi

if ! command -v gdb-multiarch >/dev/null; then
    skip 6 "gdb-multiarch is not here"
    finish
fi

# ---- a session ----
simplify() {
    sed -n '/^threads in/,/^\[Inferior/p' "$1" | sed -f $here/simplify.sed | uniq
}
# On a busy machine the board's alarm may come between two steps of gdb: then once more.
for again in 1 2 3; do
    code=0
    timeout 60 "$k5" debug $app --batch $here/session.gdb >"$out/output" 2>&1 </dev/null || code=$?
    simplify "$out/output" >"$out/simple"
    if [ "${1-}" = --accept ] || cmp -s $here/expected.txt "$out/simple"; then
        break
    fi
done
[ "${1-}" != --accept ] || cp "$out/simple" $here/expected.txt
if [ $code = 0 ] && diff -u $here/expected.txt "$out/simple"; then
    good
else
    bad "the session (exit code $code)"
fi

# ---- Ctrl-C ----
if timeout 90 python3 $here/interrupt.py "$k5" $app >"$out/output" 2>&1; then
    good
else
    bad "Ctrl-C on a terminal"
fi

# ---- any gdb, at a port ----
"$k5" debug $app --server --port 3391 >"$out/output" 2>&1 </dev/null &
server=$!
for wait in 1 2 3 4 5 6 7 8 9 10; do
    grep -q 'target remote 127.0.0.1:3391' "$out/output" && break
    sleep 0.5
done
script=$(sed -n 's/.* -x \([^ ]*\) -ex .*/\1/p' "$out/output")
for again in first second; do
    timeout 60 gdb-multiarch -nx -q -batch -x "${script:-none}" -ex 'target remote 127.0.0.1:3391' \
        -ex 'monitor info status' -ex 'info threads' >"$out/gdb" 2>&1 </dev/null || true
    grep -q '"storage" (' "$out/gdb" && grep -q '^VM status: paused' "$out/gdb" && good ||
        bad "the $again gdb at the port: $(cat "$out/gdb")"
done
expect 3 'cannot listen on 127.0.0.1:3391' debug $app --server --port 3391
kill "$server"
code=0
wait "$server" || code=$?
server=
[ $code = 0 ] && good || bad "the server ended with code $code"

finish
