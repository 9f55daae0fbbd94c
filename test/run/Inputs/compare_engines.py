"""Runs modules with both engines of tt-run and compares all they say: results,
times, messages, exit codes.

    compare_engines.py stages MODULE...   lowered as far as there are kernels,
                                          and each pass further
    compare_engines.py broken COUNT MODULE...   as given, with lines of their
                                          kernels left out, repeated or changed,
                                          more or less strict
"""

import os
import random
import re
import subprocess
import sys

CUTS = ["split-kernels", "insert-inits", "layout-runtime-args"]


def run(text, name, engine, strict):
    done = subprocess.run(
        ["tt-run", "-", "--engine=" + engine, "--seed", "3", "--timing",
         "--strict=" + strict],
        input=text, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{name}: --engine={engine} ends with {done.returncode}: "
                 f"{done.stderr}")
    return done.returncode, done.stdout, done.stderr


def compare(text, name, strict="error"):
    """Returns the exit code of both."""
    results = [run(text, name, engine, strict)
               for engine in ("interpret", "jit")]
    if results[0] != results[1]:
        sys.exit(f"{name}: interpreted {results[0]}\nnative {results[1]}")
    return results[0][0]


def lower(path, passes):
    command = ["tt-opt", path]
    if passes:
        command.append("--passes=" + ",".join(passes))
    return subprocess.run(command, capture_output=True, text=True,
                          check=True).stdout


def is_lowered(path):
    with open(path, encoding="utf-8") as file:
        return re.search(r"^\s*program ", file.read(), re.M)


def passes_up_to(path, last):
    """The default pipeline up to the last pass of that name."""
    text = lower(path, ["default"])
    recorded = re.search(r"passes = \[(.*?)\]", text).group(1)
    passes = re.findall(r"'([^']*)'", recorded)
    names = [each.split("{")[0] for each in passes]
    return passes[:len(names) - names[::-1].index(last)]


def stages(paths):
    for path in paths:
        name = os.path.basename(path)
        if is_lowered(path):
            code = compare(lower(path, []), name)
            print(f"{name}: the same, exit code {code}")
            continue
        for cut in CUTS:
            code = compare(lower(path, passes_up_to(path, cut)), f"{name} {cut}")
            print(f"{name} after {cut}: the same, exit code {code}")


def break_somewhere(lines, chance):
    """Changes one line inside of the kernels."""
    first = next(i for i, line in enumerate(lines) if "kernel @" in line)
    at = chance.randrange(first + 1, len(lines) - 2)
    how = chance.choice(["drop", "repeat", "swap", "number", "number"])
    if how == "drop":
        return lines[:at] + lines[at + 1:]
    if how == "repeat":
        return lines[:at] + [lines[at]] + lines[at:]
    if how == "swap":
        return lines[:at] + [lines[at + 1], lines[at]] + lines[at + 2:]
    numbers = list(re.finditer(r"\b\d+\b", lines[at]))
    if not numbers:
        return lines[:at] + lines[at + 1:]
    which = chance.choice(numbers)
    value = chance.choice(["0", "1", "2", "3", "7", "1000"])
    line = lines[at][:which.start()] + value + lines[at][which.end():]
    return lines[:at] + [line] + lines[at + 1:]


def broken(count, paths):
    for path in paths:
        name = os.path.basename(path)
        lines = lower(path, [] if is_lowered(path) else ["default"]).splitlines()
        chance = random.Random(name)
        codes = [0, 0]
        for number in range(int(count)):
            text = "\n".join(break_somewhere(lines, chance)) + "\n"
            strict = chance.choice(["error", "warn", "off"])
            codes[compare(text, f"{name} broken {number}", strict)] += 1
        print(f"{name}: the same, {codes[0]} ran, {codes[1]} failed")


if sys.argv[1] == "stages":
    stages(sys.argv[2:])
else:
    broken(sys.argv[2], sys.argv[3:])
