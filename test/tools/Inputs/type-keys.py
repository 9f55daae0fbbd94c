"""Types lines and a tab into bash and prints what they become, up to '|'.

usage: type-keys.py COMPLETION-FILE LINE...

A line is completed in a terminal of its own. bash is then told to show the
line it has: `bind -x` hands it to a command as READLINE_LINE.
"""

import os
import pty
import select
import sys
import time

SECONDS = 60  # far more than a machine under load needs
START, END = "\x02", "\x03"


def read_until(terminal, mark):
    text = b""
    end = time.monotonic() + SECONDS
    while mark not in text:
        left = end - time.monotonic()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            sys.exit(f"bash did not answer; so far: {text!r}")
        text += os.read(terminal, 65536)
    return text


def open_bash():
    child, terminal = pty.fork()
    if child == 0:
        # A terminal without width: nothing is wrapped.
        os.environ.update(TERM="dumb", PS1="$ ", COLUMNS="500", INPUTRC="/dev/null")
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    return terminal


def main():
    terminal = open_bash()
    setup = f"""source '{sys.argv[1]}'
bind -x '"\\C-g": printf "%b%s|%b" "\\002" "$READLINE_LINE" "\\003"'
printf 'rea%s\\n' dy
"""
    os.write(terminal, setup.encode())
    read_until(terminal, b"ready\r\n")
    for line in sys.argv[2:]:
        os.write(terminal, line.encode() + b"\t\x07")
        answer = read_until(terminal, END.encode()).decode()
        print(answer.split(START)[-1].split(END)[0])
        os.write(terminal, b"\x15")
    os.write(terminal, b"exit\n")


main()
