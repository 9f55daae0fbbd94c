"""Host programs: main.cpp with the tree's host headers.

The libraries that tt-metal's build downloads are not in a source tree; stand-ins
in host_stubs/ take their place. The umd submodule is needed for real.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

HOST_STUBS = Path(__file__).resolve().parent / "host_stubs"
INCLUDE_DIRS = ["tt_metal/api", "tt_metal/api/tt-metalium", "tt_stl", ".",
                "tt_metal/hostdevcommon/api",
                "tt_metal/third_party/umd/device/api"]
EMPTY_PROGRAM = """#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
int main() { return 0; }
"""

# gcc first: it has all of C++20's library that the headers use since 12.
COMPILERS = ["g++", "clang++"]


def find_host_compiler(fallback):
    return next((name for name in COMPILERS if shutil.which(name)), fallback)


@dataclass(frozen=True)
class HostJob:
    """One host program."""

    program: Path
    defines: tuple = ()

    def path(self):
        return self.program

    def label(self):
        return "host"

    def without_kernel(self, temp):
        empty = temp / "empty-host.cpp"
        empty.write_text(EMPTY_PROGRAM)
        return HostJob(empty)

    def command(self, cxx, tree):
        command = [cxx, "-std=c++20", "-fsyntax-only", "-Werror=narrowing",
                   '-DKERNEL_DIR="."']
        command += [f"-D{d}" for d in self.defines]
        for folder in INCLUDE_DIRS:
            command += ["-isystem", str(tree.root / folder)]
        return command + ["-isystem", str(HOST_STUBS), str(self.program)]
