#!/usr/bin/env python3
"""What the manual guarantees, and what shows it. Standard library only.

  docs/manual/*.md   state a guarantee: **K5-IPC-01** and a sentence, once in all of them
  docs/evidence.txt  names its evidence: proofs, tests, mutants (the format is at its beginning)
  anything else      may cite an id

Checked: each id is stated once and has evidence; what is named as evidence exists; no id is cited
that there is not; the counts in abi.md's table of costs are those of bench/record.txt. An id
without evidence must say why (`open`); it counts as skipped.

usage: evidence.py ROOT [--list [ID]] [--accept]
  --list    prints the guarantees with their evidence, all or those whose id begins so
  --accept  writes the counts of bench/record.txt into abi.md
Exit codes: 0 good, 1 a file cannot be read, 2 usage, 5 something is wrong.
"""

import os
import pathlib
import re
import sys
import textwrap

ID = re.compile(r"\bK5-[A-Z]+-\d\d\b")
STATED = re.compile(r"\*\*(K5-[A-Z]+-\d\d)\*\* (.+?)(?=\n\n|\n- |\n\||\Z)", re.S)
ROW = re.compile(r"(\| [^|\n]*?`(\w+)`[^|\n]* \| )(\d+|not recorded)( \|)")
# Kinds of evidence: those that are enough by themselves, and those that only add to others.
ENOUGH = ("proof", "unit", "app", "expect", "reject", "step")
ADDS = ("mutant", "model", "doc")
CITED = (".md", ".txt", ".c", ".h", ".S", ".py", ".sh", ".toml", ".mutant")
FOLDERS = ("docs", "abi", "arch", "bench", "boards", "examples", "kernel", "lib", "proofs", "tasks",
           "tests", "tool")
SKIPPED = {"build", ".k5", "__pycache__"}
ABI = "docs/manual/abi.md"


class Entry:
    """What docs/evidence.txt says of one id."""

    def __init__(self, line):
        self.line, self.items, self.open = line, [], ""


class Tree:
    """The project's files, each read once; a test may put other texts in their place."""

    def __init__(self, root):
        self.names, self.texts, self.root = set(), {}, root
        for folder, below, files in os.walk(root):
            below[:] = [name for name in below if name not in SKIPPED]
            if folder == str(root):
                below[:] = [name for name in below if name in FOLDERS]
            at = os.path.relpath(folder, root)
            self.names |= {name if at == "." else f"{at}/{name}" for name in files}

    def text(self, name):
        if name not in self.texts:
            text = (self.root / name).read_text(encoding="utf-8", errors="replace")
            self.texts[name] = text
        return self.texts[name]

    def match(self, pattern):
        """(name, what the groups matched) of each file whose whole name matches."""
        for name in sorted(self.names):
            match = re.fullmatch(pattern, name)
            if match:
                yield name, match.groups()


class Known:
    """What there is to be named as evidence."""

    def __init__(self, tree):
        self.tree = tree
        rows = [line.split() for line in tree.text("proofs/suite.txt").split("\n")]
        self.proofs = {row[1]: (row[3], row[4]) for row in rows if row[:1] == ["proof"]}
        self.mutants = {found[0] for _, found in tree.match(r"proofs/mutants/(\w+)\.mutant")}
        self.mutants |= {"model/" + found[0]
                         for _, found in tree.match(r"tests/model/mutants/(\w+)\.mutant")}
        cover = tree.text("tests/model/cover.c").split("const char *call_name")[0]
        self.model = set(re.findall(r'"([^"\n]+)"', cover))
        check = tree.text("tool/check.c")
        self.steps = set(re.findall(r'^    {"(\w+)", "', check, re.M))
        self.units = {}

    def unit(self, name):
        """The tests of a file of unit tests: functions of that form that its main() runs."""
        if name not in self.units:
            path = f"tests/unit/test_{name}.c"
            text = self.tree.text(path) if path in self.tree.names else ""
            made = re.findall(r"^static void (\w+)\(void \*\*state\)", text, re.M)
            run = re.findall(r"\bcmocka_unit_test\w*\((\w+)", text)
            self.units[name] = set(made) & set(run)
        return self.units[name]

    def expected(self, app):
        path = f"tests/emulator/{app}/app.toml"
        text = self.tree.text(path) if path in self.tree.names else ""
        return text if "\n[test]" in text else ""

    def missing(self, kind, name):
        """Why there is no such evidence, or None."""
        if kind == "proof":
            if name not in self.proofs:
                return "is no row of proofs/suite.txt"
            return None if self.proofs[name][0] == "proved" else "is a twin, which proves nothing"
        if kind == "unit":
            file, _, test = name.partition(":")
            return None if test in self.unit(file) else "is no test that tests/unit runs"
        if kind == "app":
            return None if self.expected(name) else "is no app with a [test] in tests/emulator"
        if kind == "expect":
            app, _, text = name.partition(" ")
            lines = self.expected(app).partition("\nexpect")[2].split("]\n")[0]
            return None if text and f'"{text}' in lines else "is not what that app's test expects"
        if kind == "reject":
            path = f"tests/reject/{name}/app.toml"
            return None if path in self.tree.names else "is no folder of tests/reject"
        if kind == "step":
            return None if name in self.steps else "is no step of `k5 check`"
        if kind == "mutant":
            return None if name in self.mutants else "is no mutant"
        if kind == "model":
            return None if name in self.model else "is nothing that the model says it reached"
        return None if name in self.tree.names else "is no file"


def stated_find(tree):
    """(id, sentence, file) of each statement, in the manual's order."""
    for path, (page,) in tree.match(r"docs/manual/([\w-]+\.md)"):
        for name, text in STATED.findall(tree.text(path)):
            yield name, " ".join(text.split()), page


def entries_read(tree):
    """The entries of docs/evidence.txt by id, and what is wrong with its form."""
    entries, wrong, entry = {}, [], None
    for number, line in enumerate(tree.text("docs/evidence.txt").split("\n"), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if not line.startswith(" "):
            entry = Entry(number)
            if not ID.fullmatch(line.strip()):
                wrong.append(f"docs/evidence.txt:{number}: \"{line}\" is no id such as K5-IPC-01")
            elif line.strip() in entries:
                wrong.append(f"docs/evidence.txt:{number}: {line.strip()} is there already")
            else:
                entries[line.strip()] = entry
        elif entry is None:
            wrong.append(f"docs/evidence.txt:{number}: evidence before the first id")
        elif len(words) < 2:
            wrong.append(f"docs/evidence.txt:{number}: \"{words[0]}\" of what?")
        elif words[0] == "open":
            entry.open = line.strip().partition(" ")[2].strip()
        elif words[0] == "expect":
            entry.items.append((number, "expect", line.strip().partition(" ")[2].strip()))
        elif words[0] in ENOUGH + ADDS:
            entry.items += [(number, words[0], name) for name in words[1:]]
        else:
            wrong.append(f"docs/evidence.txt:{number}: \"{words[0]}\" is no kind of evidence; "
                         f"there are {', '.join(ENOUGH + ADDS)} and open")
    return entries, wrong


def form_check(tree, entries, wrong):
    yield not wrong, "\n        ".join(wrong)
    stated = {}
    for name, _, path in stated_find(tree):
        stated.setdefault(name, []).append(path)
    for name in sorted(stated | entries):
        places = stated.get(name, [])
        if not places:
            yield False, f"{name} has evidence and is not stated in docs/manual"
        elif len(places) > 1:
            yield False, f"{name} is stated {len(places)} times: {', '.join(places)}"
        else:
            yield name in entries, f"{name} is stated in {places[0]} and not in docs/evidence.txt"


def evidence_check(tree, entries):
    known = Known(tree)
    for name, entry in entries.items():
        where = f"docs/evidence.txt:{entry.line}: {name}"
        shown = any(kind in ENOUGH for _, kind, _ in entry.items)
        if entry.open:
            if shown:
                yield False, f"{where} is open, and has evidence"
            else:
                yield None, f"{name} is open: {entry.open}"
        else:
            yield shown, f"{where} has no proof and no test"
        for line, kind, item in entry.items:
            why = known.missing(kind, item)
            yield why is None, f"docs/evidence.txt:{line}: {name}: {kind} {item}: {why}"


def cited_check(tree, entries):
    """Ids that are cited anywhere: one test for each file that cites some. Not in this checker's
    own tests, which are about ids that there are not."""
    own = ("tests/docs/evidence.py", "tests/docs/evidence_wrong.py", "docs/evidence.txt")
    for name in sorted(tree.names):
        if name.endswith(CITED) and name not in own:
            ids = set(ID.findall(tree.text(name)))
            if ids:
                unknown = sorted(ids - set(entries))
                yield not unknown, f"{name} cites what there is not: {', '.join(unknown)}"


def record_read(tree):
    rows = [line.split() for line in tree.text("bench/record.txt").split("\n")]
    return {row[0]: row[1] for row in rows if row[2:3] == ["instructions"]}


def costs_split(text):
    """abi.md before, in and after its table of costs."""
    before, mark, rest = text.partition("<!-- costs -->\n")
    table, end, after = rest.partition("\n\n")
    return before + mark, table, end + after


def costs_check(tree):
    record = record_read(tree)
    listed = set(re.findall(r"^(?:row|entry|floor) +(\w+)", tree.text("bench/rows.txt"), re.M))
    rows = ROW.findall(costs_split(tree.text(ABI))[1])
    yield bool(rows), "abi.md has no table of costs (a table after <!-- costs -->)"
    for _, name, count, _ in rows:
        if name not in listed:
            yield False, f"abi.md: {name} is no row of bench/rows.txt"
        else:
            right = record.get(name, "not recorded")
            yield count == right, (f"abi.md: {name} is {count}, in bench/record.txt {right}; "
                                   "--accept writes that")


def costs_accepted(tree):
    """abi.md with the counts of the record."""
    record = record_read(tree)
    before, table, after = costs_split(tree.text(ABI))
    table = ROW.sub(lambda m: m[1] + record.get(m[2], "not recorded") + m[4], table)
    return before + table + after


def check_all(tree):
    """(True, False or, for an open id, None; what is wrong) of each test."""
    entries, wrong = entries_read(tree)
    yield from form_check(tree, entries, wrong)
    yield from evidence_check(tree, entries)
    yield from cited_check(tree, entries)
    yield from costs_check(tree)


def items_print(known, entry):
    for kind in ENOUGH + ADDS:
        items = [item for _, of, item in entry.items if of == kind]
        if kind == "proof":
            items = [item + (" (--full)" if known.proofs.get(item, ("", ""))[1] == "full" else "")
                     for item in items]
        if items:
            words = textwrap.wrap(f"{kind:8}" + " · ".join(items), 92,
                                  subsequent_indent=" " * 8, break_on_hyphens=False)
            print("\n".join("    " + line for line in words))
    if entry.open:
        print(f"    open    {entry.open}")


def list_print(tree, begin):
    entries, _ = entries_read(tree)
    known = Known(tree)
    found = [one for one in stated_find(tree) if one[0].startswith(begin)]
    for name, text, page in found:
        print("\n".join(textwrap.wrap(f"{name}  {text}", 96, subsequent_indent="    ")))
        items_print(known, entries.get(name, Entry(0)))
        print(f"    stated  docs/manual/{page}")
    if not found:
        print(f"evidence.py: no id begins with \"{begin}\"", file=sys.stderr)
    return 0 if found else 2


def main():
    words = sys.argv[1:]
    flags = [word for word in words if word.startswith("--")]
    words = [word for word in words if not word.startswith("--")]
    listing = "--list" in flags
    if not 1 <= len(words) <= 1 + listing or set(flags) - {"--list", "--accept"}:
        print("usage: evidence.py ROOT [--list [ID]] [--accept]", file=sys.stderr)
        return 2
    passed = failed = skipped = 0
    try:
        tree = Tree(pathlib.Path(words[0]).resolve())
        if listing:
            return list_print(tree, words[1] if len(words) > 1 else "")
        if "--accept" in flags:
            tree.texts[ABI] = costs_accepted(tree)
            (tree.root / ABI).write_text(tree.texts[ABI], encoding="utf-8")
        for good, message in check_all(tree):
            passed, failed = passed + (good is True), failed + (good is False)
            skipped += good is None
            if not good:
                print(f"skipped: {message}" if good is None else f"FAILED: {message}")
    except OSError as error:
        print(f"evidence.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 5 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
