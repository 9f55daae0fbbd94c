"""Runs a command and fails unless it ends with the exit code given first."""

import subprocess
import sys

expected, command = int(sys.argv[1]), sys.argv[2:]
got = subprocess.run(command, check=False).returncode
if got != expected:
    print(f"exit code {got} instead of {expected}: {' '.join(command)}")
sys.exit(got != expected)
