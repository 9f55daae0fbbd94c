"""Types lines and a tab into a shell and prints what they become, up to '|'.

usage: type-keys.py bash|zsh COMPLETION-FILE LINE...

A line is completed in a terminal of its own. The shell is then told to show the
line it has: `bind -x` of bash and widgets of zsh hand it to a command.
"""

import os
import pty
import select
import sys
import time

SECONDS = 60  # far more than a machine under load needs
START, END = "\x02", "\x03"

COMMANDS = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}
SETUPS = {
    "bash": """source '{file}'
bind -x '"\\C-g": printf "%b%s|%b" "\\002" "$READLINE_LINE" "\\003"'
""",
    "zsh": """fpath=('{folder}' $fpath)
autoload -Uz compinit; compinit -u -D
show() {{ printf '%b%s|%b' '\\002' "$BUFFER" '\\003' }}
zle -N show; bindkey '^G' show; bindkey '^U' kill-whole-line
unsetopt zle_bracketed_paste beep
""",
}


def read_until(terminal, mark):
    text = b""
    end = time.monotonic() + SECONDS
    while mark not in text:
        left = end - time.monotonic()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            sys.exit(f"the shell did not answer; so far: {text!r}")
        text += os.read(terminal, 65536)
    return text


def open_shell(command):
    child, terminal = pty.fork()
    if child == 0:
        # A terminal without width: nothing is wrapped.
        os.environ.update(TERM="dumb", PS1="$ ", COLUMNS="500", INPUTRC="/dev/null")
        os.execvp(command[0], command)
    return terminal


def main():
    shell, file = sys.argv[1:3]
    terminal = open_shell(COMMANDS[shell])
    setup = SETUPS[shell].format(file=file, folder=os.path.dirname(file))
    os.write(terminal, (setup + "printf 'rea%s\\n' dy\n").encode())
    read_until(terminal, b"ready\r\n")
    for line in sys.argv[3:]:
        os.write(terminal, line.encode() + b"\t\x07")
        answer = read_until(terminal, END.encode()).decode()
        print(answer.split(START)[-1].split(END)[0])
        os.write(terminal, b"\x15")
    os.write(terminal, b"exit\n")


main()
