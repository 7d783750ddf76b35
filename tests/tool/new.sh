#!/bin/sh
# new.sh - `k5 new` outside of the repository: the project builds, runs and passes its test there;
# what is wrong is refused, and nothing is written over.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
k5=$root/k5 # as a user starts it
out_make_outside

mkdir "$out/it's here"
cd "$out/it's here"
expect 0 'project "hello" builds against' new hello
expect_of 0 'name  = "hello"' cat hello/app.toml
expect_of 1 "" grep -rqw starter hello
cd hello
expect_of 0 "hello for mps2-an505" ./k5 build
expect_of 0 "the sum is 3" ./k5 run --for 300ms
expect_of 0 "1 passed, 0 failed" ./k5 test
expect_of 2 "unknown verb" ./k5 biuld
expect_of 3 "no K5 repository in /nowhere" env K5_ROOT=/nowhere ./k5 build
expect_of 3 "hint: K5_ROOT=" env K5_ROOT=/nowhere ./k5 build
expect_of 0 "hello for" env K5_ROOT="$root" ./k5 build

# A ready-made task, from outside; and the supervisor's restart of a task that returns.
cat >>app.toml <<'END'
[task.super]
use        = "supervisor"
priority   = 18
period     = "10 ms"
stack      = "1K"
supervises = ["server"]
END
expect_of 0 "super -> restart server" ./k5 build
sed -i 's/use        = "supervisor"/use = "supervisro"/' app.toml
expect_of 2 'did you mean "supervisor"?' ./k5 build

cd ..
before=$(find . -type f -not -path '*/build/*' -exec cksum {} + | sort)
expect 2 "is not empty" new hello
expect 2 "is not empty" new hello/
touch file
expect 2 "is no folder" new file
ln -s nowhere link
expect 2 "is no folder" new link
expect 2 "does not exist" new no/such
for name in "my app" 'a"b' "1st" "-x" "ä" "" "a23456789012345678901234567890123"; do
    expect 2 "is no name for a project" new fresh "--name=$name"
done
expect 2 "name one folder" new
expect 2 "name one folder" new a b
expect 2 "name one folder" new ""
expect 2 "unknown option" new fresh --nmae x
rm file link
after=$(find . -type f -not -path '*/build/*' -exec cksum {} + | sort)
expect_of 0 "" [ "$before" = "$after" ]
expect_of 0 "" [ ! -e fresh ]
mkdir dot
cd dot
expect 0 'project "dot"' new .
expect 0 'project "other"' new ../third --name other
expect_of 0 'name  = "other"' cat ../third/app.toml
finish
