"""Runs modules by `ttc --run` and by `tt-run`, on the same inputs, and compares
the files they write and what they print: compare_roads.py FOLDER MODULE...
"""

import os
import subprocess
import sys
from pathlib import Path

folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)


def outputs(module):
    text = subprocess.run(["tt-run", module], capture_output=True, text=True,
                          check=True).stdout
    return [line.split(":")[0] for line in text.splitlines()
            if line.startswith("out")]


def run(road, command, names, extra):
    files = [folder / f"{road}-{name}.npy" for name in names]
    for name, path in zip(names, files):
        extra = extra + ["--output", f"{name}={path}"]
    done = subprocess.run(command + extra, capture_output=True, text=True,
                          check=True)
    lines = [line for line in done.stdout.splitlines()
             if line.startswith("out") or line in ("PASS", "FAIL")]
    return lines, [path.read_bytes() for path in files]


for module in sys.argv[2:]:
    names = outputs(module)
    out = str(folder / "out")
    for seed, raw in (("0", []), ("7", ["--raw"])):
        options = ["--seed", seed] + raw
        cpp = run("cpp", ["ttc", module, "-o", out, "--run", "--"], names,
                  options)
        here = run("ir", ["tt-run", module, "--passes=default", "--check"],
                   names, options)
        if cpp != here:
            sys.exit(f"{module}, seed {seed}: {cpp[0]} is not {here[0]}, or "
                     "the files differ")
        print(f"the same: {os.path.basename(module)} seed {seed}")
