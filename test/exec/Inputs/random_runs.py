"""Compiles and runs random programs: random_runs.py FOLDER SEED...

A seed may be a range, 100-199.
"""

import os
import subprocess
import sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
generator = os.path.join(os.path.dirname(__file__), "random_program.py")
seeds = []
for text in sys.argv[2:]:
    first, _, last = text.partition("-")
    seeds += [str(n) for n in range(int(first), int(last or first) + 1)]
for seed in seeds:
    source = os.path.join(folder, seed + ".tt")
    with open(source, "w") as out:
        subprocess.run([sys.executable, generator, seed], stdout=out, check=True)
    done = subprocess.run(["ttc", source, "-o", os.path.join(folder, "out"),
                           "--run", "--", "--seed", seed])
    if done.returncode:
        sys.exit("seed %s failed, see %s" % (seed, source))
