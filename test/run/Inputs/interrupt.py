"""Interrupts a run that has begun, and sees that it leaves no file.

usage: interrupt.py FOLDER COMMAND...; the command must report on stderr.
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
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if not run.stderr.readline():
        sys.exit("interrupt: the command ended without a word")
    run.send_signal(signal.SIGINT)
    run.stderr.read()
    if run.wait() == 0:
        sys.exit("interrupt: the command was done before")
    if os.listdir(folder):
        sys.exit(f"interrupt: left behind: {os.listdir(folder)}")


main()
