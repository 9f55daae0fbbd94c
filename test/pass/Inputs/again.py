"""Forgets which passes ran and runs the whole default pipeline again.

    again.py FOLDER FILE.tt...

From whatever stage it starts, the kernels come out the same.
"""

import os
import re
import subprocess
import sys


def opt(source, out, *options):
    subprocess.run(["tt-opt", source, "-o", out, *options], check=True)
    with open(out) as text:
        forgotten = re.sub(r" passes = \[[^]]*\]", "", text.read(), count=1)
    with open(out, "w") as text:
        text.write(forgotten)
    return forgotten


folder = sys.argv[1]
pipeline = subprocess.run(["tt-opt", "--list-passes"], check=True, text=True,
                          capture_output=True).stdout
passes = re.search(r"^default +(.*)$", pipeline, re.M).group(1).split(",")
for source in sys.argv[2:]:
    start = os.path.join(folder, "start.tt")
    end = os.path.join(folder, "end.tt")
    whole = opt(source, end, "--passes=default")
    for count in range(1, len(passes) + 1):
        opt(source, start, "--passes=" + ",".join(passes[:count]))
        if opt(start, end, "--passes=default") != whole:
            sys.exit("%s: differs after %s" % (source, passes[count - 1]))
    print("%d stages, the same result" % len(passes))
