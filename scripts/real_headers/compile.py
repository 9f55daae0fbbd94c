"""Runs the host's clang over a kernel or a host program."""

import itertools
import os
import re
import shutil
import subprocess
from pathlib import Path

from real_headers.host import HostJob, find_host_compiler
from real_headers.jit import Refused, job_defines, write_generated
from real_headers.standins import STUBS, overlay, sfpi_names
from real_headers.tree import Unusable

CLANGS = ["clang++"] + [f"clang++-{n}" for n in range(21, 13, -1)]

# The JIT's own choice of warnings, plus those gcc has in -Wall and clang in
# -Wextra.
WARNINGS = (
    "-Wall -Werror -Wsign-compare -Wno-unknown-pragmas "
    "-Wno-deprecated-declarations -Wno-unused-variable -Wno-unused-function "
    "-Wno-unused-const-variable -Wno-unused-but-set-variable "
    "-Wno-unknown-attributes -Wno-error=parentheses"
).split()

# The host's headers, compiled for another processor: all that its C++ library
# expects of its C library, and an attribute that only x86 has.
HOST_DEFINES = [
    "_XOPEN_SOURCE=700",
    "_ISOC11_SOURCE",
    "__regparm__(registers)=__unused__",
]


class Checker:
    """What all jobs share: tree, compiler, stand-ins, temporary folder."""

    def __init__(self, tree, cxx, temp):
        self.tree = tree
        self.cxx = cxx
        self.temp = temp
        self.host_dirs = host_include_dirs(cxx)
        self.shared = {}
        self.numbers = itertools.count(1)

    def prepare(self, arch):
        folder = self.temp / arch.name
        (folder / "gnu").mkdir(parents=True)
        # glibc's own choice between these files depends on the host.
        (folder / "gnu/stubs-32.h").write_text("")
        sources = list(self.tree.device_sources(arch))
        known = {word for stub in STUBS.glob("sfpi*.h")
                 for word in re.findall(r"\w+", stub.read_text())}
        (folder / "tessera_sfpi_names.h").write_text(
            sfpi_names(sources, known))
        self.shared[arch.name] = (folder, overlay(sources, folder))

    def kernel_command(self, job, folder):
        shared, vfs = self.shared[job.arch.name]
        dirs = [STUBS, shared] + self.tree.include_dirs(
            job.arch, job.kernel.processor) + self.host_dirs
        command = [self.cxx, "--target=riscv32-unknown-elf", "-std=c++17",
                   "-fsyntax-only", "-nostdinc",
                   "-ffast-math", "-fno-exceptions", "-fno-color-diagnostics",
                   "-D__INT32_TYPE__=long", "-D__UINT32_TYPE__=unsigned long",
                   "-Wno-builtin-macro-redefined", "-Wno-macro-redefined",
                   "-ivfsoverlay", str(vfs), "-include", "stdint.h"]
        command += WARNINGS
        command += [f"-D{d}" for d in HOST_DEFINES + job_defines(job)]
        command += [f"-I{folder}", f"-I{job.kernel.path.parent}"]
        for d in dirs:
            command += ["-isystem", str(d)]
        return command + [str(folder / "unit.cc")]

    def command(self, job, folder):
        if isinstance(job, HostJob):
            return job.command(find_host_compiler(self.cxx), self.tree)
        write_generated(job, folder, self.tree.fidelity_type())
        wrapper = self.tree.wrapper(job.kernel.processor)
        # Through an angle include the wrapper counts as a system header, so
        # that only the kernel is held to the warnings.
        (folder / "unit.cc").write_text(f"#include <{wrapper.name}>\n")
        return self.kernel_command(job, folder)

    def run(self, job):
        """Returns the complaints, empty when there are none."""
        label = job.label().replace(" ", "-")
        folder = self.temp / f"job{next(self.numbers)}-{label}"
        folder.mkdir()
        try:
            command = self.command(job, folder)
        except Refused as refused:
            return f"{refused}\n"
        (folder / "command.txt").write_text("\n".join(command) + "\n")
        done = subprocess.run(command, capture_output=True, text=True,
                              env=dict(os.environ, LC_ALL="C"))
        return done.stderr if done.returncode else ""


def host_include_dirs(cxx):
    """Where the host's C++ library is; its headers serve for the chip's."""
    probe = subprocess.run([cxx, "-std=c++17", "-x", "c++", "-E", "-v",
                            os.devnull], capture_output=True, text=True)
    found = re.search(r"search starts here:\n(.*?)End of search list",
                      probe.stderr.split("#include <...>")[-1], re.S)
    if probe.returncode or not found:
        raise Unusable(f"{cxx} does not say where its headers are")
    return [Path(line.strip()) for line in found.group(1).splitlines()]


def find_compiler(asked):
    for name in [asked] if asked else CLANGS:
        if shutil.which(name):
            return name
    raise Unusable(f"{asked or 'clang++'} not found; install Debian's 'clang'")
