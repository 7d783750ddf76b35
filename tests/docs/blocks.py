#!/usr/bin/env python3
"""Compares the manual with what it speaks of. Standard library only.

  <!-- PATH --> before a block of code: the block is a piece of that file, line by line
  <!-- log of FOLDER --> before a block: its lines are exactly `expect` of the app in that folder
  docs/manual/app-toml.md: its tables have exactly the keys that the tool knows (known[] in tool/)
  docs/manual/interfaces.md: its tables have the sections and keys of interface files, likewise
  examples/cookbook/: each recipe is in cookbook.md, and has at most 60 lines of C a file

usage: blocks.py ROOT
"""

import pathlib
import re
import sys

BLOCK = re.compile(r"<!-- (log of )?(\S+) -->\n```\w*\n(.*?)```\n", re.S)
MARK = re.compile(r"<!-- (?:log of )?\S+/\S+ -->")
LINES = 60

# Section of app-toml.md: file, function and array of its keys; those that only have a message.
SCHEMA = {
    "[app]": ("tool/app.c", "head_read", "known", ()),
    "[task.NAME]": ("tool/app.c", "task_read", "known", ("lends", "wcet")),
    "[region.NAME]": ("tool/app.c", "region_read", "known", ()),
    "[test]": ("tool/app.c", "test_read", "known", ()),
}


def expected(folder):
    """The texts of `expect` in an app.toml that has one a line."""
    text = (folder / "app.toml").read_text(encoding="utf-8")
    block = re.search(r"^expect = \[(.*?)\]$", text, re.S | re.M)
    lines = [line.strip().rstrip(",") for line in block.group(1).split("\n")]
    return [line[1:-1].replace('\\"', '"').replace("\\\\", "\\") for line in lines if line]


def blocks_check(root):
    for path in sorted((root / "docs/manual").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        found = BLOCK.findall(text)
        if len(found) != len(MARK.findall(text)):
            yield False, f"{path.name}: a mark without a block below it"
        for log, name, block in found:
            if not (root / name).exists():
                yield False, f"{path.name}: there is no {name}"
            elif log:
                same = block.rstrip("\n").split("\n") == expected(root / name)
                yield same, f"{path.name}: the log of {name} is not what its test expects"
            else:
                whole = (root / name).read_text(encoding="utf-8")
                yield "\n" + block in "\n" + whole, f"{path.name}: a block is not in {name}"


def recipes_check(root):
    text = (root / "docs/manual/cookbook.md").read_text(encoding="utf-8")
    for folder in sorted(path.parent for path in root.glob("examples/cookbook/*/app.toml")):
        name = folder.relative_to(root).as_posix()
        yield f"<!-- log of {name} -->" in text, f"{name} is not in cookbook.md"
        for source in folder.glob("*.c"):
            count = len(source.read_text(encoding="utf-8").split("\n")) - 1
            yield count <= LINES, f"{name}/{source.name}: {count} lines, a recipe has {LINES}"


def keys_known(root, path, function, array):
    """The words of `array` in a function of the tool's source."""
    text = (root / path).read_text(encoding="utf-8")
    start = re.search(rf"^(static \w+ |int |const struct \w+ \*){function}\(", text, re.M).start()
    body = text[start:]
    words = re.search(rf"\b{array}\[\w*\] = {{(.*?)}}", body, re.S).group(1)
    return set(re.findall(r'"([^"]+)"', words))


def keys_check(root):
    text = (root / "docs/manual/app-toml.md").read_text(encoding="utf-8")
    sections = {part.split("\n")[0].split(":")[0].strip(): part for part in text.split("\n## ")}
    for section, (path, function, array, later) in SCHEMA.items():
        rows = set(re.findall(r"^\| `([a-z-]+)` \|", sections.get(section, ""), re.M))
        keys = keys_known(root, path, function, array) - set(later)
        yield rows == keys, (f"app-toml.md, {section}: {sorted(rows - keys)} are no keys, "
                             f"{sorted(keys - rows)} are not said")
    for key in keys_known(root, "tool/budget.c", "waive_read", "known"):
        yield f"`{key}`: " in sections["[task.NAME]"], f"app-toml.md: waive {key} is not said"


def interface_check(root):
    text = (root / "docs/manual/interfaces.md").read_text(encoding="utf-8")
    for head, function, array in (("section", "interface_read", "sections"),
                                  ("key of an operation", "op_read", "known")):
        table = text[text.index(f"| {head} |"):].split("\n\n")[0].split("\n")[2:]
        first = " ".join(row.split("|")[1] for row in table)
        rows = {name.strip("[]").split(".")[0] for name in re.findall(r"`([^`]+)`", first)}
        keys = keys_known(root, "tool/interface.c", function, array)
        yield rows == keys, (f"interfaces.md, {head}: {sorted(rows - keys)} are none, "
                             f"{sorted(keys - rows)} are not said")


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    passed = failed = 0
    for check in (blocks_check, recipes_check, keys_check, interface_check):
        for good, message in check(root):
            passed, failed = passed + good, failed + (not good)
            if not good:
                print(f"FAILED: {message}")
    print(f"{passed} passed, {failed} failed")
    return 5 if failed else 0


sys.exit(main())
