"""Says which machine ops, those with a row in a printer's table, a module does
not have: every_op.py calls.def MODULE
"""

import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    ids = sorted(set(re.findall(r"^TSR_CALL\((\w+)", file.read(), re.M)))
with open(sys.argv[2], encoding="utf-8") as file:
    words = set(re.findall(r"[\w.]+", file.read()))
missing = [each for each in ids if each.replace("_", ".", 1) not in words]
print(f"{len(ids)} ops, not here: {', '.join(missing) or 'none'}")
