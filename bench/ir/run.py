#!/usr/bin/env python3
"""Measures tt-opt beside mlir-opt-19 and opt-19 on the same programs.

    bench/ir/run.py BUILD [--largest=OPS] [--runs=N]

Prints tables in Markdown; README.md explains them. Needs mlir-19-tools and
llvm-19.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
MLIR = ["mlir-opt-19", "--mlir-disable-threading"]
LLVM = ["opt-19", "-S", "-passes=verify"]
CLEAN_MLIR = ["--pass-pipeline=builtin.module(canonicalize,cse,symbol-dce)"]
CLEAN_OURS = "--passes=canonicalize,cse,dce"


class Bench:
    def __init__(self, build, runs, work):
        self.tt_opt = str(pathlib.Path(build).resolve() / "bin/tt-opt")
        self.runs, self.work = runs, pathlib.Path(work)
        self.counts = {}
        self.compile("measure", "-D_DEFAULT_SOURCE", HERE.parent / "measure.c",
                     HERE.parent / "first_call.c")
        self.compile("tokens", "-D_DEFAULT_SOURCE", HERE / "tokens.c")

    def compile(self, name, *arguments):
        subprocess.run(["cc", "-O2", "-o", self.work / name, *arguments],
                       check=True)

    def measure(self, runs, *commands):
        """Of each command: least processor milliseconds, largest MiB, and least
        milliseconds by the clock."""
        arguments = [str(self.work / "measure"), str(runs)]
        for command in commands:
            arguments += ["--", *map(str, command)]
        out = subprocess.run(arguments, check=True, capture_output=True,
                             text=True).stdout
        rows = [line.split() for line in out.splitlines()]
        return [(float(row[3]) / 1000, int(row[2]) / 1024, float(row[1]) / 1000)
                for row in rows]

    def generate(self, shape, ops):
        """The three texts, and how many ops each has."""
        path = self.work / f"{shape}{ops}"
        if path not in self.counts:
            out = subprocess.run([sys.executable, HERE / "generate.py", shape,
                                  str(ops), path], check=True,
                                 capture_output=True, text=True).stdout
            self.counts[path] = {line.split()[0]: int(line.split()[1])
                                 for line in out.splitlines()}
        return path, self.counts[path]

    def runs_for(self, ops):
        return max(2, min(self.runs, self.runs * 50000 // ops))


def row(*cells):
    print("| " + " | ".join(f"{cell}" for cell in cells) + " |")


def head(*cells):
    row(*cells)
    row(*["---"] + ["---:"] * (len(cells) - 1))


def print_start(bench):
    tile, mlir = bench.work / "empty.tt", bench.work / "empty.mlir"
    tile.write_text("module {\n}\n")
    mlir.write_text("module {\n}\n")
    ours, peer = bench.measure(40, [bench.tt_opt, tile, "-o", "/dev/null"],
                               MLIR + [mlir, "-o", "/dev/null"])
    head("empty module", "tt-opt", "mlir-opt-19", "times faster")
    for name, i in ("time", 2), ("processor time", 0):
        row(name, f"{ours[i]:.2f} ms", f"{peer[i]:.2f} ms",
            f"{peer[i] / ours[i]:.1f}")
    return ours[0]


def commands(bench, path, *options):
    nowhere = ["-o", "/dev/null"]
    return [[bench.tt_opt, f"{path}.tt", *options, *nowhere],
            [*MLIR, f"{path}.mlir", *nowhere], [*LLVM, f"{path}.ll", *nowhere],
            [bench.tt_opt, f"{path}.tt", *nowhere],
            [bench.work / "tokens", f"{path}.tt"]]


def print_reading(bench, sizes, start):
    """Read, verify, print. Ratios are of throughput, in ops a second. Returns
    the nanoseconds an op of each shape and size, without and with stages."""
    costs = {}
    print()
    head("read, verify, print", "ns an op", "times mlir-opt-19", "times opt-19",
         "MiB", "of mlir-opt-19's", "with stages: ns an op", "times mlir-opt-19",
         "a tokenizer's time")
    for shape in "one", "many", "deep":
        for ops in sizes:
            path, n = bench.generate(shape, ops)
            ours, mlir, llvm, stages, tokens = bench.measure(
                bench.runs_for(ops), *commands(bench, path, "--verify-stage=off"))
            per_op = ours[0] / n["tt"]
            costs[shape, ops] = [(time[0] - start) / n["tt"] * 1e6
                                 for time in (ours, stages)]
            row(f"{shape}, {n['tt']:,} ops", f"{costs[shape, ops][0]:.0f}",
                f"{mlir[0] / n['mlir'] / per_op:.1f}",
                f"{llvm[0] / n['ll'] / per_op:.1f}",
                f"{ours[1]:.1f}", f"{ours[1] / mlir[1]:.2f}",
                f"{costs[shape, ops][1]:.0f}",
                f"{mlir[0] / n['mlir'] / stages[0] * n['tt']:.1f}",
                f"{ours[0] / tokens[0]:.1f}")
    return costs


def print_flatness(costs, sizes):
    """How much an op costs more at the worst size than at the best."""
    print()
    head("dearest size over cheapest", "without stages", "with stages")
    for shape in "one", "many", "deep":
        rows = [costs[shape, ops] for ops in sizes if ops >= 10000]
        if rows:
            row(shape, *(f"{max(r[i] for r in rows) / min(r[i] for r in rows):.2f}"
                         for i in (0, 1)))


def count_ops(command, pattern):
    """Lines of the output that match; it may be a gigabyte."""
    run = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE)
    count = subprocess.run(["grep", "-cE", pattern], stdin=run.stdout,
                           check=True, capture_output=True, text=True).stdout
    if run.wait() != 0:
        sys.exit(f"failed: {command}")
    return int(count)


def print_cleaning(bench, sizes):
    print()
    head("canonicalize, cse, dce", "ns an op", "times mlir-opt-19", "MiB",
         "of mlir-opt-19's", "ops left", "mlir-opt-19: ops left")
    for shape in "one", "many", "deep":
        for ops in sizes:
            path, n = bench.generate(shape, ops)
            ours = [bench.tt_opt, f"{path}.tt", "--verify-stage=off", CLEAN_OURS]
            peer = [*MLIR, f"{path}.mlir", *CLEAN_MLIR]
            a, b = bench.measure(bench.runs_for(ops), ours + ["-o", "/dev/null"],
                                 peer + ["-o", "/dev/null"])
            op = r"^ *(%.* = |tile\.|for|return|yield|scf\.|memref\.|func)"
            left, peer_left = count_ops(ours, op), count_ops(peer, op)
            row(f"{shape}, {n['tt']:,} ops", f"{a[0] / n['tt'] * 1e6:.0f}",
                f"{b[0] / n['mlir'] / (a[0] / n['tt']):.1f}", f"{a[1]:.1f}",
                f"{a[1] / b[1]:.2f}", f"{left:,}", f"{peer_left:,}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("--largest", type=int, default=1000000)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    sizes = [ops for ops in (1000, 10000, 100000, 1000000)
             if ops <= given.largest]
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(given.build, given.runs, work)
        start = print_start(bench)
        costs = print_reading(bench, sizes, start)
        print_flatness(costs, sizes)
        print_cleaning(bench, sizes)


if __name__ == "__main__":
    main()
