"""Reads what `k5 run --json` printed, one object a line, and prints the faults in short.

usage: faults_json.py FILE
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as lines:
    objects = [json.loads(line) for line in lines]

assert objects[0]["type"] == "boot", objects[0]
assert objects[-1]["type"] == "summary" and objects[-1]["exit_code"] == 134, objects[-1]
assert objects[-1]["faults"] == 8 and objects[-1]["dumps"] == 8, objects[-1]
assert {task["task"] for task in objects[-1]["tasks"]} > {"store", "asker", "deep"}
assert all("time_us" in thing for thing in objects)
for thing in objects:
    if thing["type"] == "restart":
        print(f"{thing['by']} restarts {thing['restarted']}")
    if thing["type"] != "fault":
        continue
    print(f"{thing['task']}: {thing['cause']}: {thing['text']}")
    frames = thing["backtrace"]
    assert [frame["frame"] for frame in frames] == list(range(len(frames)))
    for frame in frames[:2] + frames[2:][-3:]:
        print(f"  {frame['address']} {frame['function']} {frame['file']}:{frame['line']} "
              f"{frame['source']}")
    print(f"  end: {thing['backtrace_end']}")
    stack, budget = thing["stack"], thing["budget"]
    assert stack.get("used", 0) <= stack["deepest"] <= stack["size"], stack
    assert 0 < budget["left_us"] <= budget["budget_us"] <= budget["period_us"], budget
    print(f"  {thing['outcome']}; lent {thing['lent']}; awaited by {thing['awaited_by']}")
