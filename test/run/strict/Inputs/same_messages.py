"""usage: same_messages.py FOLDER

Runs every module in FOLDER with both engines: what they say must be the same.
"""

import pathlib
import subprocess
import sys

paths = sorted(pathlib.Path(sys.argv[1]).glob("*.tt"))
differing = 0
for path in paths:
    said = [
        subprocess.run(["tt-run", f"--engine={engine}", str(path)],
                       capture_output=True, text=True, check=False).stderr
        for engine in ("interpret", "jit")
    ]
    if said[0] != said[1]:
        differing += 1
        print(f"{path.name}: interpreted:\n{said[0]}compiled:\n{said[1]}")
print(f"{len(paths)} modules, {differing} differ")
sys.exit(1 if differing or not paths else 0)
