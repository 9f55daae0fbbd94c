"""A tt-metal source tree: where things are, and of which release it is."""

import re
from dataclasses import dataclass
from pathlib import Path

PROFILES = ["2026-02", "2026-08", "2026-09"]


class Unusable(Exception):
    """The command line or the tree does not allow a check."""


@dataclass(frozen=True)
class Arch:
    """One chip: the names its folders have, and facts the JIT defines."""

    name: str
    llk: str
    hw: str
    defines: tuple


# Bank counts are those of one board each; kernels must not depend on them.
ARCHS = {
    "wormhole": Arch(
        "wormhole",
        "wormhole_b0",
        "wormhole",
        (
            "ARCH_WORMHOLE",
            "NUM_DRAM_BANKS=12",
            "IS_NOT_POW2_NUM_DRAM_BANKS=1",
            "NUM_L1_BANKS=64",
            "LOG_BASE_2_OF_NUM_L1_BANKS=6",
        ),
    ),
    "blackhole": Arch(
        "blackhole",
        "blackhole",
        "blackhole",
        (
            "ARCH_BLACKHOLE",
            "NUM_DRAM_BANKS=8",
            "LOG_BASE_2_OF_NUM_DRAM_BANKS=3",
            "NUM_L1_BANKS=130",
            "IS_NOT_POW2_NUM_L1_BANKS=1",
        ),
    ),
}


class Tree:
    """A tt-metal source tree: where things are and which names it has."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.metal = self.root / "tt_metal"
        self.inc = self.metal / "hw/inc"
        if not (self.metal / "hw/firmware/src").is_dir():
            raise Unusable(f"{root}: not a tt-metal source tree "
                           "(no tt_metal/hw/firmware/src)")
        self.llk = self.metal / "third_party/tt_llk"
        if not (self.llk / "tt_llk_wormhole_b0").is_dir():
            raise Unusable(f"{self.llk}: the tt_llk submodule is not there; "
                           "fetch submodules first")

    def text(self, path):
        file = self.root / path
        return file.read_text(errors="replace") if file.is_file() else ""

    def has_function(self, header, name):
        return re.search(rf"\b{name}\s*\(",
                         self.text(f"tt_metal/hw/inc/api/compute/{header}"))

    def profile(self):
        """The API profile whose names this tree's compute headers have."""
        if not (self.inc / "api/compute/matmul.h").is_file():
            raise Unusable(f"{self.root}: older than every profile "
                           "(no tt_metal/hw/inc/api/compute/matmul.h, which "
                           "came in February 2026)")
        if not self.has_function("matmul.h", "matmul_init"):
            return "2026-02"
        if self.has_function("eltwise_binary.h", "add_tiles_init"):
            return "2026-08"
        return "2026-09"

    def accessor_words(self):
        """Compile-time words of an interleaved TensorAccessor."""
        args = self.text("tt_metal/hw/inc/api/tensor/tensor_accessor_args.h")
        return 2 if "AlignedPageSize" in args else 1

    def fidelity_type(self):
        """How the JIT of this tree's time spells the type of MATH_FIDELITY."""
        defs = "tt_metal/third_party/tt_llk/tt_llk_wormhole_b0/llk_lib/" \
               "llk_defs.h"
        scoped = "enum class MathFidelity" in self.text(defs)
        return "ckernel::MathFidelity" if scoped else "std::int32_t"

    def include_dirs(self, arch, processor):
        hw = f"tt_metal/hw/inc/internal/tt-1xx/{arch.hw}"
        ckernels = f"tt_metal/hw/ckernels/{arch.llk}/metal"
        llk = f"tt_metal/third_party/tt_llk/tt_llk_{arch.llk}"
        dirs = [
            ".", "ttnn", "ttnn/cpp", "tt_metal", "tt_metal/include",
            "tt_metal/hw/inc", "tt_metal/third_party/tt_llk/common",
            "tt_metal/hostdevcommon/api", "tt_metal/api",
            "tt_metal/hw/inc/debug", f"{ckernels}/common",
            f"{ckernels}/llk_io", "tt_metal/hw/inc/internal/tt-1xx", hw,
            f"{hw}/{arch.llk}_defines", f"{hw}/noc", f"{llk}/common/inc",
            f"{llk}/llk_lib", "tt_metal/hw/firmware/src/tt-1xx",
        ]
        if processor == "compute":
            dirs += [f"{ckernels}/llk_api", f"{ckernels}/llk_api/llk_sfpu"]
        return [self.root / d for d in dirs if (self.root / d).is_dir()]

    def wrapper(self, processor):
        names = {"brisc": "brisck.cc", "ncrisc": "ncrisck.cc",
                 "compute": "trisck.cc"}
        return self.metal / "hw/firmware/src/tt-1xx" / names[processor]

    def device_sources(self, arch):
        for folder in [self.llk / f"tt_llk_{arch.llk}",
                       self.metal / f"hw/ckernels/{arch.llk}", self.inc]:
            yield from sorted(folder.rglob("*.h"))
