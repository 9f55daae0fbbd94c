#!/usr/bin/env python3
"""Starts a command, waits until a file of its last --test-arg is there, and
interrupts it as a terminal does. Its exit code is that of the command."""

import os
import signal
import subprocess
import sys
import time

marker = next(word for word in sys.argv if word.startswith("--test-arg=")).split("=", 1)[1]
child = subprocess.Popen(sys.argv[1:])
while child.poll() is None and not os.path.exists(marker):
    time.sleep(0.01)
if child.poll() is None:
    child.send_signal(signal.SIGINT)
sys.exit(child.wait(timeout=20))
