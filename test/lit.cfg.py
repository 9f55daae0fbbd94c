# How the tests are found and run. Start lit on <build>/test, which says where
# the build is and then reads this file.
#
#   lit.py build/test                      everything
#   lit.py build/test --filter passes      some of it
#   lit.py build/test --param long=1       the long runs as well

import os
import shutil
import subprocess
import sys

import lit.formats

if not hasattr(config, "tessera_build_dir"):
    lit_config.fatal("run lit on the test folder of a build: lit.py build/test")

config.name = "tessera"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".tt", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(config.tessera_source_dir, "test")
config.test_exec_root = os.path.join(config.tessera_build_dir, "test")

# A test that hangs is a failure, not a stuck run; on a machine that does much else
# the longest may take four times their usual minute. Without psutil lit cannot
# set a limit; `timeout` from coreutils guards the long-running commands too.
limit_seconds = int(
    lit_config.params.get("timeout", 1800 if lit_config.params.get("long") else 300)
)
supported, _ = lit_config.maxIndividualTestTimeIsSupported
if supported:
    lit_config.maxIndividualTestTime = limit_seconds

# -- Tools -----------------------------------------------------------------

tool_dirs = [
    os.path.join(config.tessera_build_dir, "bin"),
    os.path.join(config.tessera_source_dir, "scripts"),
    os.environ.get("PATH", ""),
]
config.environment["PATH"] = os.pathsep.join(tool_dirs)


def find_llvm_tool(name):
    for candidate in (name + "-19", "/usr/lib/llvm-19/bin/" + name, name):
        found = shutil.which(candidate)
        if found:
            return found
    lit_config.fatal(name + " of LLVM 19 not found; scripts/setup.sh installs it")


config.substitutions.append((r"\bFileCheck\b", find_llvm_tool("FileCheck")))
config.substitutions.append((r"\bnot\b", find_llvm_tool("not")))
config.substitutions.append((r"\bsplit-file\b", find_llvm_tool("split-file")))
# Debian's own Python: the schema checker is one of its packages.
config.substitutions.append(
    ("%python", "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else "python3")
)
config.substitutions.append(("%lit", f"{sys.executable} {sys.argv[0]}"))
config.substitutions.append(("%root", config.tessera_source_dir))
config.substitutions.append(("%build", config.tessera_build_dir))
config.substitutions.append(
    ("%unit", os.path.join(config.tessera_build_dir, "test", "unit"))
)
config.substitutions.append(
    ("%fuzz", os.path.join(config.tessera_build_dir, "fuzz", "fuzz"))
)

# Layouts differ between releases of clang-format, so only this one checks.
clang_format = shutil.which("clang-format-19")
if clang_format:
    config.available_features.add("clang-format")
    config.substitutions.append(("%clang-format", clang_format))

# A second compiler for kernels, where there is one.
clang = shutil.which("clang++") or shutil.which("clang++-19")
if clang:
    config.available_features.add("clang++")
    config.substitutions.append((r"%clang\+\+", clang))

# The module that has LLVM, and the tool that checks what it prints.
opt = shutil.which("opt-19") or shutil.which("/usr/lib/llvm-19/bin/opt")
module = os.path.join(config.tessera_build_dir, "lib/tessera/tessera_llvm.so")
if opt and os.path.exists(module):
    config.available_features.add("llvm")
    config.substitutions.append((r"%opt\b", opt))

# -- Environment -----------------------------------------------------------

# Compiled kernels are shared by all tests of a build, and nothing is written
# to the home folder of whoever runs them.
cache = os.path.join(config.tessera_build_dir, "cache")
os.makedirs(cache, exist_ok=True)
config.environment["HOME"] = cache
config.environment["XDG_CACHE_HOME"] = cache
config.environment["TESSERA_CACHE"] = cache
config.environment["LC_ALL"] = "C.UTF-8"
# What setup.sh installs; CMake would look for make.
config.environment["CMAKE_GENERATOR"] = "Ninja"
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
for name in ("TT_METAL_HOME", "CC", "CXX", "ASAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# The leak checker of gcc 12 crashes on the thread-local storage of libraries
# that were opened later, LLVM's among them; without looking there it finds the
# same leaks, since nothing of ours is held from there alone. What the loader
# holds from there alone is not ours either: leaks.supp names it.
if config.tessera_sanitize:
    config.environment["LSAN_OPTIONS"] = ":".join(
        [
            "use_tls=0",
            "print_suppressions=0",
            "suppressions=" + os.path.join(config.test_source_root, "leaks.supp"),
        ]
    )

# -- Features --------------------------------------------------------------

if os.environ.get("TT_METAL_HOME"):
    config.available_features.add("tt-metal-tree")
if config.tessera_sanitize:
    config.available_features.add("sanitizers")
try:  # a container may have none to give
    for end in os.openpty():
        os.close(end)
    config.available_features.add("terminals")
except OSError:
    pass
for program in ("valgrind", "zsh", "fish"):
    if shutil.which(program):
        config.available_features.add(program)
# With gcc's runtime, where programs may be put at fixed places; not within
# another sanitizer's tests.
if not config.tessera_sanitize and shutil.which("setarch"):
    probe = subprocess.run(
        "f=$(gcc -print-file-name=libtsan.so) && test -e $f && setarch -R true",
        shell=True,
        capture_output=True,
    )
    if probe.returncode == 0:
        config.available_features.add("thread-sanitizer")
if lit_config.params.get("long"):
    config.available_features.add("long")
