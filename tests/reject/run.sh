#!/bin/sh
# Every folder here has one mistake (those called many_* have several): `k5 build` must refuse it
# with exit code 2 and exactly the messages in expected.txt.
#   app.toml     the app that is built; without one, the folder itself is what is wrong
#   board.sed    what is changed in boards/mps2-an505/board.toml; without app.toml, for 01_hello
#   exit         another exit code
# `run.sh --accept` writes what the tool says now; read the difference before committing.
set -u
cd "$(dirname "$0")/../.." || exit 1
k5=${K5:-./k5}
passed=0
failed=0
scratch=$PWD/.k5/reject
actual=$scratch/actual
board=boards/mps2-an505
rm -rf "$scratch"
mkdir -p "$scratch/root/$board"
for entry in *; do
    [ "$entry" = boards ] || ln -s "$PWD/$entry" "$scratch/root/$entry"
done
for file in board.c security.c; do
    ln -s "$PWD/$board/$file" "$scratch/root/$board/$file"
done
for entry in boards/*; do
    [ "$entry" = $board ] || ln -s "$PWD/$entry" "$scratch/root/$entry"
done

# One folder; its messages in $actual.
build() {
    if [ -e "$1/board.sed" ]; then
        sed -f "$1/board.sed" $board/board.toml >"$scratch/root/$board/board.toml"
        if cmp -s $board/board.toml "$scratch/root/$board/board.toml"; then
            echo "board.sed changes nothing" >"$actual"
            return 1
        fi
        app=examples/01_hello
        [ ! -e "$1/app.toml" ] || app=${1%/}
        K5_ROOT=$scratch/root .k5/bin/k5 build "$app" >"$actual.raw" 2>&1
        code=$?
        sed "s|$scratch/root/||" "$actual.raw" >"$actual"
        return $code
    fi
    $k5 build "${1%/}" >"$actual" 2>&1
}

$k5 --version >"$actual" # builds the tool
for dir in tests/reject/*/; do
    name=$(basename "$dir")
    build "$dir"
    code=$?
    [ "${1-}" != --accept ] || cp "$actual" "$dir/expected.txt"
    wanted=2
    [ ! -e "$dir/exit" ] || wanted=$(cat "$dir/exit")
    if [ $code -eq "$wanted" ] && cmp -s "$actual" "$dir/expected.txt"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name (exit code $code)"
        diff -u "$dir/expected.txt" "$actual"
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
