#!/usr/bin/env python3
"""Soak: the app in tests/soak/app, each time with other seeds, times and lengths of an instruction.

A run is one row below. The app is copied to .k5/soak/NAME with its numbers filled in, built and run
until it says that it is done. Each run counts as one test; it has failed if a line says WRONG, if a
task faults, or if fewer preemptions came than were asked for. Standard library only.

"held": rounds in which a task filled, held and compared all its registers, and how many of them
were preempted. "veneer": system calls that were preempted in the veneer, in Secure state; at its
SG, still Non-secure (the emulator was not seen to do that); in the task's own code around them.

usage: soak.py [--full] [--only NAME]
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
APP = ROOT / "tests" / "soak" / "app"
TICK_NS = 50  # the board's timer: 20 MHz

# name, profile, shift (2^shift ns an instruction), instructions between two preemptions: at least
# and span, preemptions. A debug kernel checks itself in each entry, which takes it long.
SHORT = [
    ("short_5", "release", 5, 600, 1500, 20000),
    ("short_3", "release", 3, 900, 3000, 8000),
    ("short_debug", "debug", 6, 60000, 20000, 2000),
]
FULL = [
    ("full_1", "release", 1, 700, 1500, 100000),
    ("full_2", "release", 2, 600, 4000, 100000),
    ("full_3", "release", 3, 800, 900, 150000),
    ("full_4", "release", 4, 600, 300, 150000),
    ("full_5a", "release", 5, 600, 1500, 150000),
    ("full_5b", "release", 5, 650, 200, 150000),
    ("full_7", "release", 7, 600, 1000, 100000),
    ("full_10", "release", 10, 700, 2000, 90000),
    ("full_debug", "debug", 6, 60000, 30000, 10000),
]
BAD = re.compile(r" (WRONG|FAULT|PANIC) |error:")
LINES = {
    "preemptions": r"soak: (\d+) preemptions, (\d+) wrong",
    "held": r"soak: (\d+) rounds of all registers, (\d+) preempted",
    "calls": r"soak: (\d+) system calls",
    "veneer": r"soak: preempted in the veneer (\d+), at its SG (\d+), beside it (\d+)",
}


def app_copy(name, least, span, times):
    """The app with its numbers, in .k5/soak/NAME; seeds follow from the name."""
    place = ROOT / ".k5" / "soak" / name
    place.mkdir(parents=True, exist_ok=True)
    for source in APP.iterdir():
        if source.is_file():
            shutil.copyfile(source, place / source.name)
    text = (APP / "app.toml").read_text(encoding="utf-8")
    salt = sum(ord(c) * 7919 ** i for i, c in enumerate(name)) % 1000003
    text = re.sub(r"SEED = (\d+)", lambda m: f"SEED = {int(m.group(1)) + 1000 * salt}", text)
    text, n = re.subn(r"LEAST = \d+, SPAN = \d+, TIMES = \d+",
                      f"LEAST = {least}, SPAN = {span}, TIMES = {times}", text)
    assert n == 1, "app.toml has no line of numbers"
    (place / "app.toml").write_text(text, encoding="utf-8")
    return place


def app_run(place, profile, shift, seconds):
    """What it logs, until it says that it is done or that something is bad, or takes too long."""
    command = [str(ROOT / ".k5" / "bin" / "k5"), "run", str(place), "--profile", profile,
               "--shift", str(shift)]
    environment = dict(os.environ, K5_ROOT=str(ROOT))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               stdin=subprocess.DEVNULL, text=True, env=environment)
    timer = threading.Timer(seconds, process.send_signal, [signal.SIGTERM])
    timer.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "soak: end" in line or BAD.search(line):
            process.send_signal(signal.SIGTERM)
    timer.cancel()
    process.wait()
    return lines


def numbers_read(lines):
    """name: numbers, of the report's lines that came."""
    found = {}
    for line in lines:
        for name, pattern in LINES.items():
            match = re.search(pattern, line)
            if match:
                found[name] = [int(n) for n in match.groups()]
    return found


def problem_of(lines, found, times):
    """What is wrong with a run, or None."""
    bad = [line for line in lines if BAD.search(line)]
    if bad:
        return bad[0].strip()
    if not any("soak: end" in line for line in lines) or len(found) != len(LINES):
        return "it did not come to its end"
    if found["preemptions"] != [times, 0]:
        return f"preemptions and wrong ones: {found['preemptions']}, not [{times}, 0]"
    return None


def run(row):
    """One run: its numbers, and what is wrong or None."""
    name, profile, shift, least, span, times = row
    ticks = [max(1, n * 2**shift // TICK_NS) for n in (least, span)]
    place = app_copy(name, ticks[0], ticks[1], times)
    lines = app_run(place, profile, shift, 60 + times / 100)
    (place / "log.txt").write_text("".join(lines), encoding="utf-8")
    found = numbers_read(lines)
    problem = problem_of(lines, found, times)
    text = "; ".join(f"{key} {' '.join(map(str, value))}" for key, value in found.items())
    print(f"  {name:12} {'FAILED' if problem else 'passed'}  {text}", flush=True)
    if problem:
        print(f"    {problem}\n    all of it: {place / 'log.txt'}", flush=True)
    return found, problem


def main():
    """Exit code 1 if a run failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="1,000,000 preemptions")
    parser.add_argument("--only", default="", help="only runs whose name contains this")
    options = parser.parse_args()
    rows = [row for row in (FULL if options.full else SHORT) if options.only in row[0]]
    results = [run(row) for row in rows]
    total = {key: [0] * 3 for key in LINES}
    for found, _ in results:
        for key, value in found.items():
            total[key] = [a + b for a, b in zip(total[key], value + [0] * 3)]
    print(f"{total['preemptions'][0]} preemptions: {total['held'][1]} in rounds of all registers, "
          f"{total['veneer'][0]} in the veneer, {total['veneer'][1]} at its SG")
    failed = sum(1 for _, problem in results if problem)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
