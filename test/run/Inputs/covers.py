"""usage: covers.py ROOT OUTPUT

Complains about examples that OUTPUT of `tt-run --check-passes` does not have,
and about passes of the default pipeline that it did not check. That some test runs
what each of the others made is test/coverage's business.
"""

import pathlib
import re
import subprocess
import sys

root, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_text()
steps = re.findall(r"^(\w+): stage \d, ([\w-]+)", output, re.M)
ran = {name for name, _ in steps}
checked = {name for _, name in steps}
missing = []
for path in sorted((root / "examples").glob("*.tt")):
    for name in re.findall(r"^\s*(?:func|host) @(\w+)", path.read_text(), re.M):
        if name not in ran:
            missing.append(f"{path.name}: @{name} is not checked")
listing = subprocess.run(["tt-opt", "--list-passes"], capture_output=True,
                         text=True, check=True).stdout
default = re.search(r"^default +(\S+)$", listing, re.M)
passes = default[1].split(",") if default else []
for name in passes:
    if name not in checked:
        missing.append(f"pass {name} is not checked")
for line in missing:
    print(line)
sys.exit(1 if missing or not passes else 0)
