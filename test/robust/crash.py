#!/usr/bin/env python3
"""Runs a command again and again, crashing it at every point where it asks for
memory, in turn, or at every STEP-th.

    crash.py PRELOAD.so FOLDER STEP INPUT WORK,... -- COMMAND...

The command reads INPUT and writes no other file than --reproducer. It must say
what it was doing, which is each WORK at one point or another, with the stack,
and leave a reproducer that does the same as the command: run in another folder as
its first line says, it prints the same, and it crashes in that work as well. Before and after
its works, nobody watches.
"""

import os
import re
import shlex
import signal
import subprocess
import sys

# In kernels, the model takes SIGSEGV for the kernel's own fault.
SIGNAL = signal.SIGABRT if "tt-run" in sys.argv else signal.SIGSEGV
REACH = 300  # points that a reproducer may be further or nearer

SAID = re.compile(r"[-a-z]+: error: (?:'.*' of )?(\w+) '(.*)' crashed: SIG\w+, .*\n")


def fail(text):
    print(text)
    sys.exit(1)


def run(preload, command, point=None, cwd=None):
    environment = dict(os.environ)
    if point is not None:
        environment |= {
            "LD_PRELOAD": preload,
            "STARVE_MEMORY": str(point),
            "STARVE_ONCE": "1",
            "STARVE_CRASH": str(int(SIGNAL)),
        }
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, cwd=cwd
    )


def work_of(result):
    """What the command was doing when it crashed; None: nobody watched."""
    if result.returncode == -SIGNAL:
        return None
    said = SAID.match(result.stderr)
    if result.returncode != 3 or not said:
        fail(f"exit code {result.returncode}: {result.stderr}")
    return said.group(1)


def check_words(work, result, path, reproducer):
    saved = "IR before it" if work == "pass" else "input"
    wanted = [
        f"the {saved} and the command are in '{reproducer}'",
        "stack, innermost first:\n  ",
    ]
    if work == "parsing":
        wanted.append(f"note: at the op of {path}:")
    if work != "pass":
        wanted.append(f"{work} '{path}' crashed")
    for words in wanted:
        if words not in result.stderr:
            fail(f"does not say {words!r}: {result.stderr}")


def check_reproducer(preload, work, point, reproducer, whole):
    with open(reproducer, encoding="utf-8") as file:
        first = file.readline()
    command = shlex.split(first.removeprefix("// RUN: ").replace("%s", reproducer))
    command = [word.replace("%S", os.path.dirname(reproducer)) for word in command]
    command = [word.replace("%t", reproducer + ".out") for word in command]
    again = run(preload, command, cwd="/")
    # Of several passes it has but the one.
    is_same = again.stdout == whole or work == "pass"
    if again.returncode != 0 or not is_same:
        fail(f"{first}gives something else: {again.stdout}{again.stderr}")
    for distance in range(REACH):
        for near in {point - distance, point + distance}:
            if near >= 0 and work_at(preload, command, near) == work:
                return
    fail(f"{first}never crashes {work}")


def work_at(preload, command, point):
    result = run(preload, command, point, "/")
    return work_of(result) if result.returncode != 0 else None


def main():
    split = sys.argv.index("--")
    preload, folder, step, path, works = sys.argv[1:split]
    reproducer = os.path.join(folder, "crash.tt")
    command = sys.argv[split + 1 :] + [path]
    whole = run(preload, command).stdout
    command.append("--reproducer=" + reproducer)
    seen = {}
    point = 0
    while (result := run(preload, command, point)).returncode != 0:
        work = work_of(result)
        if work:
            check_words(work, result, path, reproducer)
        if work and work not in seen:
            check_reproducer(preload, work, point, reproducer, whole)
        seen[work] = seen.get(work, 0) + 1
        point += int(step)
    seen.pop(None, None)
    print(", ".join(f"{work}: {count} points" for work, count in seen.items()))
    if not set(works.split(",")) <= set(seen):
        fail(f"not all that was to be seen: {works}")


main()
