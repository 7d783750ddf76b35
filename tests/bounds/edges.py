#!/usr/bin/env python3
"""Makes the probes of tests/bounds/edges from the kernel's tables of a built app. Standard library
only.

  gen/config.c: tasks, their regions (base, size, rights)  ->  list.c: an access, an address, what
  must come of it

For each region of each prober: the first and last byte inside, the byte before, the byte behind;
each is read and written. Executed are the first and the last halfword inside, the one before, the
one behind. What must come of it is said by the regions of that task, of which another may be next
to this one.

usage: edges.py CONFIG LIST PROBER...
Exit codes: 0 good, 1 the tables are not as expected.
"""

import pathlib
import re
import sys

MOST = 512  # probe.h
READ, WRITE, EXECUTE = "PROBE_READ", "PROBE_WRITE", "PROBE_EXECUTE"
RIGHT = {READ: "K5_MEM_READ", WRITE: "K5_MEM_WRITE", EXECUTE: "K5_MEM_EXECUTE"}


def table(text, name):
    """The lines of one table: (index, value, comment)."""
    body = re.search(rf"\.{name} = {{(?: /\*.*?\*/)?\n(.*?)\n    }},", text, re.S)
    if body is None:
        sys.exit(f"edges.py: config.c has no .{name}")
    return re.findall(r"\[(\w+)\] = ([^,/]+),(?: /\* (.*?) \*/)?", body.group(1))


def regions(text):
    """Of each task by name: (base, end, rights, what) of its regions."""
    columns = [table(text, f"region_{part}") for part in ("base", "size", "rights")]
    found = {}
    for (_, base, what), (_, size, same), (_, rights, again) in zip(*columns):
        if not what == same == again:
            sys.exit(f"edges.py: the tables differ: {what}, {same}, {again}")
        task, name = what.split(",")[0].split(": ")
        start, length = (int(number.strip().rstrip("u"), 16) for number in (base, size))
        found.setdefault(task, []).append((start, start + length, rights, name))
    counts = {name.removeprefix("task_"): int(count)
              for name, count, _ in table(text, "region_count")}
    if counts != {name: len(of_task) for name, of_task in found.items()}:
        sys.exit("edges.py: region_count is not what the regions are")
    return found


def outcome(own, address, access):
    """What must come of it, by all regions of the task."""
    size = 2 if access == EXECUTE else 1
    for start, end, rights, _ in own:
        if start <= address and address + size <= end and RIGHT[access] in rights:
            if access != EXECUTE:
                return "PROBE_RETURNS"
            return "PROBE_RETURNS" if address == start else "PROBE_RUNS_OUT"
    return "PROBE_REFUSED"


def probes(prober, own):
    """The probes of one task, as lines of C."""
    for index, (start, end, _, name) in enumerate(own):
        for access in (READ, WRITE, EXECUTE):
            step = 2 if access == EXECUTE else 1
            for address in (start, end - step, start - step, end):
                yield (f"    {{0x{address:08X}u, {prober}, {access}, "
                       f"{outcome(own, address, access)}, {index}}}, /* {name} */")


def main():
    config, target, names = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    found = regions(pathlib.Path(config).read_text(encoding="utf-8"))
    lines = [line for i, name in enumerate(names) for line in probes(i, found[name])]
    if len(lines) > MOST:
        sys.exit(f"edges.py: {len(lines)} probes, probe.h has room for {MOST}")
    target.write_text('/* Made by edges.py. */\n#include "probe.h"\n\n'
                      "const struct probe probes[PROBES_MOST] = {\n" + "\n".join(lines)
                      + f"\n}};\nconst uint32_t probe_count = {len(lines)};\n", encoding="utf-8")
    print(len(lines))


main()
