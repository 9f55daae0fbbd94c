"""Ends a run with --json by signals: standard output is one object that says so,
and the run dies by the signal. Who ignores one goes on, up to another.

usage: interrupt_json.py COMMAND...; the command must run for long.
"""

import json
import signal
import subprocess
import sys


def run(numbers, ignored):
    def prepare():
        for number in numbers:
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

    # The first line of progress says that the run has begun.
    command = [*sys.argv[1:], "--json", "--progress=0"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           preexec_fn=prepare)
    run.stderr.readline()
    for number in numbers:
        run.send_signal(number)
    said, _ = run.communicate()
    return run.returncode, json.loads(said)


def main():
    ends = [((number,), ()) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    ends.append(((signal.SIGHUP, signal.SIGTERM), (signal.SIGHUP,)))
    for numbers, ignored in ends:
        code, said = run(numbers, ignored)
        last = numbers[-1]
        if code != -last or said["exit_status"] != 128 + last or said["passed"]:
            sys.exit(f"{numbers}: ended with {code}: {said}")
        [one] = said["diagnostics"]
        if (one["id"], one["rendered"]) != ("interrupted",
                                            "tt-run: error: interrupted [interrupted]\n"):
            sys.exit(f"{numbers}: {one}")


main()
