#!/usr/bin/env python3
"""Compares the model's clock with published measurements.

    run.py BUILD [--rows N,N,...] [--docs FILE] [--table FILE] [--jobs N]
    run.py BUILD --syntax [--jobs N]

BUILD is a build folder or an installation. Each point of table.json names a
TT-Metalium program of this folder, its arguments, and how the published number
was taken; the programs are built, run on the model with TESSERA_TIMING, and what
the clock says is printed beside what was measured.

--docs replaces the table in FILE, between the two comments that name this
script; --table takes points from another file. The exit code is 1 when fewer than 80 % of the points that count are
inside their tolerance, one is beyond twice its tolerance, or a program fails.

--syntax runs nothing: it says whether the host's side of every program compiles.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROFILE = "2026-08"
# Tuned matmuls are reported and do not count yet.
REPORTED = range(22, 27)
SHARE_INSIDE = 0.8
TIMEOUT_SECONDS = 300
MARK = "<!-- bench/calibration/run.py -->"


class Failed(Exception):
    """A program that does not build, run or measure."""


# -- Running -------------------------------------------------------------------


def compile_host(prefix, program, more):
    """Compiles a program's host side."""
    roots = prefix / "include" / "tessera-metalium"
    source = HERE / program
    command = [
        os.environ.get("CXX", "g++"),
        "-std=c++20",
        "-O1",
        "-Wall",
        "-Wextra",
        f"-DKERNEL_DIR=\"{source}\"",
        f"-I{HERE / 'common'}",
        f"-I{roots / PROFILE}",
        f"-I{roots / 'common'}",
        str(source / "main.cpp"),
    ] + more
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{program} does not build:\n{done.stderr}")


def build(prefix, folder, program):
    """Builds a program's host side; returns its path."""
    out = folder / program
    libraries = prefix / "lib"
    link = [f"-L{libraries}", f"-Wl,-rpath,{libraries}", "-ltessera_metalium"]
    compile_host(prefix, program, ["-o", str(out)] + link)
    return out


def check_syntax(prefix, jobs):
    names = sorted(path.parent.name for path in HERE.glob("*/main.cpp"))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(
            pool.map(
                lambda name: compile_host(prefix, name, ["-Werror", "-fsyntax-only"]),
                names,
            )
        )
    print(f"{len(names)} programs compile: {', '.join(names)}")


def run(program, point, cache):
    """Runs a point's program; returns what the clock says."""
    arguments = [f"{name}={value}" for name, value in point["arguments"].items()]
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "timing.json"
        environment = dict(
            os.environ,
            TESSERA_TARGET=point["target"],
            TESSERA_TIMING=str(report),
            TESSERA_CACHE=str(cache),
        )
        what = f"{program.name} {' '.join(arguments)}"
        try:
            done = subprocess.run(
                [str(program)] + arguments,
                env=environment,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"{what}: no end after {TIMEOUT_SECONDS} s") from None
        if done.returncode:
            raise Failed(f"{what}: {done.stderr.strip()}")
        return json.loads(report.read_text(encoding="utf-8"))


# -- Measuring -----------------------------------------------------------------


def zone_cycles(program, processor):
    """The longest of the stretches that kernels call "measured"."""
    found = [
        zone["longest"]
        for zone in program["zones"]
        if zone["zone"] == "measured" and processor in (None, zone["processor"])
    ]
    if not found:
        raise Failed("no kernel has a zone 'measured'")
    return max(found)


def cycles_of(programs, how):
    """What a point's number was taken over, in cycles.

    span zone      the zone "measured", on the slowest core
         threads   kernels from begin to end, the median of the cores
         kernels   the first kernel's begin to the last one's end
         launch    from launch to launch
    """
    span = how["span"]
    last = programs[-1]
    if span == "zone":
        return zone_cycles(last, how.get("processor"))
    if span == "threads":
        return statistics.median(t["cycles"] for t in last["threads"])
    if span == "kernels":
        return last["kernels"]["cycles"]
    if span == "more":  # what the last program takes longer than the first
        return last["kernels"]["cycles"] - programs[0]["kernels"]["cycles"]
    if span == "launch":
        return statistics.mean(p["cycles"] for p in programs)
    raise Failed(f"unknown span '{span}'")


def convert(cycles, clock_mhz, point):
    """A number of cycles as the published number's unit says."""
    unit = point["unit"]
    how = point["measure"]
    each = cycles / how.get("per", 1)
    if unit in ("cycles", "cycles/tile"):
        return each
    if unit == "us":
        return each / clock_mhz
    if unit == "ns":
        return each / clock_mhz * 1000
    if unit == "B/cycle":
        return how["bytes"] / each
    if unit == "%":
        return how["ideal"] / each * 100
    if unit == "GB/s":
        return how["bytes"] / each * clock_mhz / 1000
    raise Failed(f"unknown unit '{unit}'")


def measure(programs, point, cache):
    """The model's number for a point."""
    program = programs[point["program"]]
    report = run(program, point, cache)
    cycles = cycles_of(report["programs"], point["measure"])
    if "over" not in point:
        return convert(cycles, report["clock_mhz"], point)
    other = dict(point, arguments={**point["arguments"], **point["over"]})
    below = run(program, other, cache)
    return cycles / cycles_of(below["programs"], point["measure"])


# -- Telling -------------------------------------------------------------------


def verdict(error, tolerance):
    if abs(error) <= tolerance:
        return "inside"
    return "outside" if abs(error) <= 2 * tolerance else "beyond twice"


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def rows_of(points, values):
    """The table's rows as texts, and the verdicts of the points that count."""
    rows, verdicts = [], []
    for point, value in zip(points, values):
        error = (value / point["published"] - 1) * 100
        says = verdict(error, point["tolerance"])
        counts = point["row"] not in REPORTED
        if counts:
            verdicts.append(says)
        rows.append(
            [
                str(point["row"]),
                point["point"],
                point["unit"],
                number(point["published"]),
                number(value),
                f"{error:+.1f} %",
                f"{point['tolerance']} %",
                says if counts else f"{says} (reported)",
            ]
        )
    return rows, verdicts


HEAD = ["row", "point", "unit", "published", "model", "error", "tolerance", ""]


def as_markdown(rows):
    widths = [max(len(row[i]) for row in [HEAD] + rows) for i in range(len(HEAD))]
    right = [True, False, False, True, True, True, True, False]

    def line(cells):
        padded = [
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(cells, widths, right)
        ]
        return "| " + " | ".join(padded) + " |\n"

    ruler = ["-" * (w - 1) + ":" if r else "-" * w for w, r in zip(widths, right)]
    return line(HEAD) + line(ruler) + "".join(line(row) for row in rows)


def summary_of(verdicts):
    inside = verdicts.count("inside")
    beyond = verdicts.count("beyond twice")
    share = inside / len(verdicts) if verdicts else 1
    return (
        f"{inside} of {len(verdicts)} points inside their tolerance "
        f"({share:.0%}), {beyond} beyond twice of it.\n",
        share >= SHARE_INSIDE and beyond == 0,
    )


def write_docs(path, text):
    parts = path.read_text(encoding="utf-8").split(MARK)
    if len(parts) != 3:
        raise Failed(f"{path} does not have '{MARK}' twice")
    path.write_text(
        f"{parts[0]}{MARK}\n\n{text}\n{MARK}{parts[2]}", encoding="utf-8"
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rows", default="")
    parser.add_argument("--docs", type=pathlib.Path)
    parser.add_argument("--table", type=pathlib.Path, default=HERE / "table.json")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--syntax", action="store_true")
    options = parser.parse_args()
    wanted = [int(row) for row in options.rows.split(",") if row]
    table = json.loads(options.table.read_text(encoding="utf-8"))
    points = [p for p in table if not wanted or p["row"] in wanted]
    prefix = options.build.resolve()
    if options.syntax:
        check_syntax(prefix, options.jobs)
        return 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(
        options.jobs
    ) as pool:
        names = sorted({point["program"] for point in points})
        built = pool.map(lambda n: build(prefix, pathlib.Path(folder), n), names)
        programs = dict(zip(names, built))
        cache = pathlib.Path(os.environ.get("TESSERA_CACHE", f"{folder}/cache"))
        values = list(
            pool.map(lambda point: measure(programs, point, cache), points)
        )
    rows, verdicts = rows_of(points, values)
    summary, is_good = summary_of(verdicts)
    text = as_markdown(rows) + "\n" + summary
    print(text, end="")
    if options.docs:
        write_docs(options.docs, text)
    return 0 if is_good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failed:
        print(f"error: {failed}", file=sys.stderr)
        sys.exit(1)
