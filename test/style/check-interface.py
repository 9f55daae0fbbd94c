#!/usr/bin/env python3
"""Holds the library against its public headers.

usage: check-interface.py ROOT BUILD

Every function they declare is there, and nothing else can be seen; each has a
docstring; docs/api.md is what scripts/generate-api.py prints; and no variable
outlives a call but those named below, so that threads do not meet.
"""

import subprocess
import sys
from pathlib import Path

# Variables of the whole process, and why they may be.
SHARED = {
    # The table of ops, split once, by whoever is first (call_once).
    "tsr_op_rows", "has_tables", "tables_once", "kinds_by_mnemonic", "name_text",
    # What the processor can do, found out once.
    "chosen", "__cpu_model", "__cpu_features2",
    # The module that has LLVM, opened once under a lock.
    "opened", "mutex",
    # The handler of operator new, which is the process's; whether a thread is in LLVM.
    "set_handler", "others", "once", "depth",
    # Handlers of signals, which belong to the process, counted under a lock.
    "before", "runs", "watched",
    # Of each thread: the one that runs, and what signals find.
    "running", "before_stack", "before_hold", "holds", "handler_stack", "own",
    # Of each thread: what it has half done, and what it does without memory.
    "half_done", "handler",
    # Which thread ends the program, without memory.
    "is_ending", "is_first",
    # Files that the program read and must not replace, under a lock.
    "kept",
    # The linker's and the compiler's own.
    "completed", "__TMC_END__", "__dso_handle", "__bss_start", "_edata", "_end",
}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and done.stderr:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def shown(path):
    lines = run("nm", "-D", "--defined-only", path).splitlines()
    return {line.split()[-1] for line in lines}


def variables(path):
    for line in run("objdump", "-t", path).splitlines():
        words = line.split()
        sections = {".bss", ".data", ".tbss", ".tdata"}
        if len(words) > 3 and sections & set(words[2:-2]):
            yield words[-1].split(".")[0]


def main(root, build):
    api = root / "scripts/generate-api.py"
    library = build / "lib/libtessera.so"
    wrong = run(sys.executable, api, root, "--undocumented").split("\n")
    wrong = [line for line in wrong if line]
    if run(sys.executable, api, root) != (root / "docs/api.md").read_text():
        wrong.append("docs/api.md is old: scripts/generate-api.py . > docs/api.md")

    declared = set(run(sys.executable, api, root, "--names").split())
    there = shown(library)
    wrong += [f"{name} is declared, and not seen in the library; is its header "
              "within TSR_BEGIN_DECLS?" for name in sorted(declared - there)]
    wrong += [f"{name} is seen outside of the library, and in no public header"
              for name in sorted(there - declared)]
    # Plug-ins find everything in tt-run, all but running in the others.
    names = {tool: {name for name in shown(build / "bin" / tool)
                    if name.startswith("tsr_")} for tool in ("tt-opt", "tt-run")}
    if names["tt-run"] != there:
        wrong.append("tt-run does not show what the library does")
    if not names["tt-opt"] < there or "tsr_pipeline_run" not in names["tt-opt"]:
        wrong.append("tt-opt does not show part of what the library does")

    wrong += [f"variable '{name}' is shared by all threads"
              for name in sorted(set(variables(library)) - SHARED)]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
