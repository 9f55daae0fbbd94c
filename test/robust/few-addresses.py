"""Runs a command with ever more addresses (`ulimit -v`), until that is enough.

    few-addresses.py FIRST STEP LAST COMMAND... -o FILE | --output=out0=FILE

FIRST, STEP and LAST are megabytes; the output is the last argument. Each run must
end with exit code 1 and one error that says what is missing, and no output, or as
with all addresses. With --json, standard output is one JSON object in all of them.
"""

import json
import os
import resource
import subprocess
import sys

first, step, last = map(int, sys.argv[1:4])
command = sys.argv[4:]
output = command[-1].rpartition("=")[2]

# As in starve.py.
LOADER_ENDS = "cannot allocate memory for thread-local data: ABORT"


def limit(megabytes):
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def has_result(run):
    if "--json" not in command:
        return True
    try:
        return json.loads(run.stdout)["exit_status"] == run.returncode
    except (ValueError, KeyError):
        return False


runs = 0
for megabytes in range(first, last + 1, step):
    if os.path.exists(output):
        os.unlink(output)
    run = subprocess.run(command, capture_output=True, text=True, timeout=60,
                         preexec_fn=lambda: limit(megabytes))
    runs += 1
    if not has_result(run) and LOADER_ENDS not in run.stderr:
        sys.exit(f"{megabytes} MB: {run.stdout!r}, {run.stderr}")
    if run.returncode == 0 and os.path.exists(output):
        break
    if run.returncode == 127 and LOADER_ENDS in run.stderr:
        continue
    words = ("out of memory", "Cannot allocate memory")
    if run.returncode != 1 or os.path.exists(output) or \
       not any(word in run.stdout + run.stderr for word in words):
        sys.exit(f"{megabytes} MB: exit code {run.returncode}, {run.stderr}")
print(f"{runs} runs")
