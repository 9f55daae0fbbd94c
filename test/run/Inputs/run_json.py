"""Runs tt-run with --json and shows what it says, a line for each fact.

Standard output must be one JSON object and standard error must be empty,
whatever happens; the exit status is the one in the object.
"""

import json
import subprocess
import sys

run = subprocess.run(["tt-run", "--json", *sys.argv[1:]], capture_output=True)
said = json.loads(run.stdout.decode("utf-8"))
assert run.stderr == b"", run.stderr
assert said["exit_status"] == run.returncode, run.returncode
assert said["passed"] == (run.returncode == 0)

print("exit", run.returncode, "errors", said["errors"])
for function in said["functions"]:
    print("function", function["name"], "stage", function["stage"])
    for check in function.get("checks", []):
        print("  check", check["result"], "passed" if check["passed"] else "failed")
    for step in function.get("passes", []):
        if not step["passed"]:
            print("  after", step["pass"], step["numbers"])
if "timing" in said:
    print("timing of", len(said["timing"]["programs"]), "programs")


def show(one, indent):
    assert one["id"], one
    # A note on its own is what the model says of a kernel.
    assert indent or one["severity"] != "note" or one["id"] == "kernel-note", one
    assert one["message"].split("\n")[0] in one["rendered"], one
    place = [one["file"] and one["file"].split("/")[-1], one["line"], one["column"]]
    print(indent + one["severity"], one["id"], *place, one["message"].split("\n")[0])
    details = one.get("details", {})
    for key, value in details.items():
        if key != "deadlock":
            print(f"{indent}  {key}: {value}")
    for wait in details.get("deadlock", {}).get("waiting", []):
        print(f"{indent}  waiting: {json.dumps(wait, sort_keys=True)}")
    for chain in details.get("deadlock", {}).get("chains", []):
        links = " <- ".join(f"{l['thread']}: {l['waits_for']}" for l in chain["links"])
        last = chain["links"][-1]["from"]
        end = f"{last['thread']} {chain['end']}" if last else chain["end"]
        print(f"{indent}  chain on {chain['core']}: {links} <- {end}")
    for note in one.get("notes", []):
        show(note, indent + "  ")


for one in said["diagnostics"]:
    show(one, "")
