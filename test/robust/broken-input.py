#!/usr/bin/env python3
"""Feeds broken input to a tool: it must end by itself, with 0 or a located error.

    broken-input.py KIND TOOL [FILE.tt [OUTPUT]]

KIND  truncated  FILE cut off at every byte
      mutated    FILE with single bytes replaced, the same ones on every run
      noise      random bytes
      deep       100,000 nested loops, brackets, types
      long       one line of 100 MB
OUTPUT  what the tool gets as -o; it must not be there after an error
"""

import os
import random
import shutil
import subprocess
import sys

SECONDS = 20


def run(tool, data, output):
    command = [tool, "-"] + (["-o", output] if output else [])
    return subprocess.run(
        command, input=data, capture_output=True, timeout=SECONDS, check=False
    )


def explain(result, output):
    """Returns what is wrong with this end of a run, or None."""
    if result.returncode == 0:
        return None
    if result.returncode != 1:
        return f"exit code {result.returncode}"
    if b"error: " not in result.stderr:
        return "failed without an error message"
    if result.stdout or (output and os.path.lexists(output)):
        return "failed and yet wrote output"
    return None


def truncated(path):
    with open(path, "rb") as file:
        data = file.read()
    for size in range(len(data)):
        yield f"first {size} bytes", data[:size]


def mutated(path):
    with open(path, "rb") as file:
        data = file.read()
    chance = random.Random(1)
    for number in range(500):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            changed[chance.randrange(len(changed))] = chance.choice(
                b'%@(){}[]<>,:=-"x*0987_ \n\0\xff'
            )
        yield f"mutation {number}", bytes(changed)


def noise(_):
    chance = random.Random(1)
    for size in (1, 2, 3, 10, 100, 1000, 100000):
        for number in range(10):
            yield f"noise {size}/{number}", chance.randbytes(size)


def deep(_):
    depth = 100000
    yield "loops", (
        b"func @f(%n: index) {\n"
        + b"".join(b"for %%i%d in 0 to %%n {\n" % i for i in range(depth))
        + b"}\n" * depth
        + b"return\n}\n"
    )
    yield "unclosed loops", b"func @f(%n: index) {\n" + b"for %i in 0 to %n {\n" * depth
    for opening in (b"(", b"[", b"{", b"<", b"module {", b"func @f(%a: tensor<"):
        yield f"{opening!r}", opening * depth
    yield "attribute", b"func @f() { return {a = " + b"[" * depth + b"]" * depth + b"} }"


def long(_):
    size = 100_000_000
    yield "blanks", b" " * size
    yield "name", b"%" + b"a" * size
    yield "number", b"func @f(%a: tensor<" + b"1" * size + b"xbf16>) {}"
    yield "comment", b"//" + b"x" * size


def remove(output):
    if os.path.isdir(output):
        shutil.rmtree(output)
    elif os.path.lexists(output):
        os.remove(output)


def main(kind, tool, path=None, output=None):
    wrong = 0
    for name, data in globals()[kind](path):
        try:
            if output:
                remove(output)
            problem = explain(run(tool, data, output), output)
        except subprocess.TimeoutExpired:
            problem = f"not done after {SECONDS} s"
        if problem:
            print(f"{name}: {problem}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
