"""Interrupts a run that has begun, and sees that it ends by that and leaves no
file.

usage: interrupt.py FOLDER COMMAND...; the command must print a line first.
"""

import os
import signal
import subprocess
import sys


def main():
    folder, command = sys.argv[1], sys.argv[2:]
    # A shell's background job would ignore Ctrl-C.
    run = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if not run.stdout.readline():
        sys.exit("interrupt: the command ended without a word")
    run.send_signal(signal.SIGINT)
    said = run.stdout.read()
    if run.wait() != -signal.SIGINT:
        sys.exit(f"interrupt: ended with {run.returncode}: {said.decode()}")
    if os.listdir(folder):
        sys.exit(f"interrupt: left behind: {os.listdir(folder)}")


main()
