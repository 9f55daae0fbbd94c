#!/usr/bin/env python3
"""Checks that the documentation says what the program is.

usage: check-docs.py tables|examples|links|rules ROOT
       check-docs.py sessions ROOT PAGE...
       check-docs.py sessions-in ROOT PAGE...

tables    every row of ops.def, types.def, passes.def and backends.def has its
          place in docs/ and its test
examples  modules in docs/ir.md (fenced as `tt`) pass tt-opt's verifiers, and
          ops in it (fenced as `ops`) stand in the test that round-trips all
links     links between pages lead somewhere, and what a page shows as a part
          of a file (`<!-- part of: FILE -->` before a fence) stands in it
sessions  commands in these pages (fenced as `console`, behind `$ `) print what
          the page says, where a line `...` stands for any lines; each page has
          a folder of its own, with the files that it gives; pictures that they
          draw are those in docs/images
sessions-in
          the same in ROOT, where the files are already
rules     every message of the model about a broken rule is in docs/model.md,
          every one that is proved before in docs/running.md, and a test breaks
          it
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

complaints = []


def complain(page, what):
    complaints.append(f"{page}: {what}")


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def output(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def blocks(text, language):
    """Fenced blocks of one language: (line number, content)."""
    fence = re.compile(rf"^```{language}\n(.*?)^```$", re.M | re.S)
    return [(text.count("\n", 0, found.start()) + 1, found.group(1))
            for found in fence.finditer(text)]


def rows(path, macro):
    """Arguments of each use of a macro: strings joined, the rest as it is."""
    text = re.sub(r'"\s*\n\s*"', "", path.read_text())
    uses = re.findall(rf"^{macro}\(([^#]*?)\)$", text, re.M | re.S)
    return [[part.strip().strip('"')
             for part in re.findall(r'"[^"]*"|[^,\s][^,]*', use)]
            for use in uses if "..." not in use]


# -- Tables ---------------------------------------------------------------------


def check_ops(root):
    page = (root / "docs/ir.md").read_text().splitlines()
    for row in output("tt-opt", "--help-ops=md").splitlines():
        if row not in page:
            complain("docs/ir.md", f"this row is missing:\n  {row}")


def check_types(root):
    table = root / "include/tessera/types.def"
    page = (root / "docs/ir.md").read_text()
    tests = "".join(path.read_text()
                    for path in sorted((root / "test/text").rglob("*.tt")))
    # The page may add columns.
    for row in output("tt-opt", "--help-types=md").splitlines():
        if not any(line.startswith(row) for line in page.splitlines()):
            complain("docs/ir.md", f"this row is missing:\n  {row}")
    for _, keyword, _ in rows(table, "TSR_TYPE"):
        if not re.search(rf"\b{keyword}\b", tests):
            complain("test/text", f"no test has type '{keyword}'")


def sections(page):
    """The text below each heading of the second level."""
    parts = re.split(r"^## (.*)\n", page, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def has_test(root, folder, stem):
    return any((root / "test" / folder).glob(f"{stem}.*"))


def check_passes(root):
    page = sections((root / "docs/passes.md").read_text())
    for name, facts in sections(output("tt-opt", "--help-passes=md")).items():
        for line in facts.splitlines():
            if line not in page.get(name, "").splitlines():
                complain("docs/passes.md", f"section '{name}' lacks:\n  {line}")
        if len(page.get(name, "")) < len(facts) + 200:
            complain("docs/passes.md", f"section '{name}' says too little")
        if not has_test(root, "passes", name):
            complain("test/passes", f"no test for pass '{name}'")
        source = root / "passes" / f"{name.replace('-', '_')}.c"
        if not source.exists():
            complain("passes", f"no {source.name}")


def check_backends(root):
    table = root / "include/tessera/backends.def"
    page = (root / "docs/backends.md").read_text()
    headings = " ".join(re.findall(r"^## (.*)$", page, re.M))
    present = rows(table, "TSR_BACKEND") + rows(table, "TSR_BACKEND_LLVM")
    for _, name, summary in present:
        if f"| `{name}` | {summary} |" not in page:
            complain("docs/backends.md", f"no row for '{name}': {summary}")
        if not re.search(rf"\b{name}\b", headings):
            complain("docs/backends.md", f"no section for '{name}'")
        if not has_test(root, "backends", name):
            complain("test/backends", f"no test for '{name}'")
    for profile in rows(root / "include/tessera/metalium_profiles.def",
                        "TSR_METALIUM_PROFILE"):
        for word in profile[1:4]:
            if word != "NULL" and f"`{word}`" not in page:
                complain("docs/backends.md", f"profile {profile[1]}: no {word}")


def check_diagnostics(root):
    if (root / "docs/diagnostics.md").read_text() != output(
            "tt-opt", "--help-diagnostics=md"):
        complain("docs/diagnostics.md",
                 "is not what tt-opt --help-diagnostics=md prints")


def check_remarks(root):
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$",
                           (root / "docs/tt-opt.md").read_text(), re.M))
    for path in sorted((root / "passes").glob("*.c")):
        own = path.stem.replace("_", "-")
        names = [name for name in rows if (own + "-").startswith(name + "-")]
        row = rows[max(names, key=len)] if names else ""
        for call in re.findall(r"\btsr_pass_env_remark\(.*?;", path.read_text(), re.S):
            for name in re.findall(r'"([A-Z][A-Za-z]+)"', call):
                if f"`{name}`" not in row:
                    complain("docs/tt-opt.md", f"no remark '{name}' in a row of {own}")


def check_stalls(root):
    page = (root / "docs/running.md").read_text()
    table = root / "include/tessera/clock_causes.def"
    for cause in rows(table, "TSR_CLOCK_CAUSE"):
        if cause[1] != "busy" and f"`{cause[1]}`" not in page:
            complain("docs/running.md", f"no row for stall '{cause[1]}'")


def check_tables(root):
    check_ops(root)
    check_types(root)
    check_passes(root)
    check_backends(root)
    check_stalls(root)
    check_remarks(root)
    check_diagnostics(root)


# -- Examples -------------------------------------------------------------------


def check_modules(root):
    for line, module in blocks((root / "docs/ir.md").read_text(), "tt"):
        done = run("tt-opt", "-", input=module)
        if done.returncode:
            complain(f"docs/ir.md:{line}", done.stderr)


def check_op_lines(root):
    tested = {line.strip() for line in
              (root / "test/text/Inputs/every-op.tt").read_text().splitlines()}
    shown = []
    for at, text in blocks((root / "docs/ir.md").read_text(), "ops"):
        for number, line in enumerate(text.splitlines(), at + 1):
            shown.append(line)
            if line not in tested:
                complain(f"docs/ir.md:{number}",
                         f"not in test/text/Inputs/every-op.tt: {line}")
    for row in output("tt-opt", "--help-ops=md").splitlines()[2:]:
        name = row.split("`")[1]
        word = re.compile(rf"(^|= ){re.escape(name)}( |$)")
        if not any(word.search(line) for line in shown):
            complain("docs/ir.md", f"no example of '{name}'")


def check_examples(root):
    check_modules(root)
    check_op_lines(root)


# -- Links ----------------------------------------------------------------------


def anchors(path):
    """Anchors of headings, as they are made of Markdown pages."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.M | re.S)
    found = set()
    for heading in re.findall(r"^#+ (.*)$", text, re.M):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(kept.replace(" ", "-"))
    return found


def check_link(page, target):
    file, _, anchor = target.partition("#")
    path = page.parent / file if file else page
    if not path.exists():
        complain(page, f"link to {target}: no such file")
    elif anchor and anchor not in anchors(path):
        complain(page, f"link to {target}: no such heading")


def check_links(root):
    pages = sorted(root.glob("*.md")) + sorted((root / "docs").rglob("*.md"))
    for page in pages:
        text = re.sub(r"^```.*?^```$", "", page.read_text(),
                      flags=re.M | re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not re.match(r"[a-z]+:", target):
                check_link(page, target)
        check_parts(root, page)


PART = re.compile(r"^<!-- part of: (\S+) -->\n```\w*\n(.*?)^```$", re.M | re.S)


def check_parts(root, page):
    for name, part in PART.findall(page.read_text()):
        if part not in (root / name).read_text():
            complain(page, f"this is no part of {name}:\n{part}")


# -- Sessions -------------------------------------------------------------------


def matches(printed, expected):
    lines = [r"(?:.*\n)*" if line == "..." else re.escape(line) + r"\n"
             for line in expected.strip().splitlines()]
    return re.fullmatch("".join(lines), printed.strip() + "\n"
                        if printed.strip() else "")


def check_session(page, line, text, folder):
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, expected = part.partition("\n")
        done = run("sh", "-c", f"exec 2>&1\n{command}", cwd=folder)
        if not matches(done.stdout, expected):
            complain(f"{page.name}:{line}",
                     f"'{command}' prints\n{done.stdout}not\n{expected}")


def check_pictures(page, folder):
    for name in re.findall(r"\]\(images/([^)]+)\)", page.read_text()):
        drawn = folder / name
        if not drawn.exists():
            complain(page.name, f"no session draws {name}")
        elif drawn.read_bytes() != (page.parent / "images" / name).read_bytes():
            complain(page.name, f"images/{name} is not what its session draws")


FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w*\n(.*?)^```$", re.M | re.S)


def check_sessions(root, pages):
    tools = Path(shutil.which("tt-opt")).resolve().parent.parent
    for page in (root / name for name in pages):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("examples", "include", "scripts"):
                os.symlink(root / name, Path(folder) / name)
            os.symlink(tools, Path(folder) / "build")
            for name, text in FILE.findall(page.read_text()):
                (Path(folder) / name).write_text(text)
            check_sessions_in(root, [page], folder)
            check_pictures(page, Path(folder))


def check_sessions_in(root, pages, folder=None):
    for page in (root / name for name in pages):
        sessions = blocks(page.read_text(), "console")
        if not sessions:
            complain(page.name, "has no sessions")
        for line, text in sessions:
            check_session(page, line, text, folder or root)


# -- Rules ----------------------------------------------------------------------

# A message is the first string of such a call, or a constant of its own.
RULE = re.compile(r'\b(?:break_rule|fail_call|note)\s*\([^",;]*,'
                  r'\s*((?:"(?:[^"\\]|\\.)*"\s*)+)'
                  r'|\bconst format =\s*((?:"[^"]*"\s*)+)')
# What faults.c makes of a signal.
FAULT = re.compile(r'tsr_buffer_(?:append_str|printf)\s*\(\s*out,'
                   r'\s*((?:"(?:[^"\\]|\\.){9,}"\s*)+)')
CONVERSION = re.compile(r"%[0-9.#]*(?:ll|l|z)?[a-zA-Z]")
RULE_TESTS = ("run/strict/*.tt", "run/*.test", "runtime/*.cpp", "sim/*.c")


def join_strings(text):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def rule_messages(root):
    for path in sorted((root / "lib/sim").glob("*.c")):
        for found in RULE.finditer(path.read_text()):
            yield path.name, join_strings(found.group(1) or found.group(2))
    faults = root / "lib/sim/faults.c"
    for found in FAULT.finditer(faults.read_text()):
        yield faults.name, join_strings(found.group(1))


# A rule that is proved: the id of its message.
PROVED = re.compile(r"\btsr_rule_error\([^;]*?TSR_DIAG\((\w+)\)", re.S)


def proved_rules(root):
    for path in sorted((root / "lib/analysis").glob("*.c")):
        yield from PROVED.findall(path.read_text())


def check_proved(root, tests):
    page = (root / "docs/running.md").read_text()
    table = (root / "include/tessera/diags/analysis.def").read_text()
    rules = sorted(set(proved_rules(root)))
    if len(rules) < 5:
        complain("lib/analysis", f"only {len(rules)} rules found")
    for rule in rules:
        row = re.search(rf"\({rule},\s*((?:\"[^\"]*\"\s*)+),", table)
        fixed = CONVERSION.split(join_strings(row.group(1)))
        line = re.search(rf"^\| `{rule.replace('_', '-')}`: .*$", page, re.M)
        if not line or not re.search(
                ".{1,80}?".join(map(re.escape, fixed)), line.group()):
            complain("docs/running.md", f"has no row for {rule}")
        if max(fixed, key=len).strip()[:40] not in tests:
            complain("test", f"nothing breaks {rule}")


def check_rules(root):
    page = " ".join((root / "docs/model.md").read_text().split())
    tests = "".join(path.read_text() for pattern in RULE_TESTS
                    for path in sorted((root / "test").glob(pattern)))
    tests = re.sub(r'"\s*"', "", tests)
    check_proved(root, tests)
    messages = list(rule_messages(root))
    if len(messages) < 50:
        complain("lib/sim", f"only {len(messages)} messages found")
    for name, message in messages:
        fixed = CONVERSION.split(message)
        if not re.search(".{1,80}?".join(map(re.escape, fixed)), page):
            complain("docs/model.md", f"{name} says, but not the page: {message}")
        # Tests may leave out the rest of a long line.
        if max(fixed, key=len).strip()[:40] not in tests:
            complain("test", f"nothing makes {name} say: {message}")


CHECKS = {"tables": check_tables, "examples": check_examples,
          "links": check_links, "rules": check_rules}
PAGE_CHECKS = {"sessions": check_sessions, "sessions-in": check_sessions_in}


def main(arguments):
    what, *rest = arguments or [""]
    if what in CHECKS and len(rest) == 1:
        CHECKS[what](Path(rest[0]))
    elif what in PAGE_CHECKS and len(rest) > 1:
        PAGE_CHECKS[what](Path(rest[0]).resolve(), rest[1:])
    else:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
