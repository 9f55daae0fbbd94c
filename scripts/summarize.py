#!/usr/bin/env python3
"""Adds up lit's JSON results: names what failed, then "N passed, M failed".

Exit code 0 when something passed and nothing failed. A result file that is
missing counts as one failure: lit did not finish.
"""

import json
import sys

PASSED = {"PASS", "FLAKYPASS", "XFAIL"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def read_tests(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["tests"]
    except (OSError, ValueError, KeyError):
        return [{"name": "no results in " + path, "code": "UNRESOLVED"}]


def main(paths):
    tests = [test for path in paths for test in read_tests(path)]
    failed = [t for t in tests if t["code"] not in PASSED | SKIPPED]
    passed = sum(t["code"] in PASSED for t in tests)
    skipped = sum(t["code"] in SKIPPED - {"EXCLUDED"} for t in tests)
    print()
    for test in failed:
        print(f"{test['code']}: {test['name']}")
    if skipped:
        print(f"{skipped} skipped: for what this machine or this build lacks, or long")
    print(f"{passed} passed, {len(failed)} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
