#!/bin/sh
# run.sh - the command line of the tool, and the proof runner on a toy project where each proof and
# each mutant says in its name what must become of it. Starts in the root of the project.
set -eu
k5=$PWD/.k5/bin/k5
out=$PWD/.k5/tooltest
passed=0
failed=0
rm -rf "$out"
mkdir -p "$out"

good() {
    passed=$((passed + 1))
}

bad() {
    failed=$((failed + 1))
    echo "FAILED: $*"
}

# expect CODE TEXT ARGUMENT...: the tool ends with this code, and this text is in what it prints.
expect() {
    code=$1
    text=$2
    shift 2
    got=0
    "$k5" "$@" >"$out/output" 2>&1 </dev/null || got=$?
    if [ $got != "$code" ]; then
        bad "k5 $*: exit code $got, not $code"
        cat "$out/output"
    elif ! grep -qF -- "$text" "$out/output"; then
        bad "k5 $*: \"$text\" is not in what it printed"
        cat "$out/output"
    else
        good
    fi
}

expect 0 "usage: k5 VERB" --help
expect 2 "usage: k5 VERB"
expect 0 "k5 0." --version
expect 2 'unknown verb "biuld": did you mean "build"?' biuld
expect 2 'unknown verb "xyzzy"' xyzzy
expect 2 'unknown option "--verbose"' --verbose run
for verb in build run demo test check prove doctor help; do
    expect 0 "usage: k5 $verb" help $verb
    expect 0 "usage: k5 $verb" $verb --help
done
expect 2 'did you mean "prove"?' help proove
expect 2 "one verb at a time" help run build
expect 2 'unexpected "now"' doctor now
expect 2 'no step has "xyzzy" in its name' check --filter xyzzy
expect 2 "k5 help check" check --nonsense
expect 0 "hostile tasks" check --list
for verb in build run; do # the profile is checked for every verb that builds
    expect 2 'there is no profile "relase"' $verb examples/01_hello --profile relase
done
expect 5 'there is no profile "relase"' test examples/01_hello --profile relase
expect 0 "system reset" build examples/02_coldchain # on-assert is left out there

# The toy project has its own root and its own .k5, with the project's CBMC.
cp -r tests/tool/toy "$out/toy"
mkdir -p "$out/toy/.k5"
[ ! -e .k5/cbmc ] || ln -s "$PWD/.k5/cbmc" "$out/toy/.k5/cbmc"
K5_ROOT=$out/toy
export K5_ROOT

expect 5 "4 passed, 14 failed" prove --full
cp "$out/output" "$out/prove"
names=$( (awk '$1 == "proof" { print $2 }' $K5_ROOT/proofs/suite.txt
    ls $K5_ROOT/proofs/mutants | sed 's/.mutant//') | sort)
for name in $names; do
    line=$(grep -E "^  (prove|twin|mutant) +$name +" "$out/prove" || echo none)
    case $name,$line in
    ok_*proved* | ok_*"as it must"* | ok_*caught*) good ;;
    bad_*FAILED* | bad_*TIME-OUT*) good ;;
    *) bad "prove $name: $line" ;;
    esac
done

# What was good is not run again while nothing that it is made of changes; a comment is nothing.
expect 0 "cached" prove ok_good
echo "/* a comment */" >>$K5_ROOT/kernel/add.c
expect 0 "cached" prove ok_good
expect 0 "2 passed, 0 failed" prove ok_good ok_twin
echo "unsigned more;" >>$K5_ROOT/kernel/add.c
expect 0 "1 passed, 0 failed" prove ok_good
grep -q cached "$out/output" && bad "a change of the source was not noticed" || good
expect 0 "cached" prove ok_good
expect 0 "1 passed, 0 failed" prove ok_good --no-cache
grep -q cached "$out/output" && bad "--no-cache used the cache" || good
expect 2 'did you mean "ok_good"?' prove ok_goof

echo "proof ok_good h_good proved check 20 5 kernel/nothing.c" >>$K5_ROOT/proofs/suite.txt
expect 2 "suite.txt:17: error: a second proof" prove
expect 2 'suite.txt:17: error: no file "kernel/nothing.c"' prove

echo "$passed passed, $failed failed"
[ $failed = 0 ] || exit 5
