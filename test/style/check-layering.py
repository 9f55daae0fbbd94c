#!/usr/bin/env python3
"""Checks that each part includes only the parts that CMakeLists.txt lets it use.

Linking alone does not notice an unused include, and a cycle between static
libraries can link by luck; so the includes are held against the table of
tessera_part() lines.
"""

import pathlib
import re
import sys

# Public headers that are not named after their part.
HEADER_PARTS = {
    "arena": "support",
    "base": "support",
    "buffer": "support",
    "emit": "support",
    "expect": "text",
    "hash": "support",
    "json": "support",
    "memory": "support",
    "vector": "support",
    "version": "support",
    "analyses": "analysis",
    "attr": "ir",
    "bounds": "ir",
    "diag": "ir",
    "diags": "ir",
    "ops": "ir",
    "print": "ir",
    "type": "ir",
    "strict": "clock",
    "types": "ir",
    "verify": "ir",
    "npy": "interp",
    "pass_check": "check",
    "passes": "pass",
    "pipelines": "pass",
    "plugin": "pass",
    "registry": "pass",
    "backends": "backend",
    "fingerprint": "backend",
    "llvm_build": "backend_llvm",
    "llvm_memory": "backend",
    "llvm_module": "backend",
    "metalium_profiles": "backend",
    # What kernels call, and its tables: the clock is told of it.
    "sim_calls": "clock",
    "sim_formats": "clock",
    "sim_sfpu": "clock",
}


def read_parts(root):
    """Part -> (folder, the parts it may use, directly or not)."""
    text = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    parts = {}
    for line in re.findall(r"^\s*tessera_part\(([^)]*)\)", text, re.M):
        words = line.split()
        name, uses, folder = words[0], {words[0]}, f"lib/{words[0]}"
        keyword = None
        for word in words[1:]:
            if word in ("USES", "DIRECTORY"):
                keyword = word
            elif keyword == "USES":
                uses |= parts[word][1]
            else:
                folder = word
        parts[name] = (folder, uses)
    # Each folder below is a part that sees what lib/backend does.
    for path in (root / "lib/backend").iterdir():
        if path.is_dir() and f"backend_{path.name}" not in parts:
            folder = str(path.relative_to(root))
            parts[f"backend_{path.name}"] = (folder, parts["backend"][1])
    return parts


def header_part(header, parts):
    stem = header.split("/")[1].split(".")[0]
    if stem in HEADER_PARTS:
        return HEADER_PARTS[stem]
    first = stem.split("_")[0]  # sim_calls.h belongs to sim
    return first if first in parts else None


def check_file(path, allowed, parts, root, public_only):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not include:
            continue
        header = include.group(1)
        where = f"{path.relative_to(root)}:{number}"
        if header.startswith("tessera/"):
            part = header_part(header, parts)
            if part is None:
                yield f"{where}: no part is known for '{header}'"
            elif part not in allowed:
                yield f"{where}: '{header}' belongs to '{part}', out of sight here"
            elif public_only and (root / "lib/include" / header).exists():
                yield f"{where}: '{header}' is not public"
        elif not (path.parent / header).exists() and not (
            path.parent.parent / header
        ).exists():
            yield f"{where}: '{header}' is private to another folder"


def main(root):
    root = pathlib.Path(root)
    parts = read_parts(root)
    folders = [(folder, uses) for folder, uses in parts.values()]
    everything = set(parts) - {"sim"}
    folders += [(str(p.relative_to(root)), everything) for p in (root / "tools").glob("*")]
    errors = []
    for folder, allowed in folders:
        # Passes and tools see what everybody sees.
        public_only = folder.split("/")[0] in ("passes", "tools")
        for path in sorted((root / folder).glob("*.[ch]")):
            errors += check_file(path, allowed, parts, root, public_only)
    print("\n".join(errors))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
