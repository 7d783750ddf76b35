#!/usr/bin/env python3
"""How much of a kernel file the model would notice: one small change at a time, by machine.

usage: mutate.py [--steps N] [--every N] FILE...      (in the root; run.sh has built before)

Each change (another comparison, another sign, a statement left out) makes a copy of the file, which
is compiled and linked with the other objects of the program for 8 tasks; that must fail within N
steps (30000) or not compile. Prints the changes that nobody noticed: each is a case that no random
system reaches, a line without effect, or a hole in the comparison. --every 5: each fifth change.
Last line: `N passed, N failed`, one a change. Standard library only.
"""

import glob
import pathlib
import re
import subprocess
import sys

OUT = pathlib.Path(".k5/model")
FLAGS = ("-std=gnu11 -O1 -g -w -fsanitize=address,undefined -fno-sanitize-recover=all "
         "-DK5_CONFIG_MUTABLE -DK5_TASKS=8 -I. -Iarch/host -Itests/model").split()
SWAPS = [(r" <= ", " < "), (r" < ", " <= "), (r" >= ", " > "), (r" > ", " >= "), (r" == ", " != "),
         (r" != ", " == "), (r" && ", " || "), (r" \|\| ", " && "), (r" \+= ", " -= "),
         (r" -= ", " += "), (r" \+ ", " - "), (r" - ", " + "), (r"\btrue\b", "false"),
         (r"\bfalse\b", "true"), (r" \|= ", " &= "), (r" & ~", " & ")]
STATEMENT = re.compile(r"^\s+[\w.\[\]\->]+( [-+|&]?= .*|\(.*\)|\+\+|--);$")


def changes(lines):
    """(line number, new line) of each change."""
    comment = False
    for number, line in enumerate(lines):
        comment = comment or line.lstrip().startswith("/*")
        skip = comment or "REQUIRE" in line or line.startswith("#")
        comment = comment and "*/" not in line
        if skip:
            continue
        code = line.split("/*")[0].rstrip()
        for old, new in SWAPS:
            for match in re.finditer(old, code):
                yield number, code[:match.start()] + new + code[match.end():]
        if STATEMENT.match(code):
            yield number, ""


def noticed(source, text, steps):
    copy, thing, program = OUT / "changed.c", OUT / "changed.o", OUT / "changed"
    copy.write_text(text)
    if subprocess.run(["gcc", *FLAGS, "-c", copy, "-o", thing], capture_output=True).returncode:
        return True
    rest = [o for folder in ("kernel", "arch/host", "tests/model")
            for o in glob.glob(f"{OUT}/8/{folder}/*.o") if not o.endswith(f"{source}.o")]
    subprocess.run(["gcc", "-fsanitize=address,undefined", thing, *rest, "-o", program], check=True)
    try:
        run = subprocess.run([program, str(steps), "0", "1", "first"], capture_output=True,
                             timeout=120)
    except subprocess.TimeoutExpired:
        sys.exit("a run does not end")
    return run.returncode != 0


def main():
    steps, every, files = 30000, 1, []
    words = iter(sys.argv[1:])
    for word in words:
        if word == "--steps":
            steps = int(next(words))
        elif word == "--every":
            every = int(next(words))
        else:
            files.append(word)
    passed = failed = 0
    for source in files:
        lines = pathlib.Path(source).read_text().split("\n")
        for number, new in list(changes(lines))[::every]:
            text = "\n".join(lines[:number] + [new] + lines[number + 1:])
            if noticed(source, text, steps):
                passed += 1
            else:
                failed += 1
                print(f"{source}:{number + 1}: not noticed:\n  was {lines[number].strip()}\n"
                      f"  is  {new.strip() or '(left out)'}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 5 if failed or not files else 0


sys.exit(main())
