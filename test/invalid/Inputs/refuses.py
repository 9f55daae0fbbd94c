#!/usr/bin/env python3
"""Checks that tools refuse each piece of a split file, and how.

    refuses.py FILE.tt TOOL [OPTIONS...]

Each piece goes to TOOL from a file and from standard input, with -o. The tool
must end with exit code 1, an error at a place in the piece, and no output.
"""

import os
import re
import subprocess
import sys
import tempfile


def explain(command, piece, folder):
    """Returns what is wrong with this run, or None."""
    output = os.path.join(folder, "output")
    result = subprocess.run(
        command + ["-o", output], input=piece, capture_output=True, check=False
    )
    if result.returncode != 1:
        return f"exit code {result.returncode}"
    if not re.search(rb"^[^\n]*:\d+:\d+: error: ", result.stderr, re.M):
        return "no located error"
    if result.stdout:
        return "wrote to standard output"
    left = sorted(set(os.listdir(folder)) - {"input.tt"})
    return f"left {left}" if left else None


def main(path, tool, *options):
    with open(path, "rb") as file:
        pieces = file.read().split(b"// -----\n")
    wrong = 0
    for number, piece in enumerate(pieces):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "input.tt")
            with open(name, "wb") as file:
                file.write(piece)
            for source in (name, "-"):
                problem = explain([tool, source, *options], piece, folder)
                if problem:
                    print(f"{tool}: piece {number} of {path}: {problem}")
                    wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
