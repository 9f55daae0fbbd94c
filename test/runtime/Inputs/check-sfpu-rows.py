# Every row of the vector unit's table must be called by a test.

import pathlib
import re
import sys

table, tests = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
rows = re.findall(
    r'TSR_SIM_(?:UNARY|BINARY|TERNARY|WHOLE)\(\s*\w+,\s*"(\w+)"', table.read_text()
)
text = "\n".join(path.read_text() for path in tests.glob("sfpu*.cpp"))
missing = [call for call in rows if not re.search(r"\b%s\b *[<(]" % call, text)]
for call in missing:
    print("no test calls %s" % call)
print("%d rows" % len(rows))
sys.exit(1 if missing or len(rows) < 150 else 0)
