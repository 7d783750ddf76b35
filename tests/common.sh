# common.sh - what the test scripts share: where they stand, how a test counts, the last line.
# A script begins with
#
#   set -eu
#   cd "$(dirname "$0")/../.." # the root of the project
#   . tests/common.sh
#   out_make NAME              # or out_make_outside
#
# and ends with `finish`. Between them it has, beside the functions below:
#
#   $root     the root of the project          $k5      the program, built when this file is read
#   $out      a folder for what it makes       $accept  yes after --accept, else no
#   $out/output    what the last command of expect printed; `bad` shows its end
#
#   out_make NAME                       $out is .k5/NAME, empty
#   out_make_outside                    $out is outside of the project, and gone at the end
#   good                                a test passed
#   bad WORD...                         a test failed; the words say which
#   skip COUNT WORD...                  so many tests cannot be done here; the words say why
#   check WHAT COMMAND...               a test: the command is true
#   expect CODE TEXT ARGUMENT...        a test: `k5 ARGUMENT...` ends with CODE, and TEXT, if it is
#                                       not empty, is in what it prints
#   expect_of CODE TEXT COMMAND...      the same of any other command
#   says TEXT                           a test: TEXT is in what the last one printed
#   says_not TEXT                       a test: it is not
#   golden EXPECTED CAME                a test: the files are the same; --accept copies CAME
#   json_valid FILE                     a test: there is one JSON value in it
#   part NAME FUNCTION [ARGUMENT...]    begins the function; its tests are done beside what follows,
#                                       in a shell of its own where $out is $out/NAME
#   parts_end                           waits for the parts, prints what they said, adds their tests
#   finish                              the last line; ends the script with 0, or 5 if a test failed
#
# A script whose texts are patterns writes a text_found() of its own after this file.

# shellcheck shell=sh disable=SC2034 # the variables are for the scripts
root=$PWD
k5=$root/.k5/bin/k5
out=$root/.k5
accept=no
passed=0
failed=0
skipped=0
parts=
for word in "$@"; do
    [ "$word" != --accept ] || accept=yes
done
"$root/k5" --version >/dev/null # builds it

out_make() {
    out=$root/.k5/$1
    rm -rf "$out"
    mkdir -p "$out"
}

out_make_outside() {
    out=$(mktemp -d)
    trap 'rm -rf "$out"' EXIT
}

good() {
    passed=$((passed + 1))
}

bad() {
    failed=$((failed + 1))
    echo "FAILED: $*"
    [ ! -s "$out/output" ] || tail -n 40 "$out/output" | sed 's/^/    | /'
}

skip() {
    skipped=$((skipped + $1))
    shift
    echo "skipped: $*"
}

check() {
    what=$1
    shift
    if "$@" >"$out/checked" 2>&1; then
        good
    else
        bad "$what"
        cat "$out/checked"
    fi
}

# The text is in what the last command printed.
text_found() {
    grep -qF -- "$1" "$out/output"
}

expect_of() {
    code=$1
    text=$2
    shift 2
    got=0
    timeout 120 "$@" >"$out/output" 2>&1 </dev/null || got=$?
    if [ $got != "$code" ]; then
        bad "$*: exit code $got, not $code"
    elif [ -n "$text" ] && ! text_found "$text"; then
        bad "$*: \"$text\" is not in what it printed"
    else
        good
    fi
}

expect() {
    code=$1
    text=$2
    shift 2
    expect_of "$code" "$text" "$k5" "$@"
}

says() {
    if text_found "$1"; then good; else bad "\"$1\" is not in what it printed"; fi
}

says_not() {
    if text_found "$1"; then bad "\"$1\" is in what it printed"; else good; fi
}

golden() {
    [ $accept = no ] || cp "$2" "$1"
    if diff -u "$1" "$2" >"$out/differs" 2>&1; then
        good
    else
        failed=$((failed + 1))
        echo "FAILED: $1 is not what came; --accept takes it"
        cat "$out/differs"
    fi
}

json_valid() {
    check "$1 is JSON" python3 -m json.tool "$1" /dev/null
}

part() {
    part=$1
    shift
    mkdir -p "$out/$part"
    (
        out=$out/$part
        passed=0
        failed=0
        skipped=0
        "$@"
        echo "$passed $failed $skipped" >"$out.tally"
    ) >"$out/$part.said" 2>&1 &
    parts="$parts $part"
}

parts_end() {
    wait
    for part in $parts; do
        cat "$out/$part.said"
        if [ -e "$out/$part.tally" ]; then
            read -r part_passed part_failed part_skipped <"$out/$part.tally"
            passed=$((passed + part_passed))
            failed=$((failed + part_failed))
            skipped=$((skipped + part_skipped))
        else
            bad "the part $part ended early"
        fi
    done
    parts=
}

finish() {
    if [ $skipped = 0 ]; then
        echo "$passed passed, $failed failed"
    else
        echo "$passed passed, $failed failed, $skipped skipped"
    fi
    [ $failed = 0 ] || exit 5
    exit 0
}
