#!/usr/bin/env python3
"""Does in a copy of the tree what a guide in docs/ tells its reader to do.

usage: apply-guide.py ROOT GUIDE...

ROOT is changed. A comment in front of a fenced block says what to do with it:

    <!-- file: PATH -->                   make this file
    <!-- in: PATH, before: TEXT -->       put it before the line that begins so
    <!-- run -->                          a command; written to ROOT/run.sh
"""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^<!-- (.+?) -->\n```\w*\n(.*?)^```$", re.M | re.S)


def insert(path, before, text):
    lines = path.read_text().splitlines(keepends=True)
    places = [i for i, line in enumerate(lines) if line.startswith(before)]
    if not places:
        sys.exit(f"{path}: no line begins with '{before}'")
    lines.insert(places[0], text)
    path.write_text("".join(lines))


def apply(root, action, text):
    if action == "run":
        with open(root / "run.sh", "a") as script:
            script.write(text)
    elif found := re.fullmatch(r"file: (\S+)", action):
        path = root / found.group(1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    elif found := re.fullmatch(r"in: (\S+), before: (.+)", action, re.S):
        # One blank stands between "before:" and the text.
        insert(root / found.group(1), found.group(2), text)
    else:
        sys.exit(f"unknown step: {action}")


def main(arguments):
    root = Path(arguments[0])
    (root / "run.sh").write_text("set -eu\n")
    for guide in arguments[1:]:
        steps = BLOCK.findall((root / guide).read_text())
        if not steps:
            sys.exit(f"{guide}: no steps")
        for action, text in steps:
            apply(root, action, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
