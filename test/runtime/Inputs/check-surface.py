# Every name that names.txt lists must be used by the programs beside it.

import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])
text = "\n".join(path.read_text() for path in folder.glob("*.cpp"))
names = [
    name
    for line in (folder / "names.txt").read_text().splitlines()
    if line and not line.startswith("#")
    for name in line.split(":", 1)[1].split()
]
missing = [name for name in names if not re.search(r"\b%s\b" % re.escape(name), text)]
for name in missing:
    print("no program uses %s" % name)
print("%d names" % len(names))
sys.exit(1 if missing or len(names) < 400 else 0)
