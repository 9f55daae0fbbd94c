"""What a tree lacks, and what the host's compiler does not take.

The chip's compiler and its headers come apart from the source tree. In their
place stand the files in stubs/ and what is made here from the names that the
tree uses.
"""

import json
import re
from pathlib import Path

STUBS = Path(__file__).resolve().parent / "stubs"

# Vector-unit functions that sources may call without naming the namespace.
SFPI_FUNCTIONS = """
abs addexp approx_exp approx_recip convert copysgn exexp exexp_nodebias exman
exman8 exman9 exman_nodebias exthreads fabs float_to_fp16a float_to_fp16b
float_to_int16 float_to_int32 float_to_int8 float_to_uint16 float_to_uint8
ftoh int32_to_float int32_to_int8 int32_to_uint8 int_to_float is_even is_odd
lut lut2 lut2_sign lut_sign lz lz_nosgn max min s2vFloat16 s2vFloat16a
s2vFloat16b rand setexp setman setsgn shft smag_to_float subvec_cyclic
subvec_shflror1 subvec_shflshr1 subvec_transp vec_min_max vec_swap
""".split()
SFPI_VALUES = """
vConst0 vConst0p8373 vConst1 vConstFloatPrgm0 vConstFloatPrgm1
vConstFloatPrgm2 vConstIntPrgm0 vConstIntPrgm1 vConstIntPrgm2 vConstNeg1
vConstTileId
""".split()


# What the chip's gcc takes and clang does not; none of it concerns a kernel.
DIALECT = [
    # In a branch not taken: ill-formed until DR 2518, refused before clang 17.
    (re.compile(r"\bstatic_assert\(false\b"), "static_assert(true"),
    # A count of 0, and counts that depend on a template argument.
    (re.compile(r"#pragma GCC unroll.*"), ""),
    # A width said twice; gcc lets the second one win.
    (re.compile(r"\b(std::uint32_t|uint) short\b"), "std::uint16_t"),
]


def sfpi_names(sources, known):
    """A header that declares every vector-unit name the sources use."""
    constants, functions, values, builtins = set(), set(), set(), set()
    for path in sources:
        text = path.read_text(errors="replace")
        constants.update(re.findall(r"\bSFP[A-Z0-9]+_(?:MOD|RND|ADDR|IMM)"
                                    r"\w+", text))
        builtins.update(re.findall(r"\b__builtin_rvtt_\w+", text))
        for name in re.findall(r"\bsfpi::(\w+)", text):
            if name.startswith("SFP"):
                constants.add(name)
            elif name.startswith("vConst"):
                values.add(name)
            else:
                functions.add(name)
    lines = ["#pragma once", "namespace sfpi {"]
    lines += [f"constexpr unsigned {n} = 0;" for n in sorted(constants)]
    lines += [f"constexpr register_file::element {n}{{}};"
              for n in sorted(values | set(SFPI_VALUES))]
    for name in sorted((functions | set(SFPI_FUNCTIONS)) - known):
        lines += variadic(name)
    lines.append("} // namespace sfpi")
    for name in sorted(builtins):
        lines += variadic(name, "sfpi::vAny")
    return "\n".join(lines) + "\n"


def variadic(name, result="vAny"):
    return [f"template <typename... T> constexpr {result} {name}(const T &...)"
            " { return {}; }",
            f"template <auto V, auto... W, typename... T> constexpr {result} "
            f"{name}(const T &...) {{ return {{}}; }}"]


def overlay(sources, folder):
    """Maps files that the host's compiler refuses to copies it accepts."""
    roots = []
    for path in sources:
        text = path.read_text(errors="replace")
        accepted = text
        for pattern, replacement in DIALECT:
            accepted = pattern.sub(replacement, accepted)
        if accepted == text:
            continue
        copy = folder / f"{len(roots)}-{path.name}"
        copy.write_text(accepted)
        roots.append({"name": str(path), "type": "file",
                      "external-contents": str(copy)})
    file = folder / "overlay.json"
    file.write_text(json.dumps({"version": 0, "use-external-names": False,
                                "roots": roots}))
    return file
