#!/usr/bin/env python3
"""Bounds the kernel's stack, from what the compiler wrote about frames and calls.

The compiler (-fcallgraph-info=su) writes one .ci file for each source: its functions with their
frames and who calls whom. The worst chain from each entry of the assembler is added up:

    deepest entry                              system call, interrupt, fault of a task, boot
    + exception frame and what entry.S pushes  a fault of the kernel itself, at the deepest point
    + chain of that fault                      the panic report

Recursion, a call through a pointer, a frame of variable size or a function of unknown size makes
the bound worthless and fails. usage: stack.py LIMIT NESTED_ROOT FILE.ci...
"""

import re
import sys

# Bytes of stack of the C-callable functions that are written in assembler.
KNOWN = {"arch_copy": 0}
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
    limit, nested = int(sys.argv[1]), sys.argv[2]
    graph = Graph(sys.argv[3:])
    chains = sorted((graph.chain(root) for root in graph.roots()), reverse=True)
    for name in sorted(graph.size):  # a circle that nobody outside calls has no root
        graph.chain(name)
    for size, names in chains:
        print(f"  {size:5} bytes: " + " > ".join(names))
    for problem in sorted(graph.problems):
        print("  problem: " + problem)
    inner = graph.chain(nested)[0]
    outer = max(size for size, names in chains if names[0] != nested)
    total = outer + NESTED_FRAME + inner
    good = total <= limit and not graph.problems and nested in graph.size
    print(f"  kernel stack: {outer} + {NESTED_FRAME} + {inner} = {total} bytes of {limit}")
    print("1 passed, 0 failed" if good else "0 passed, 1 failed")
    return 0 if good else 1


sys.exit(main())
