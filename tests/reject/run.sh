#!/bin/sh
# Every folder here has one mistake (those called many_* have several): `k5 build` must refuse it
# with exit code 2 and exactly the messages in expected.txt.
#   app.toml     the app that is built; without one, the folder itself is what is wrong
#   board.sed    what is changed in boards/mps2-an505/board.toml; without app.toml, for 01_hello
#   exit         another exit code
# `run.sh --accept` writes what the tool says now; read the difference before committing.
set -eu
cd "$(dirname "$0")/../.."
. tests/common.sh
out_make reject
board=boards/mps2-an505

# A root of its own for each half, for the board in it is changed.
root_make() {
    mkdir -p "$1/$board"
    for entry in *; do
        [ "$entry" = boards ] || ln -s "$root/$entry" "$1/$entry"
    done
    for file in board.c security.c; do
        ln -s "$root/$board/$file" "$1/$board/$file"
    done
    for entry in boards/*; do
        [ "$entry" = $board ] || ln -s "$root/$entry" "$1/$entry"
    done
}

# build FOLDER ROOT FILE: its messages in FILE, its exit code is returned.
build() {
    code=0
    if [ ! -e "$1/board.sed" ]; then
        "$k5" build "$1" >"$3" 2>&1 || code=$?
        return $code
    fi
    sed -f "$1/board.sed" $board/board.toml >"$2/$board/board.toml"
    if cmp -s $board/board.toml "$2/$board/board.toml"; then
        echo "board.sed changes nothing" >"$3"
        return 1
    fi
    app=examples/01_hello
    [ ! -e "$1/app.toml" ] || app=$1
    K5_ROOT=$2 "$k5" build "$app" >"$3.raw" 2>&1 || code=$?
    sed "s|$2/||" "$3.raw" >"$3"
    return $code
}

# half N: every other folder.
half() {
    root_make "$out/root"
    turn=$1
    for dir in tests/reject/*/; do
        turn=$((1 - turn))
        [ $turn = 0 ] || continue
        wanted=2
        [ ! -e "$dir/exit" ] || wanted=$(cat "$dir/exit")
        code=0
        build "${dir%/}" "$out/root" "$out/output" || code=$?
        if [ $code = "$wanted" ]; then
            golden "${dir}expected.txt" "$out/output"
        else
            bad "$dir: exit code $code, not $wanted"
        fi
    done
}

part first half 0
part second half 1
parts_end
finish
