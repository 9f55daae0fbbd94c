"""Cuts the default pipeline after every pass, prints, parses and resumes.

    resume.py FILE.tt FOLDER

Every cut must give the same artifacts, byte for byte, and printing what was
parsed must give the text that was parsed.
"""

import filecmp
import json
import os
import subprocess
import sys


def run(*command):
    subprocess.run(command, check=True)


def files_below(folder):
    return sorted(
        os.path.relpath(os.path.join(at, name), folder)
        for at, _, names in os.walk(folder) for name in names)


source, folder = sys.argv[1:]
whole = os.path.join(folder, "whole")
run("ttc", source, "-o", whole)
plans = [f for f in files_below(whole) if f.endswith("tt.plan.json")]
with open(os.path.join(whole, plans[0])) as plan:
    passes = json.load(plan)["passes"]

for count in range(1, len(passes) + 1):
    cut = os.path.join(folder, "cut.tt")
    again = os.path.join(folder, "again.tt")
    resumed = os.path.join(folder, "resumed-%d" % count)
    run("tt-opt", source, "--passes=" + ",".join(passes[:count]), "-o", cut)
    run("tt-opt", cut, "-o", again)
    if not filecmp.cmp(cut, again, shallow=False):
        sys.exit("printing differs after %d passes" % count)
    run("ttc", cut, "-o", resumed)
    names = files_below(whole)
    if names != files_below(resumed):
        sys.exit("other files after %d passes" % count)
    same, different, missing = filecmp.cmpfiles(whole, resumed, names,
                                                shallow=False)
    if different or missing:
        sys.exit("after %s: %s differ" % (passes[count - 1], different))
print("%d cuts, %d files each: the same" % (len(passes), len(files_below(whole))))
