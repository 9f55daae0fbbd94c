"""Interrupts a run that has begun, and sees that it ends by that and leaves no
file.

usage: interrupt.py FOLDER [--after=TEXT] COMMAND...; the command must print a
line, and is interrupted after the first, or after one with that text.
"""

import os
import signal
import subprocess
import sys
import time


def main():
    folder, command, after = sys.argv[1], sys.argv[2:], ""
    if command[0].startswith("--after="):
        after = command.pop(0).partition("=")[2]
    # A shell's background job would ignore Ctrl-C.
    run = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if not any(after in line for line in run.stdout):
        sys.exit("interrupt: the command ended without a word")
    if after:
        time.sleep(0.2)  # for what would be written too early
    run.send_signal(signal.SIGINT)
    said = run.stdout.read()
    if run.wait() != -signal.SIGINT:
        sys.exit(f"interrupt: ended with {run.returncode}: {said}")
    if os.listdir(folder):
        sys.exit(f"interrupt: left behind: {os.listdir(folder)}")


main()
