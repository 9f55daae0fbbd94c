"""Compiles and runs random programs: random_runs.py FOLDER SEED..."""

import os
import subprocess
import sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
generator = os.path.join(os.path.dirname(__file__), "random_program.py")
for seed in sys.argv[2:]:
    source = os.path.join(folder, seed + ".tt")
    with open(source, "w") as out:
        subprocess.run([sys.executable, generator, seed], stdout=out, check=True)
    done = subprocess.run(["ttc", source, "-o", os.path.join(folder, "out"),
                           "--run", "--", "--seed", seed])
    if done.returncode:
        sys.exit("seed %s failed, see %s" % (seed, source))
