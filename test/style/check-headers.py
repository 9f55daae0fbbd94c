#!/usr/bin/env python3
"""Compiles every header by itself: public ones as C11, C17 and C++17, those that
parts share as C11 and C++20."""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

C, CXX = os.environ.get("CC", "cc"), os.environ.get("CXX", "c++")
PUBLIC = [(C, "c11", "c"), (C, "c17", "c"), (CXX, "c++17", "c++")]
SHARED = [(C, "c11", "c"), (CXX, "c++20", "c++")]


def compile_header(header, compiler, standard, language, include_dirs):
    command = [compiler, f"-std={standard}", "-x", language]
    command += ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
    command += [f"-I{folder}" for folder in include_dirs]
    command += ["-fsyntax-only", "-"]
    result = subprocess.run(
        command,
        input=f'#include "tessera/{header.name}"\n',
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        print(f"{header.name} as {standard}:\n{result.stderr}")
    return result.returncode == 0


def main(root, build):
    root, build = pathlib.Path(root), pathlib.Path(build)
    public = [root / "include", build / "include"]
    jobs = [
        (header, *how, public)
        for folder in public
        for header in sorted((folder / "tessera").glob("*.h"))
        for how in PUBLIC
    ]
    jobs += [
        (header, *how, [*public, root / "lib/include"])
        for header in sorted((root / "lib/include/tessera").glob("*.h"))
        for how in SHARED
    ]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        passed = list(pool.map(lambda job: compile_header(*job), jobs))
    return 0 if passed and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
