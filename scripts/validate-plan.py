#!/usr/bin/env python3
"""Checks plans against docs/tt.plan.schema.json.

usage: validate-plan.py FILE_OR_FOLDER...

A folder stands for every tt.plan.json below it; `-` for standard input. Every
violation is printed with its place. Exit code 0: all plans are valid; 1: one is
not, or there is none; 2: the command line is wrong. Needs python3-jsonschema.
"""

import json
import sys
from pathlib import Path

import jsonschema

SCHEMA = Path(__file__).resolve().parent.parent / "docs/tt.plan.schema.json"


def plans(name):
    """(title, text) of each plan that `name` stands for."""
    if name == "-":
        return [("<stdin>", sys.stdin.read())]
    path = Path(name)
    files = sorted(path.rglob("tt.plan.json")) if path.is_dir() else [path]
    return [(str(file), file.read_text()) for file in files]


def place(error):
    return "/".join(str(step) for step in error.absolute_path) or "(top)"


def newer_version(plan, schema):
    """What to say of a plan that a later release wrote, or None."""
    known = schema["properties"]["schema_version"]["const"]
    version = plan.get("schema_version") if isinstance(plan, dict) else None
    if isinstance(version, int) and version > known:
        return (f"schema_version {version} is newer than {known}, "
                "the newest that this release reads")
    return None


def complaints(text, schema):
    try:
        plan = json.loads(text)
    except ValueError as error:
        return [f"no JSON: {error}"]
    newer = newer_version(plan, schema)
    if newer:
        return [newer]
    validator = jsonschema.Draft202012Validator(schema)
    return [f"{place(error)}: {error.message}"
            for error in sorted(validator.iter_errors(plan), key=place)]


def main(names):
    if not names or "--help" in names:
        print(__doc__.strip(), file=sys.stdout if names else sys.stderr)
        return 0 if names else 2
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = invalid = 0
    for name in names:
        try:
            found = plans(name)
        except (OSError, UnicodeDecodeError) as error:
            print(f"error: {name}: {error}", file=sys.stderr)
            return 1
        for title, text in found:
            wrong = complaints(text, schema)
            for message in wrong:
                print(f"{title}: {message}")
            valid += not wrong
            invalid += bool(wrong)
    print(f"{valid} valid, {invalid} invalid")
    return 0 if valid and not invalid else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
