"""Prints the shared libraries that a command loads: loads.py COMMAND..."""

import os
import re
import subprocess
import sys

done = subprocess.run(
    sys.argv[1:], env={**os.environ, "LD_DEBUG": "files"}, capture_output=True,
    text=True, check=True)
print("\n".join(re.findall(r"calling init: (.*)", done.stderr)))
