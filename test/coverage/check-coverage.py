#!/usr/bin/env python3
"""Checks that nothing in the tables lacks its tests.

usage: check-coverage.py ROOT [--without FILE ...] [PART ...]

diagnostics  every row of diags.def is used by a call of its severity, and a
             check of some test expects its message
passes       every pass has a test of what it does, one of its messages, and one
             that runs what it made
ops          every op is in the round-trip test, and in a module that some test
             runs
types        every type and element type is in a round-trip test, and in a
             module that some test runs
options      every option of a pass and of a tool is given in some test

--without leaves a test out, to show that its absence is noticed.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

TOOLS = ("tt-opt", "tt-run", "tt-translate", "ttc", "tt-reduce")
complaints = []


def complain(what):
    complaints.append(what)


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


class Tests:
    """The files of test/, as text."""

    def __init__(self, root, without):
        left_out = {(root / "test" / path).resolve() for path in without}
        self.root = root / "test"
        self.texts = {}
        for path in sorted(self.root.rglob("*")):
            own = path.relative_to(self.root).parts[0] == "coverage"
            if path.is_file() and path.resolve() not in left_out and not own:
                text = path.read_bytes().decode("utf-8", "replace")
                self.texts[path.relative_to(self.root).as_posix()] = text

    def run_lines(self):
        """Commands of all tests, continued lines joined, by file."""
        for path, text in self.texts.items():
            joined = re.sub(r"\\\n[^\n]*?RUN:", " ", text)
            for line in re.findall(r"\bRUN: (.*)", joined):
                yield path, line


# -- Diagnostics ----------------------------------------------------------------

ROW = re.compile(r"^([a-z0-9-]+)  (error|warning|note|remark): (.*(?:\n(?![a-z0-9-]+  ).*)*)",
                 re.M)
CALLS = {"error": {"error"}, "warn": {"warning"}, "note": {"note"},
         "remark": {"remark"}}


def words(text):
    return re.findall(r"[A-Za-z_]+|\d+", text)


def literal_words(form):
    """What a format says whatever is put into it."""
    form = re.sub(r"%[-+ #0-9.*lhzjt]*[a-zA-Z]", " \0 ", form.replace("%%", ""))
    return words(form.replace("\0", " "))


def expected_texts(tests):
    """Texts that checks of tests wait for: (text, whether it is a message)."""
    for path, text in tests.texts.items():
        for found in re.findall(r"expected-[a-z]+[^\n{]*\{\{(.*)\}\}", text):
            yield found, True
        if path.endswith((".tt", ".test", ".c", ".cpp")):
            for name, line in re.findall(r"^(?://|#)? *([A-Z][A-Z0-9_-]*): (.*)",
                                         text, re.M):
                if name not in ("RUN", "REQUIRES", "UNSUPPORTED", "XFAIL"):
                    yield line, bool(re.search(r"\b(error|warning|note|remark): ", line))
        if path.endswith((".py", ".c", ".cpp", ".h")):
            joined = re.sub(r'"\s*\n\s*f?"', "", text)
            for found in re.findall(r'"((?:[^"\\\n]|\\.)*)"', joined):
                is_id = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", found)
                yield f"[{found}]" if is_id else found.replace('\\"', '"'), False


def common(a, b):
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        before = 0
        for j, y in enumerate(b):
            now = row[j + 1]
            row[j + 1] = before + 1 if x == y else max(now, row[j])
            before = now
    return row[-1]


def match(text, is_message, rows, by_word):
    """The row whose message `text` expects, or None: it must say at least two
    fifths of what the row always says, and more of it than of any other row."""
    for named in re.findall(r"\[([a-z0-9]+(?:-[a-z0-9]+)*)\\?\]", text):
        if named in rows:
            return named
    said = words(text)
    present = set(said)
    candidates = set().union(*(by_word.get(word, ()) for word in present))
    scores = []
    for name in candidates:
        want = rows[name]
        share = 0.4 if is_message else 0.6
        least = max(min(2, len(want)), share * len(want))
        if sum(word in present for word in want) < least:
            continue
        count = common(want, said)
        if count >= least:
            scores.append((count / len(want), count, name))
    scores.sort(reverse=True)
    if not scores or (len(scores) > 1 and scores[0][:2] == scores[1][:2]):
        return None
    return scores[0][2]


def check_uses(root, severities):
    used = set()
    for folder in ("lib", "passes", "tools"):
        for path in sorted((root / folder).rglob("*.[ch]")):
            text = path.read_text()
            for call in re.finditer(r"TSR_DIAG\(\s*(\w+)\s*\)", text):
                name = call.group(1).replace("_", "-")
                used.add(name)
                before = text[:call.start()]
                function = re.findall(r"\btsr_diag_(error|warn|note|remark)(?:_at)?\(",
                                      before[before.rfind(";") + 1:])
                severity = severities.get(name)
                if severity and function and severity not in CALLS[function[-1]]:
                    complain(f"{path.relative_to(root)}: '{name}' is a row of "
                             f"{severity}s, but reported as another")
                elif severity == "note" and not function:
                    complain(f"{path.relative_to(root)}: '{name}' is a note")
    for name in severities:
        if name not in used:
            complain(f"diagnostic '{name}': no code reports it")


def read_excuses(root):
    lines = (root / "test/coverage/untested.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def check_diagnostics(root, tests):
    listed = ROW.findall(output("tt-opt", "--list-diagnostics"))
    rows = {name: literal_words(form) for name, _, form in listed}
    check_uses(root, {name: severity for name, severity, _ in listed})
    by_word = {}
    for name, want in rows.items():
        for word in want:
            by_word.setdefault(word, set()).add(name)
    met = {match(text, is_message, rows, by_word)
           for text, is_message in set(expected_texts(tests))}
    excused = read_excuses(root)
    for name, severity, form in listed:
        if name not in met and name not in excused:
            complain(f"diagnostic '{name}': no test expects this {severity}: {form}")
    for name in sorted(excused & met | excused - set(rows)):
        complain(f"test/coverage/untested.txt: '{name}' is tested, or is none")


# -- Passes ---------------------------------------------------------------------


def read_passes():
    """name -> its part of the reference, and name -> passes of a pipeline."""
    parts = re.split(r"^## (.*)\n", output("tt-opt", "--help-passes=md"), flags=re.M)
    listed = output("tt-opt", "--list-passes")
    passes = dict(zip(parts[1::2], parts[2::2]))
    pipelines = {}
    for name, runs in re.findall(r"^([a-z][a-z-]*) +(\S+,\S+)$", listed, re.M):
        pipelines[name] = {word for word in re.findall(r"[a-z][a-z-]*", runs)
                           if word in passes}
    return passes, pipelines


def runs_pass(line, name, pipelines):
    """A command that runs what the pass made."""
    if not re.search(r"\btt-run\b|\bttc\b", line):
        return False
    ways = [name] + [other for other, runs in pipelines.items() if name in runs]
    listed = "|".join(map(re.escape, ways))
    return bool(re.search(rf"--passes=[^ ]*(?<![a-z-])(?:{listed})(?![a-z-])", line) or
                re.search(rf"--(?:{listed})(?![a-z-])", line) or
                (re.search(r"\bttc\b", line) and "--run" in line))


def check_passes(root, tests):
    passes, pipelines = read_passes()
    lines = [line for _, line in tests.run_lines()]
    for name in passes:
        what = tests.texts.get(f"passes/{name}.tt", "")
        if not re.search(r"^\s*// CHECK", what, re.M):
            complain(f"pass '{name}': test/passes/{name}.tt does not check what it does")
        sources = (root / "passes").glob(name.replace("-", "_") + "*.c")
        reports = any("TSR_DIAG" in path.read_text() for path in sources)
        wrong = tests.texts.get(f"passes/{name}-invalid.tt", "")
        if reports and "expected-" not in wrong:
            complain(f"pass '{name}': test/passes/{name}-invalid.tt does not check its "
                     "messages")
        if not any(runs_pass(line, name, pipelines) for line in lines):
            complain(f"pass '{name}': no test runs what it made")


# -- Ops and types --------------------------------------------------------------


def strip_comments(text):
    return re.sub(r"//.*", "", text)


def executed(root, tests):
    """Texts of the modules that tests run, as given and at every later stage of
    the default pipeline."""
    runs = {(path, "default") for path in sorted((root / "examples").glob("*.tt"))}
    runs |= {(path, "default") for path in (root / "test/exec").rglob("*.tt")}
    for path, line in tests.run_lines():
        if not re.search(r"\btt-run\b", line):
            continue
        yield strip_comments(tests.texts[path])
        for passes in re.findall(r"tt-run %s.* --passes=(\S+)", line):
            runs.add((root / "test" / path, passes.strip("'")))
    for path, passes in sorted(runs):
        done = subprocess.run(["tt-opt", path, f"--passes={passes}",
                               "--print-ir-after-all"],
                              capture_output=True, text=True, check=False)
        yield strip_comments(path.read_text()) + done.stdout + done.stderr


def check_ops(root, tests):
    every = tests.texts.get("text/Inputs/every-op.tt", "")
    ran = "\n".join(executed(root, tests))
    for row in output("tt-opt", "--help-ops=md").splitlines()[2:]:
        op = row.split("`")[1]
        there = rf"(?<![\w.@%]){re.escape(op)}(?![\w.])"
        if not re.search(there, every):
            complain(f"op '{op}': test/text/Inputs/every-op.tt does not have it")
        if not re.search(there, ran):
            complain(f"op '{op}': no test runs it")


def check_types(root, tests):
    table = (root / "include/tessera/types.def").read_text()
    names = re.findall(r'^TSR_(?:TYPE|ELEMENT)\((?!\.)\w+,\s*"([^"]+)"', table, re.M)
    texts = "\n".join(text for path, text in tests.texts.items()
                      if path.startswith("text/"))
    for name in names:
        if not re.search(rf"(?<![a-z0-9_]){name}\b|x{name}\b", texts):
            complain(f"type '{name}': no test in test/text has it")


# -- Options --------------------------------------------------------------------


def check_options(root, tests):
    everything = "\n".join(tests.texts.values())
    for name, part in read_passes()[0].items():
        for option in re.findall(r"^\| `([a-z-]+)` \|", part, re.M):
            given = rf"{name}(?:\{{|=)[^}}\s]*\b{option}="
            if not re.search(given, everything):
                complain(f"option '{option}' of pass '{name}': no test gives it")
    for tool in TOOLS:
        help_text = output(tool, "--help").partition("\nPasses")[0]
        for option in re.findall(r"^  (--?[a-z][a-z-]*)", help_text, re.M):
            if not re.search(rf"{re.escape(option)}(?![a-z-])", everything):
                complain(f"option '{option}' of {tool}: no test gives it")


CHECKS = {"diagnostics": check_diagnostics, "passes": check_passes, "ops": check_ops,
          "types": check_types, "options": check_options}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("parts", nargs="*", default=list(CHECKS))
    parser.add_argument("--without", action="append", default=[])
    options = parser.parse_intermixed_args()
    tests = Tests(options.root, options.without)
    for part in options.parts:
        CHECKS[part](options.root, tests)
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
