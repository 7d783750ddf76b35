#!/usr/bin/env python3
"""Bounds the kernel's stack, from what the compiler wrote about frames and calls.

The compiler (-fcallgraph-info=su) writes one .ci file for each source: its functions with their
frames and who calls whom. The worst chain from each entry of the assembler is added up:

    deepest entry                              system call, interrupt, fault of a task, boot
    + exception frame and what entry.S pushes  a fault of the kernel itself, at the deepest point
    + chain of that fault                      the panic report

Recursion, a call through a pointer, a frame of variable size or a function of unknown size makes
the bound worthless and fails, and so does an entry that is not on the list below.
usage: stack.py LIMIT FILE.ci...
"""

import re
import sys

# Bytes of stack of the C-callable functions that are written in assembler.
KNOWN = {"machine_copy": 0}
# What entry.S calls on an empty stack, and what only a fault of the kernel itself calls.
ENTRIES = {
    "kernel_syscall": "system call",
    "interrupt_take": "interrupt",
    "fault_of_task": "fault",
    "machine_boot": "boot",
    "machine_start": "start",
}
NESTED = "fault_of_kernel"
# Called by the compiler for structs, in places that it does not always write down; no frame.
OTHERS = ("memcpy", "memset")
# Hardware frame with its alignment, and entry.S's own push, when the kernel itself faults.
NESTED_FRAME = 32 + 4 + 8


class Graph:
    def __init__(self, files):
        self.size, self.calls, self.problems, self.worst = {}, {}, set(), {}
        for path in files:
            with open(path, encoding="utf-8") as file:
                for line in file:
                    self.line_read(line)
        for name, size in self.size.items():
            if size is None and name in KNOWN:
                self.size[name] = KNOWN[name]

    def line_read(self, line):
        node = re.match(r'node: \{ title: "([^"]+)" label: "([^"]*)"', line)
        edge = re.match(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', line)
        if node:
            name = short(node[1])
            frame = re.search(r"\\n(\d+) bytes \((\w+)", node[2])
            if frame:
                self.size[name] = int(frame[1])
                if frame[2] != "static":
                    self.problems.add(f"{name}: frame of variable size")
            else:
                self.size.setdefault(name, None)
        elif edge:
            self.calls.setdefault(short(edge[1]), set()).add(short(edge[2]))

    def chain(self, name, above=()):
        """(bytes, names) of the deepest chain that begins with the function."""
        if name in above:
            self.problems.add("recursion: " + " > ".join(above + (name,)))
            return 0, [name]
        if name not in self.worst:
            if name == "__indirect_call":
                self.problems.add(f"call through a pointer in {above[-1]}")
            elif self.size.get(name) is None:
                self.problems.add(f"no size known of {name}")
            below = [self.chain(c, above + (name,)) for c in sorted(self.calls.get(name, ()))]
            size, names = max(below, default=(0, []))
            self.worst[name] = ((self.size.get(name) or 0) + size, [name] + names)
        return self.worst[name]

    def roots(self):
        called = {target for targets in self.calls.values() for target in targets}
        return sorted(set(self.size) - called)


def short(title):
    """Static functions are titled FILE:NAME."""
    return title.split(":")[-1]


def main():
    limit = int(sys.argv[1])
    graph = Graph(sys.argv[2:])
    for name in sorted(graph.size):  # also a circle that nobody outside calls
        graph.chain(name)
    nested = graph.chain(NESTED)[0]
    good = NESTED in graph.size
    for root, what in ENTRIES.items():
        size, names = graph.chain(root)
        total = size + NESTED_FRAME + nested
        good = good and root in graph.size and total <= limit
        print(f"  {what:12} {size:4} + {NESTED_FRAME} + {nested} = {total:4} of {limit}  "
              + " > ".join(names))
    for name in set(graph.roots()) - set(ENTRIES) - set(OTHERS) - {NESTED}:
        graph.problems.add(f"{name} is called by nobody: one more entry?")
    for problem in sorted(graph.problems):
        print("  problem: " + problem)
    return 0 if good and not graph.problems else 1


sys.exit(main())
