#!/usr/bin/env python3
"""Compiles every public header by itself, as C11 and as C++20."""

import os
import pathlib
import subprocess
import sys

COMPILERS = [
    (os.environ.get("CC", "cc"), ["-std=c11", "-x", "c"]),
    (os.environ.get("CXX", "c++"), ["-std=c++20", "-x", "c++"]),
]


def compile_header(header, compiler, options, include_dirs):
    command = [compiler, *options, "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
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
        print(f"{header.name} as {options[0]}:\n{result.stderr}")
    return result.returncode == 0


def main(root, build):
    root, build = pathlib.Path(root), pathlib.Path(build)
    include_dirs = [root / "include", build / "include"]
    passed = [
        compile_header(header, compiler, options, include_dirs)
        for header in sorted((root / "include/tessera").glob("*.h"))
        for compiler, options in COMPILERS
    ]
    return 0 if passed and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
