#!/usr/bin/env python3
"""Checks that nothing in the tables lacks its tests.

usage: check-coverage.py ROOT [--without FILE ...] [PART ...]

diagnostics  every row of diags.def is used by a call of its severity, and a
             check of what a tool that has it printed expects its message
passes       every pass has a test of what it does, one of its messages, and one
             that runs what it made: the pass is in the pipeline of that run.
             It says which op it is at
ops          every op is in the round-trip test, and in a module that some test
             runs
types        every type and element type is in a round-trip test, and what can
             be computed with is in a module that some test runs
options      every option of a pass is given to that pass, and every option of a
             tool to that tool, in a command that does not expect it to be refused

--without leaves a test out, to show that its absence is noticed.
"""

import argparse
import re
import shlex
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


class Command:
    """One run of a tool in a RUN line."""

    def __init__(self, path, tool, arguments, exit_codes):
        self.path, self.tool, self.arguments = path, tool, arguments
        self.succeeds = exit_codes == {0}
        self.is_refused = 2 in exit_codes  # as far as the test says

    def given(self):
        """Options as (name, value); what stands behind -- is another program's."""
        for argument in self.arguments:
            if argument == "--":
                return
            if argument.startswith("-"):
                name, _, value = argument.partition("=")
                yield name, value


def parse_commands(path, line):
    """The runs of tools in a line of shell, also inside of `sh -c '...'`."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;()<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError:  # a quote is open: a line to complete
        return
    parts = [[]]
    for word in words:
        if word and not word.strip("|&;()"):
            parts.append([])
        else:
            parts[-1].append(word)
    for part in parts:
        places = [i for i, word in enumerate(part) if word.split("/")[-1] in TOOLS]
        if places:
            at = places[0]
            said = re.search(r"exit-code\.py (\d)", " ".join(part[:at]))
            codes = {int(said[1])} if said else {1, 2, 3} if "not" in part[:at] else {0}
            yield Command(path, part[at].split("/")[-1], part[at + 1:], codes)
        else:
            for word in part:
                if re.search(r"\s", word) and any(tool in word for tool in TOOLS):
                    yield from parse_commands(path, word)


class Tests:
    """The files of test/, as text, and the commands in them."""

    def __init__(self, root, without):
        left_out = {(root / "test" / path).resolve() for path in without}
        self.root = root / "test"
        self.texts = {}
        for path in sorted(self.root.rglob("*")):
            own = path.relative_to(self.root).parts[0] == "coverage"
            if path.is_file() and path.resolve() not in left_out and not own:
                text = path.read_bytes().decode("utf-8", "replace")
                self.texts[path.relative_to(self.root).as_posix()] = text
        self.lines = {path: self.find_lines(text) for path, text in self.texts.items()}
        self.commands = [command for path, lines in self.lines.items()
                         for line in lines for command in parse_commands(path, line)]

    @staticmethod
    def find_lines(text):
        """Commands of a test, continued lines joined."""
        joined = re.sub(r"\\\n[^\n]*?RUN:", " ", text)
        lines = re.findall(r"^(?://|#)? *RUN: (.*)", joined, re.M)
        for name, value in re.findall(r"^(?://|#)? *DEFINE: *(%\{\w+\}) *= *(.*)", joined,
                                      re.M):
            lines = [line.replace(name, value) for line in lines]
        return lines

    def run_lines(self):
        for path, lines in self.lines.items():
            for line in lines:
                yield path, line

    def tools_of(self, path):
        return {command.tool for command in self.commands if command.path == path}


# -- Diagnostics ----------------------------------------------------------------

ROW = re.compile(r"^([a-z0-9-]+)  (error|warning|note|remark): (.*(?:\n(?![a-z0-9-]+  ).*)*)",
                 re.M)
CALLS = {"error": {"error"}, "warn": {"warning"}, "note": {"note"},
         "remark": {"remark"}}
LIBRARY = "library"  # stands for the programs of tests that call it
HOLE = re.compile(r"%[-+ #0-9.*lhzjt]*[a-zA-Z]")
ANY = "\0"  # whatever stands there


def words(text):
    return re.findall(r"[A-Za-z_]+|\d+", text)


def literal(form):
    """What a format says whatever is put into it."""
    return "%".join(HOLE.sub(ANY, part) for part in form.split("%%"))


class Expectation:
    """A text that a check waits for."""

    def __init__(self, path, severity, text, tools, from_start):
        self.path, self.severity, self.text, self.tools = path, severity, text, tools
        self.from_start = from_start  # the message begins so


def plain(pattern):
    """A FileCheck pattern or a regular expression, what varies left open."""
    return re.sub(r"\{\{.*?\}\}|%?\[\[[^\]]*\]\]", ANY, pattern)


def plain_regex(pattern):
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)(\.|\[.*?\])[*+]?|\(.*?\)", ANY,
                                         pattern))


def prefixes_of(line):
    """Prefixes of checks that a RUN line reads."""
    for command in re.findall(r"\bFileCheck\b[^|;&]*", line):
        names = re.findall(r"--?check-prefix(?:es)?[= ](\S+)", command)
        yield from (name.strip("'\"") for found in names or ["CHECK"]
                    for name in found.split(","))


def read_prefixes(tests, path):
    """prefix -> tools whose output is checked with it. A line without a tool reads
    what any of the file's wrote."""
    everything = tests.tools_of(path)
    found = {}
    for line in tests.lines[path]:
        tools = {command.tool for command in parse_commands(path, line)} or everything
        for name in prefixes_of(line):
            found.setdefault(name, set()).update(tools)
    return found


MESSAGE = re.compile(r"\b(error|warning|note|remark): (.*)")
CHECK_LINE = r"^(?:.*?[^\w\n-])?%s(?:-NEXT|-SAME|-DAG|-COUNT-\d+)?:(.*)"


LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def read_literals(text):
    """Literals of a program, adjacent ones as one, a macro between them open."""
    joined, end = None, 0
    for found in LITERAL.finditer(text):
        between = re.fullmatch(r"[\s\\]*(\w+)?[\s\\]*", text[end:found.start()])
        if joined is not None and between:
            joined += (ANY if between[1] else "") + found[1]
        else:
            if joined:
                yield joined
            joined = found[1]
        end = found.end()
    if joined:
        yield joined


def expected_texts(tests):
    """What checks of tests wait for. Only what was printed or reported is looked
    at: the comments of --verify-diagnostics, the patterns of prefixes that a run of
    FileCheck in the same file reads, and what programs of tests compare messages
    and their ids with: C over the library, Python over tools."""
    for path, text in tests.texts.items():
        by = set()
        if re.match(r"(unit|sim)/[^/]*\.c$", path) and '#include "tessera/' in text:
            by = {LIBRARY}
        elif re.search(r"/Inputs/[^/]*\.py$", path):
            by = {tool for tool in TOOLS if f'"{tool}"' in text}
            by |= {command.tool for _, line in tests.run_lines()
                   if path.rpartition("/")[2] in line
                   for command in parse_commands(path, line)}
        for found in read_literals(text) if by else ():
            is_id = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", found)
            shown = f"[{found}]" if is_id else found.replace('\\"', '"')
            yield Expectation(path, None, shown, by, False)
        tools = tests.tools_of(path)
        if any(name == "--verify-diagnostics" for command in tests.commands
               if command.path == path for name, _ in command.given()):
            for severity, regex, found in re.findall(
                    r"expected-(error|warning|note|remark)(-re)?[^\n{]*\{\{(.*)\}\}", text):
                shown = plain_regex(found) if regex else found
                yield Expectation(path, severity, shown, tools, False)
        for prefix, tools in read_prefixes(tests, path).items():
            for line in re.findall(CHECK_LINE % re.escape(prefix), text, re.M):
                if line.startswith("{LITERAL}"):
                    line = line[len("{LITERAL}:"):]
                found = MESSAGE.search(line)
                named = re.search(r"\[([a-z0-9]+(?:-[a-z0-9]+)*)\]", line)
                if found:
                    yield Expectation(path, found[1], plain(found[2]), tools, True)
                elif named:
                    yield Expectation(path, None, plain(line), tools, False)


def split(text):
    return re.findall(rf"{ANY}|(?<=\d)x|[A-Za-z_]+|\d+|\s+|[^\w\s]", text)


def align(said, row):
    """How many words of `row` it is that `said` says, both with ANY for what is left
    open, read so that few words of `said` fill holes of `row`. None: no text reads
    like both. A hole may hold a colon only at the end: what stands in front of one
    is where a message comes from, and the message must begin with the row."""
    a, b = split(said), split(row)
    best = {(0, 0): (0, 0)}

    def reach(i, j, came, both, filled):
        now = (came[0] + 2 * both - filled, came[1] + both)
        if now > best.get((i, j), (-10**6, 0)):
            best[i, j] = now

    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            came = best.get((i, j))
            if came is None:
                continue
            x, y = a[i] if i < len(a) else None, b[j] if j < len(b) else None
            if x == ANY:
                reach(i + 1, j, came, 0, 0)
            if y == ANY:
                reach(i, j + 1, came, 0, 0)
            if x == ANY and y:
                reach(i, j + 1, came, 0, 0)
            if y == ANY and x and (x != ":" or j + 1 == len(b)):
                reach(i + 1, j, came, 0, int(x[0].isalnum()))
            if x and x == y and x != ANY:
                reach(i + 1, j + 1, came, int(x[0].isalnum()), 0)
    found = best.get((len(a), len(b)))
    return found[1] if found else 0


class Row:
    def __init__(self, name, severity, form):
        self.name, self.severity, self.form = name, severity, form
        self.text = literal(form)
        self.words = words(self.text)
        self.tools = set(TOOLS)


def best_row(text, expected, rows, by_word):
    present = set(words(text))
    scores = []
    for name in set().union(*(by_word.get(word, ()) for word in present)):
        row = rows[name]
        share = 0.4 if expected.severity else 0.6
        least = max(min(2, len(row.words)), share * len(row.words))
        if expected.severity not in (None, row.severity) or \
           not expected.tools & row.tools or \
           sum(word in present for word in row.words) < least:
            continue
        both = align(("" if expected.from_start else ANY) + text + ANY, row.text)
        if both >= least:
            scores.append((both / len(row.words), both, name))
    scores.sort(reverse=True)
    if not scores or (len(scores) > 1 and scores[0][:2] == scores[1][:2]):
        return None
    return scores[0][2]


def match(expected, rows, by_word):
    """The row whose message is expected, or None. Either the row is named, or a
    message of the row reads so, at least two fifths of what the row always says are
    there (three, where it is not known to be a message), and no other row fits as
    well. In front of a message there may be what another one says about its place."""
    text = expected.text.strip()
    named = re.search(r" ?\[([a-z0-9]+(?:-[a-z0-9]+)*)\]$", text)
    if named:
        return named[1] if named[1] in rows else None
    found = best_row(text, expected, rows, by_word)
    if not found and ": " in text:
        found = best_row(text.rpartition(": ")[2], expected, rows, by_word)
    return found


def check_uses(root, rows):
    """Also notes which tools have a row: those whose folders report it."""
    used = {}
    for folder in ("lib", "passes", "tools"):
        for path in sorted((root / folder).rglob("*.[ch]")):
            text = path.read_text()
            for call in re.finditer(r"TSR_DIAG\(\s*(\w+)\s*\)", text):
                name = call.group(1).replace("_", "-")
                own = path.relative_to(root).parts[1]
                used.setdefault(name, set()).update({own} if own in TOOLS else (*TOOLS, LIBRARY))
                before = text[:call.start()]
                function = re.findall(r"\btsr_diag_(error|warn|note|remark)(?:_at)?\(",
                                      before[before.rfind(";") + 1:])
                severity = rows[name].severity if name in rows else None
                if severity and function and severity not in CALLS[function[-1]]:
                    complain(f"{path.relative_to(root)}: '{name}' is a row of "
                             f"{severity}s, but reported as another")
                elif severity == "note" and not function:
                    complain(f"{path.relative_to(root)}: '{name}' is a note")
    for name, row in rows.items():
        row.tools = used.get(name, set())
        if name not in used:
            complain(f"diagnostic '{name}': no code reports it")


def read_excuses(root):
    lines = (root / "test/coverage/untested.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def check_diagnostics(root, tests):
    listed = ROW.findall(output("tt-opt", "--list-diagnostics"))
    rows = {name: Row(name, severity, form) for name, severity, form in listed}
    check_uses(root, rows)
    by_word = {}
    for name, row in rows.items():
        for word in row.words:
            by_word.setdefault(word, set()).add(name)
    met = {match(expected, rows, by_word) for expected in expected_texts(tests)}
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


def read_pipeline(text):
    """The runs of a pipeline's text, as (name, text of its options)."""
    return re.findall(r"([a-z][a-z0-9-]*)(?:\{((?:\"[^\"]*\"|[^}\"])*)\})?,?", text)


def runs_of(command, passes, pipelines):
    """What a command puts a module through, as (pass or pipeline, options)."""
    given = list(command.given())
    for name, value in given:
        if name == "--passes":
            yield from read_pipeline(value)
        elif name[2:] in passes or name[2:] in pipelines:
            yield name[2:], value
    if not any(name == "--passes" for name, _ in given) and \
       (command.tool == "ttc" or
        command.tool == "tt-run" and ("--check-passes", "") in given):
        yield "default", ""


def executed_passes(tests, passes, pipelines):
    """Passes that some test runs a module after."""
    for command in tests.commands:
        given = {name for name, _ in command.given()}
        if not command.succeeds or not (command.tool == "tt-run" or
                                        command.tool == "ttc" and "--run" in given):
            continue
        for name, _ in runs_of(command, passes, pipelines):
            yield from pipelines.get(name, {name})


def check_passes(root, tests):
    passes, pipelines = read_passes()
    ran = set(executed_passes(tests, passes, pipelines))
    for name in passes:
        what = tests.texts.get(f"passes/{name}.tt", "")
        if not re.search(r"^\s*// CHECK", what, re.M):
            complain(f"pass '{name}': test/passes/{name}.tt does not check what it does")
        sources = [path.read_text()
                   for path in (root / "passes").glob(name.replace("-", "_") + "*.c")]
        if sources and not any("tsr_pass_env_at(" in text for text in sources):
            complain(f"pass '{name}': passes/{name.replace('-', '_')}.c says of no op "
                     "that it is at it (tsr_pass_env_at), for when it crashes")
        reports = any("TSR_DIAG" in text for text in sources)
        wrong = tests.texts.get(f"passes/{name}-invalid.tt", "")
        if reports and "expected-" not in wrong:
            complain(f"pass '{name}': test/passes/{name}-invalid.tt does not check its "
                     "messages")
        if name not in ran:
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
    rows = re.findall(r'^TSR_(?:TYPE|ELEMENT)\((?!\.)\w+,\s*"([^"]+)"([^)]*)\)', table,
                      re.M)
    texts = "\n".join(text for path, text in tests.texts.items()
                      if path.startswith("text/"))
    ran = "\n".join(executed(root, tests))
    for name, rest in rows:
        there = rf"(?<![\w.@%]){name}\b|\dx{name}\b"
        if not re.search(there, texts):
            complain(f"type '{name}': no test in test/text has it")
        is_only_text = rest.split(",")[-1].strip() == "false"
        if not is_only_text and not re.search(there, ran):
            complain(f"type '{name}': no test runs it")


# -- Options --------------------------------------------------------------------


def check_options(root, tests):
    passes, pipelines = read_passes()
    given, to_passes = set(), set()
    for command in tests.commands:
        if command.is_refused:
            continue
        given.update((command.tool, name) for name, _ in command.given())
        for name, options in runs_of(command, passes, pipelines):
            to_passes.update((name, option)
                             for option in re.findall(r"([a-z0-9-]+)=", options))
    for name, part in passes.items():
        for option in re.findall(r"^\| `([a-z0-9-]+)` \|", part, re.M):
            if (name, option) not in to_passes:
                complain(f"option '{option}' of pass '{name}': no test gives it")
    for tool in TOOLS:
        help_text = output(tool, "--help").partition("\nPasses")[0]
        for option in re.findall(r"^  (--?[a-z][a-z0-9-]*)", help_text, re.M):
            if (tool, option) not in given:
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
    for line in complaints:
        print(line)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
