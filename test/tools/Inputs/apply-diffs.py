"""Applies the differences between IR after passes, one after the other.

usage: apply-diffs.py FIRST.tt WHOLE-DIR DIFF-DIR

WHOLE-DIR has the IR after each pass that changed it, DIFF-DIR what changed. The
head of the module, which records passes, is in neither difference.
"""

import re
import sys
from pathlib import Path


def body(path):
    return path.read_text().splitlines()[1:]


def apply(lines, difference):
    out, at = [], 0
    for line in difference:
        head = re.match(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@$", line)
        if head:
            start = int(head.group(1)) - (head.group(2) != "0")
            out += lines[at:start]
            at = start
        elif line[0] == "+":
            out.append(line[1:])
        else:
            assert lines[at] == line[1:], (lines[at], line)
            at += 1
            if line[0] == " ":
                out.append(line[1:])
    return out + lines[at:]


first, whole, difference = map(Path, sys.argv[1:])
lines = body(first)
steps = sorted(whole.iterdir())
assert len(steps) == len(list(difference.iterdir())) > 8
for step in steps:
    changed = difference / step.with_suffix(".diff").name
    lines = apply(lines, changed.read_text().splitlines())
    assert lines == body(step), step
