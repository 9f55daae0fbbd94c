"""Prints the last call of every thread in a trace: for what it waits, if it does so to
the end of its kernel, and which kernel that is."""

import json
import sys

events = json.load(open(sys.argv[1]))["traceEvents"]
names = {}
for e in events:
    if e["ph"] == "M":
        thread = e["tid"] if e["name"] == "thread_name" else None
        names[e["pid"], thread] = e["args"]["name"]
last = {}
for e in events:
    if e["ph"] == "X":
        last.setdefault((e["pid"], e["tid"]), {}).setdefault(e["cat"], []).append(e)


def end(e):
    return e["ts"] + e["dur"]


core = None
for pid, tid in sorted(last):
    if pid != core:
        print(names[pid, None])
    core = pid
    spans = last[pid, tid]
    call = max(spans["call"], key=end)
    text = f"{names[pid, tid]}: {call['name']}"
    for stall in spans.get("stall", []):
        if abs(end(stall) - max(map(end, spans["kernel"]))) < 1e-6:
            text += f", {stall['name']} to the end"
    print(text)
