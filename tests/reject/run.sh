#!/bin/sh
# Every app here has one mistake: `k5 build` must refuse it with exit code 2 and exactly the message
# in expected.txt (or in another expected*.txt: what another version of the TOML parser says).
# A file `exit` holds another exit code. `run.sh --accept` writes what the tool says now; read the
# difference before committing.
set -u
cd "$(dirname "$0")/../.." || exit 1
k5=${K5:-./k5}
passed=0
failed=0
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT
for dir in tests/reject/*/; do
    name=$(basename "$dir")
    $k5 build "tests/reject/$name" >"$actual" 2>&1
    code=$?
    [ "${1-}" != --accept ] || cp "$actual" "$dir/expected.txt"
    same=0
    for expected in "$dir"/expected*.txt; do
        cmp -s "$actual" "$expected" && same=1
    done
    wanted=2
    [ ! -e "$dir/exit" ] || wanted=$(cat "$dir/exit")
    if [ $code -eq "$wanted" ] && [ $same -eq 1 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name (exit code $code)"
        diff -u "$dir/expected.txt" "$actual"
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
