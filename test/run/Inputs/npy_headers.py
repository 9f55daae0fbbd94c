"""Reads arrays with headers of many kinds through tt-run and through the reader in
main.cpp, and prints what both say of each; they stay as 0.npy, 1.npy, ...:

npy_headers.py MODULE MAIN.CPP FOLDER CXX...
"""

import struct
import subprocess
import sys
from pathlib import Path

module, folder, cxx = sys.argv[1], Path(sys.argv[3]), sys.argv[4:]
ORDER, SHAPE = "'fortran_order': False", "'shape': (2, 3)"
REST = f"{ORDER}, {SHAPE}"
CASES = [
    # As others write it.
    "{'descr':'<f4','fortran_order':False,'shape':(2,3)}",
    "{\"shape\": (2L, 3L,), \"descr\": \"<f4\",\n\t\"fortran_order\": False, } \n",
    # What cannot be meant.
    f"{{'descr': '<f4', 'fortran_order':True, {SHAPE}}}",
    f"{{'descr': '<f4', {ORDER}, 'shape': ()}}",
    f"{{'descr': '<f4', {ORDER}, 'shape': (6)}}",
    f"{{'descr': '<f4', {ORDER}, 'shape': (2, 03)}}",
    f"{{'descr': '<f4', {ORDER}, 'shape': (-2, 3)}}",
    f"{{'descr': '<f4', {ORDER}, 'shape': (2 3)}}",
    f"{{'descr': '<f4', {ORDER}, 'shape': 6}}",
    f"{{'descr': '<f4', {ORDER}}}",
    f"{{'descr': '<f4', {REST}, 'title': 'x'}}",
    f"{{'descr': '<f4', {REST}, 'descr': '<f4'}}",
    f"{{'descr': [('x', '<f4')], {REST}}}",
    f"{{'descr': '<f\\x34', {REST}}}",
    f"{{'descr': '<f4\", {REST}}}",
    f"{{'descr' '<f4', {REST}}}",
    f"{{'descr': '<f4' {REST}}}",
    f"{{'descr': '<f4', 'fortran_order': 0, {SHAPE}}}",
    f"{{descr: '<f4', {REST}}}",
    f"{{'descr': '<f4', {REST}}} 1",
    f"{{'descr': '<f4', {REST}",
    "",
    # Versions of the format.
    (2, 0),
    (3, 0),
    (9, 0),
    (1, 7),
]
AROUND = r"""
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>
struct bfloat16 {
  explicit bfloat16(float value) : value(value) {}
  explicit operator float() const { return value; }
  float value;
};
%s
int main(int, char **argv) {
  try {
    load_npy(argv[1], Shape{{2, 3}});
    std::puts("reads it");
  } catch (const std::exception &error) {
    std::printf("error: %%s\n", error.what());
  }
}
"""


def build_reader():
    main = Path(sys.argv[2]).read_text()
    part = main[main.index("namespace {") + 11:main.index("// -- Data to and from")]
    source = folder / "reader.cpp"
    source.write_text(AROUND % part)
    subprocess.run(cxx + ["-std=c++20", "-o", source.with_suffix(""), source],
                   check=True)
    return [source.with_suffix("")]


def by_tool(path):
    done = subprocess.run(["tt-run", module, "--check", f"--input=a={path}"],
                          capture_output=True, text=True)
    if done.returncode == 0:
        return "reads it"
    file, _, said = done.stderr.partition(" [npy-")[0].partition(": error: ")
    return f"error: {file}: {said}"


def by_reader(path):
    return subprocess.run(reader + [path], capture_output=True, text=True,
                          check=True).stdout.strip()


reader = build_reader()
for number, case in enumerate(CASES):
    path = folder / f"{number}.npy"
    version, header = (1, 0), case
    if isinstance(case, tuple):
        version, header = case, f"{{'descr': '<f4', {REST}}}"
    head = header.encode().ljust(2)  # the least that a file has
    path.write_bytes(b"\x93NUMPY" + bytes(version)
                     + struct.pack("<H" if version[0] < 2 else "<I", len(head))
                     + head + struct.pack("<f", 0) * (1 if "()" in header else 6))
    said = [by_tool(path).replace(str(path), "FILE"),
            by_reader(path).replace(str(path), "FILE")]
    print(f"version {version[0]}.{version[1]}:" if version != (1, 0) else header,
          said[0] if said[0] == said[1] else said)
