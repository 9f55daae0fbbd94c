#!/usr/bin/env python3
"""Compile generated kernels, syntax only, with a tt-metal tree's own headers.

tt-metal builds kernels on the machine that runs them, so a kernel with a wrong
name or a missing argument fails late and far away. This check does what that
build does up to code generation, with the host's clang: the tree's firmware
wrapper around each kernel, its include path and defines, once per RISC (and
once per compute thread), for each chip. Beside the kernels of a folder, its
host program is compiled with the tree's host headers. Nothing in the tree is
written.

Inputs are a folder that ttc wrote (its tt.plan.json names kernels, processors
and compile-time arguments), a .tt file (compiled first, in the API names that
the tree needs), or kernels with --processor and --ct-args, or a host
program with --processor=host.

Exit codes: 0 every kernel compiles, 1 one does not, 2 the command line or the
tree is unusable.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from real_headers.compile import Checker, find_compiler
from real_headers.host import HostJob
from real_headers.jit import PROCESSORS, THREADS, Kernel, KernelJob
from real_headers.tree import ARCHS, PROFILES, Tree, Unusable

def number_list(text):
    try:
        return [int(word, 0) for word in text.split(",") if word]
    except ValueError as error:
        raise Unusable(f"--ct-args={text}: {error}") from error


def kernel_from_options(path, options):
    if not options.processor:
        raise Unusable(f"{path}: --processor says what runs a single kernel")
    return Kernel(path.resolve(), options.processor,
                  number_list(options.ct_args), options.define)


def collect(options, tree, profile, temp):
    """Kernels and host programs of all inputs."""
    kernels, programs = [], []
    for name in options.inputs:
        path = Path(name)
        if path.suffix == ".tt":
            out = temp / f"ttc{len(kernels)}-{path.stem}"
            compile_module(options.ttc, path, profile, out)
            path = out
        if path.is_dir():
            kernels += kernels_of_folder(path, tree, profile)
            programs += [HostJob(main)
                         for main in sorted(path.resolve().rglob("main.cpp"))]
        elif path.is_file() and options.processor == "host":
            programs.append(HostJob(path.resolve(), tuple(options.define)))
        elif path.is_file():
            kernels.append(kernel_from_options(path, options))
        else:
            raise Unusable(f"{name}: no such file or folder")
    return kernels, programs


def kernels_of_folder(folder, tree, profile):
    """The kernels of every plan in a folder that ttc wrote."""
    plans = sorted(folder.rglob("tt.plan.json"))
    if not plans:
        raise Unusable(f"{folder}: no tt.plan.json")
    kernels = []
    for path in plans:
        try:
            kernels += kernels_of_plan(path, tree, profile)
        except (KeyError, TypeError, ValueError) as error:
            raise Unusable(f"{path}: not a plan this check understands: "
                           f"{error!r}") from error
    return kernels


def kernels_of_plan(path, tree, profile):
    plan = json.loads(path.read_text())
    if plan["metalium"] != profile:
        raise Unusable(f"{path}: written for --metalium={plan['metalium']}, "
                       f"this tree needs {profile}")
    return [kernel_of_plan(path.parent, program, entry, tree)
            for program in plan["programs"] for entry in program["kernels"]]


PLAN_PROCESSORS = {"dm0": "brisc", "dm1": "ncrisc", "compute": "compute"}
ACCESSOR_IS_DRAM = 2


def kernel_of_plan(folder, program, entry, tree):
    kernel = Kernel((folder / entry["file"]).resolve(),
                    PLAN_PROCESSORS[entry["processor"]])
    kernel.noc = entry.get("noc", 0)
    kernel.fidelity = entry.get("fidelity", kernel.fidelity)
    kernel.fp32_acc = entry.get("fp32_acc", kernel.fp32_acc)
    kernel.full_sync = entry.get("full_sync", kernel.full_sync)
    kernel.approx = entry.get("approx", kernel.approx)
    for argument in entry["compile_time_args"]:
        if argument["kind"] == "accessor":
            words = [ACCESSOR_IS_DRAM, argument["page_bytes"]]
            kernel.ct_args += words[:tree.accessor_words()]
        else:
            kernel.ct_args.append(argument["value"])
    kernel.cbs = {cb["index"]: (cb["format"], cb.get("unpack") == "fp32")
                  for cb in program["circular_buffers"]}
    return kernel


def compile_module(ttc, path, profile, out):
    done = subprocess.run([ttc, str(path), "-o", str(out),
                           f"--metalium={profile}"],
                          capture_output=True, text=True)
    if done.returncode:
        raise Unusable(f"{path}: {ttc} failed\n{done.stderr}")


def jobs_of(kernels, programs, archs):
    for kernel in kernels:
        threads = THREADS if kernel.processor == "compute" else [""]
        for arch in archs:
            for thread in threads:
                yield KernelJob(kernel, arch, thread)
    yield from programs


class Report:
    """Runs jobs and says what came of them.

    A tree may itself not compile for one chip (forks change one and forget
    the other). A kernel that fails there fails with an empty kernel, too; that
    is no fault of the kernel, and is reported as unchecked.
    """

    def __init__(self, checker):
        self.checker = checker
        self.faults = {}
        self.passed, self.failed, self.unchecked = [], [], []

    def tree_fault(self, job):
        """What the tree's own headers say without any kernel."""
        if job.label() not in self.faults:
            control = job.without_kernel(self.checker.temp)
            self.faults[job.label()] = self.checker.run(control)
        return self.faults[job.label()]

    def take(self, job, complaints):
        title = f"{job.path().name} ({job.label()})"
        if not complaints:
            self.passed.append(job)
            print(f"PASS {title}")
        elif fault := self.tree_fault(job):
            self.unchecked.append(job)
            first = next((line for line in fault.splitlines()
                          if " error: " in line), fault)
            print(f"UNCHECKED {title}: the tree's own headers do not compile: "
                  f"{first}")
        else:
            self.failed.append(job)
            print(f"FAIL {title}")
            print(complaints, end="")

    def orphans(self):
        """Kernels that no chip could check on some thread."""
        checked = {(job.kernel, job.thread)
                   for job in self.passed + self.failed
                   if isinstance(job, KernelJob)}
        return sorted({job.path().name for job in self.unchecked
                       if isinstance(job, KernelJob)
                       and (job.kernel, job.thread) not in checked})

    def finish(self):
        print(f"{len(self.passed)} passed, {len(self.failed)} failed, "
              f"{len(self.unchecked)} unchecked")
        for name in self.orphans():
            print(f"error: {name}: this tree compiles no kernel for its "
                  "processor, on any chip", file=sys.stderr)
        if self.orphans():
            return 2
        return 1 if self.failed else 0


def run_jobs(jobs, report, workers):
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for job, complaints in zip(jobs, pool.map(report.checker.run, jobs)):
            report.take(job, complaints)


def check(options, temp):
    if not options.tree:
        raise Unusable("no tree: neither --tree nor TT_METAL_HOME is given")
    tree = Tree(options.tree)
    profile = options.profile or tree.profile()
    if options.print_profile:
        print(profile)
        return 0
    print(f"{tree.root}: API profile {profile}"
          f"{' (as told)' if options.profile else ''}")
    kernels, programs = collect(options, tree, profile, temp)
    if not kernels and not programs:
        raise Unusable("nothing to check")
    archs = [ARCHS[name] for name in options.arch or ARCHS]
    checker = Checker(tree, find_compiler(options.cxx), temp)
    for arch in archs:
        checker.prepare(arch)
    report = Report(checker)
    run_jobs(list(jobs_of(kernels, programs, archs)), report, options.jobs)
    return report.finish()


def parse_options(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tree", metavar="DIR",
                        default=os.environ.get("TT_METAL_HOME"),
                        help="tt-metal source tree with its submodules;"
                        "\ndefault: what TT_METAL_HOME names")
    parser.add_argument("inputs", metavar="INPUT", nargs="*",
                        help="folder of ttc, .tt file, or kernel")
    parser.add_argument("--profile", choices=PROFILES,
                        help="API profile, found out from the tree otherwise;"
                        "\n2026-02 is the one tried with a real tree so far")
    parser.add_argument("--print-profile", action="store_true",
                        help="print the tree's profile and stop")
    parser.add_argument("--arch", action="append", choices=sorted(ARCHS),
                        help="only this chip (repeatable); default all")
    parser.add_argument("--processor", choices=PROCESSORS + ["host"],
                        help="what runs the kernels given as files")
    parser.add_argument("--ct-args", default="", metavar="N,N,...",
                        help="their compile-time arguments")
    parser.add_argument("--define", action="append", default=[],
                        metavar="NAME=VALUE", help="their defines")
    parser.add_argument("--ttc", default="ttc", help="compiler of .tt files")
    parser.add_argument("--cxx", help="clang++ to use")
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4),
                        help="compilations at the same time")
    parser.add_argument("--keep-temps", metavar="DIR",
                        help="leave what was generated in DIR (new)")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse_options(arguments)
    try:
        if options.keep_temps:
            folder = Path(options.keep_temps).resolve()
            folder.mkdir(parents=True)
            return check(options, folder)
        with tempfile.TemporaryDirectory(prefix="tessera-headers-") as folder:
            return check(options, Path(folder))
    except (Unusable, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
