"""Runs every shape on every grid: product.py FOLDER KIND SHAPE... -- GRID...

A grid is RxC on wormhole_b0, or TARGET:RxC.
"""

import os
import subprocess
import sys

folder, kind = sys.argv[1:3]
split = sys.argv.index("--")
shapes, grids = sys.argv[3:split], sys.argv[split + 1:]
os.makedirs(folder, exist_ok=True)
generator = os.path.join(os.path.dirname(__file__), "program.py")
source = os.path.join(folder, "in.tt")
for shape in shapes:
    for grid in grids:
        target, _, size = grid.rpartition(":")
        options = ["--grid=" + size]
        if target:
            options.append("--target=" + target)
        with open(source, "w") as out:
            subprocess.run([sys.executable, generator, kind, shape] + options,
                           stdout=out, check=True)
        print("%s %s on %s" % (kind, shape, grid), flush=True)
        subprocess.run(["ttc", source, "-o", os.path.join(folder, "out"),
                        "--run"], check=True)
