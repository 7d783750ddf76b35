#!/bin/sh
# new.sh - `k5 new` outside of the repository: the project builds, runs and passes its test there;
# what is wrong is refused, and nothing is written over. Starts in the project's root.
set -eu
k5=$PWD/k5
root=$PWD
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0
failed=0

# expect CODE TEXT COMMAND...: it ends with this code, and this text is in what it prints.
expect() {
    code=$1
    text=$2
    shift 2
    got=0
    "$@" >"$out/output" 2>&1 </dev/null || got=$?
    if [ $got = "$code" ] && { [ -z "$text" ] || grep -qF -- "$text" "$out/output"; }; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $*: exit code $got, not $code, or no \"$text\""
        cat "$out/output"
    fi
}

mkdir "$out/it's here"
cd "$out/it's here"
expect 0 'project "hello" builds against' "$k5" new hello
expect 0 'name  = "hello"' cat hello/app.toml
expect 1 "" grep -rqw starter hello
cd hello
expect 0 "hello for mps2-an505" ./k5 build
expect 0 "the sum is 3" ./k5 run --for 300ms
expect 0 "1 passed, 0 failed" ./k5 test
expect 2 "unknown verb" ./k5 biuld
expect 3 "no K5 repository in /nowhere" env K5_ROOT=/nowhere ./k5 build
expect 3 "hint: K5_ROOT=" env K5_ROOT=/nowhere ./k5 build
expect 0 "hello for" env K5_ROOT="$root" ./k5 build

# A ready-made task, from outside; and the supervisor's restart of a task that returns.
cat >>app.toml <<'END'
[task.super]
use        = "supervisor"
priority   = 18
period     = "10 ms"
stack      = "1K"
supervises = ["server"]
END
expect 0 "super -> restart server" ./k5 build
sed -i 's/use        = "supervisor"/use = "supervisro"/' app.toml
expect 2 'did you mean "supervisor"?' ./k5 build

cd ..
before=$(find . -type f -not -path '*/build/*' -exec cksum {} + | sort)
expect 2 "is not empty" "$k5" new hello
expect 2 "is not empty" "$k5" new hello/
touch file
expect 2 "is no folder" "$k5" new file
ln -s nowhere link
expect 2 "is no folder" "$k5" new link
expect 2 "does not exist" "$k5" new no/such
for name in "my app" 'a"b' "1st" "-x" "ä" "" "a23456789012345678901234567890123"; do
    expect 2 "is no name for a project" "$k5" new fresh "--name=$name"
done
expect 2 "name one folder" "$k5" new
expect 2 "name one folder" "$k5" new a b
expect 2 "name one folder" "$k5" new ""
expect 2 "unknown option" "$k5" new fresh --nmae x
rm file link
after=$(find . -type f -not -path '*/build/*' -exec cksum {} + | sort)
expect 0 "" [ "$before" = "$after" ]
expect 0 "" [ ! -e fresh ]
mkdir dot
cd dot
expect 0 'project "dot"' "$k5" new .
expect 0 'project "other"' "$k5" new ../third --name other
expect 0 'name  = "other"' cat ../third/app.toml
echo "$passed passed, $failed failed"
[ $failed = 0 ]
