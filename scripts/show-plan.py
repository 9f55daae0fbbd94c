#!/usr/bin/env python3
"""Shows what ttc wrote into a folder: the files, and what the plan says.

    show-plan.py FOLDER
"""

import json
import os
import sys


def show_files(folder):
    print(f"    files in {os.path.relpath(folder)}/")
    for path, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            print(f"      {os.path.relpath(os.path.join(path, name), folder)}")


def show_work(program):
    """How many cores get how many iterations, from the run-length coded counts."""
    for work in program["work"]:
        if not work["name"].startswith("count"):
            continue
        groups = {}
        for run in work["values"]:
            for core in range(run["cores"]):
                count = run["first"] + core * run["step"]
                groups[count] = groups.get(count, 0) + 1
        for count, cores in sorted(groups.items(), reverse=True):
            print(f"      {cores} cores do {count} tile{'' if count == 1 else 's'} each")


def show_circular_buffers(program):
    print("      circular buffer   format   pages x bytes    L1 bytes   kernels")
    for cb in program["circular_buffers"]:
        pages = f"{cb['pages']} x {cb['page_bytes']}"
        print(
            f"      {cb['index']:>2} {cb['name']:<14} {cb['format']:<8} {pages:<14}"
            f" {cb['l1_bytes']:>10}   {' -> '.join(cb['kernels'])}"
        )
    l1 = program["l1"]
    print(f"      {l1['used_bytes']} of {l1['budget_bytes']} B of L1 used on each core")


def main(folder):
    with open(os.path.join(folder, "tt.plan.json"), encoding="utf-8") as file:
        plan = json.load(file)
    show_files(folder)
    grid = plan["grid"]
    print(f"    target {plan['target']}, grid {grid['rows']}x{grid['cols']}")
    for program in plan["programs"]:
        print(f"    program {program['name']}: {program['core_count']} cores")
        show_work(program)
        show_circular_buffers(program)


if __name__ == "__main__":
    main(sys.argv[1])
