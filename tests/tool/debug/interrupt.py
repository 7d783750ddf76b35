#!/usr/bin/env python3
"""`k5 debug` on a terminal: continue, Ctrl-C, look, end. Standard library only.

usage: interrupt.py K5 APP [ARGUMENT...]
"""

import os
import pty
import select
import sys
import time

SECONDS = 30


def until(master, wanted, seen):
    """Reads the terminal until `wanted` is there; returns what came after it."""
    end = time.monotonic() + SECONDS
    while wanted not in seen:
        if time.monotonic() > end or not select.select([master], [], [], SECONDS)[0]:
            sys.exit(f"no {wanted!r} in: {seen.decode(errors='replace')}")
        seen += os.read(master, 65536)
    return seen.split(wanted, 1)[1]


def main():
    child, master = pty.fork()
    if child == 0:
        os.environ["TERM"] = "dumb"
        os.execv(sys.argv[1], [sys.argv[1], "debug", *sys.argv[2:], "--", "-nx"])
    rest = until(master, b"(gdb) ", b"")
    os.write(master, b"continue\n")
    rest = until(master, b"record 2:", rest)  # the log comes while it runs
    os.write(master, b"\x03")
    rest = until(master, b"SIGINT", rest)
    rest = until(master, b"(gdb) ", rest)
    os.write(master, b"thread apply all backtrace 1\n")
    rest = until(master, b"awaiting" if b"awaiting" in rest else b'"sensor" (sleeping', rest)
    rest = until(master, b"(gdb) ", rest)
    os.write(master, b"quit\n")
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


main()
