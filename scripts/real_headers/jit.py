"""What tt-metal's runtime compilation adds to a kernel: headers, defines."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from real_headers.tree import Arch

PROCESSORS = ["brisc", "ncrisc", "compute"]
THREADS = ["unpack", "math", "pack"]

COMMON_DEFINES = (
    "TENSIX_FIRMWARE",
    "LOCAL_MEM_EN=0",
    "KERNEL_BUILD",
    "DISPATCH_MESSAGE_ADDR=0",
    "PCIE_NOC_X=0",
    "PCIE_NOC_Y=3",
)



class Refused(Exception):
    """tt-metal would refuse the kernel before compiling it."""


@dataclass(frozen=True)
class DataFormat:
    """A circular buffer's format: the JIT's number and bytes in a tile."""

    value: int
    tile_bytes: int


FORMATS = {
    "f32": DataFormat(0, 4096),
    "f16": DataFormat(1, 2048),
    "bf16": DataFormat(5, 2048),
    "bfp8": DataFormat(6, 1088),
    "bfp4": DataFormat(7, 576),
    "i32": DataFormat(8, 4096),
    "u32": DataFormat(24, 4096),
    "u16": DataFormat(9, 2048),
    "u8": DataFormat(30, 1024),
}
TF32 = 4
MAX_CBS = 64
FIDELITIES = {"lofi": 0, "hifi2": 2, "hifi3": 3, "hifi4": 4}


@dataclass(eq=False)
class Kernel:
    """One kernel and what the host would say of it when creating it."""

    path: Path
    processor: str
    ct_args: list = field(default_factory=list)
    defines: list = field(default_factory=list)
    noc: int = 0
    fidelity: str = "hifi4"
    fp32_acc: bool = True
    full_sync: bool = False
    approx: bool = False
    # circular buffer index -> (format name, unpacks straight to DST)
    cbs: dict = field(default_factory=dict)


def array(kind, name, values):
    body = ", ".join(str(v) for v in values)
    return f"constexpr {kind} {name}[{len(values)}] = {{{body}}};\n"


def cb_formats(kernel):
    """L1 format, unpacked format and tile bytes for every buffer index."""
    l1, unpacked, tile_bytes = [], [], []
    for index in range(MAX_CBS):
        name, to_dst = kernel.cbs.get(index, ("bf16", False))
        fmt = FORMATS[name]
        l1.append(fmt.value)
        if name == "f32" and not to_dst:
            unpacked.append(TF32 if kernel.fp32_acc else FORMATS["bf16"].value)
        else:
            unpacked.append(fmt.value)
        tile_bytes.append(fmt.tile_bytes)
    return l1, unpacked, tile_bytes


def tile_dims(side, tile_bytes):
    dims = [("tile_num_faces", 4), ("partial_face", 0),
            ("tile_face_r_dim", 16), ("narrow_tile", 0), ("tile_r_dim", 32),
            ("tile_c_dim", 32), ("num_faces_r_dim", 2),
            ("num_faces_c_dim", 2)]
    text = "".join(array("uint8_t", f"{side}_{name}", [value] * MAX_CBS)
                   for name, value in dims)
    return text + array("uint16_t", f"{side}_tile_size", tile_bytes)


def descriptors(kernel, fidelity_type):
    """The headers the JIT generates per program: file name -> text.

    Until spring 2026 there is one file per topic, later one for all.
    """
    l1, unpacked, tile_bytes = cb_formats(kernel)
    topic = {
        "chlkc_unpack_data_format.h":
            array("std::int32_t", "unpack_src_format", l1) +
            array("std::int32_t", "unpack_dst_format", unpacked),
        "chlkc_pack_data_format.h":
            array("unsigned char", "pack_src_format", l1) +
            array("unsigned char", "pack_dst_format", l1),
        "chlkc_unpack_tile_dims.h": tile_dims("unpack", tile_bytes),
        "chlkc_pack_tile_dims.h": tile_dims("pack", tile_bytes),
        "chlkc_dst_accum_mode.h":
            f"constexpr bool DST_ACCUM_MODE = {flag(kernel.fp32_acc)};\n",
        "chlkc_dst_sync_mode.h":
            "#define DST_SYNC_MODE DstSync::Sync"
            f"{'Full' if kernel.full_sync else 'Half'}\n",
        "chlkc_math_fidelity.h":
            '#include "llk_defs.h"\n'
            f"constexpr {fidelity_type} MATH_FIDELITY = "
            f"static_cast<{fidelity_type}>"
            f"({FIDELITIES[kernel.fidelity]});\n",
        "chlkc_math_approx_mode.h":
            f"constexpr bool APPROX = {flag(kernel.approx)};\n",
    }
    of_thread = [
        ("defined(UCK_CHLKC_MATH)",
         ["chlkc_math_fidelity.h", "chlkc_math_approx_mode.h"]),
        ("!defined(UCK_CHLKC_PACK)",
         ["chlkc_unpack_data_format.h", "chlkc_unpack_tile_dims.h"]),
        ("!defined(UCK_CHLKC_MATH) && !defined(UCK_CHLKC_UNPACK)",
         ["chlkc_pack_data_format.h", "chlkc_pack_tile_dims.h"]),
        ("defined(UCK_CHLKC_MATH) || defined(UCK_CHLKC_PACK) || "
         "defined(UCK_CHLKC_UNPACK)",
         ["chlkc_dst_accum_mode.h", "chlkc_dst_sync_mode.h"]),
    ]
    whole = ""
    for condition, files in of_thread:
        includes = "".join(f'#include "{f}"\n' for f in files)
        whole += f"#if {condition}\n{includes}#endif\n"
    files = {name: "#pragma once\n" + text for name, text in topic.items()}
    files["chlkc_descriptors.h"] = "#pragma once\n" + whole
    return files


def flag(value):
    return "true" if value else "false"


def line_marker(kernel):
    """Says where the text is from, and that it is no system header.

    The wrapper counts as one, and so would all it includes.
    """
    return f'# 1 "{kernel.path}"\n'


ENTRY = re.compile(r"\bvoid\s+kernel_main\s*\(\s*\)\s*\{")


def compute_source(kernel, thread):
    """The kernel as the JIT hands it to one compute thread."""
    text = kernel.path.read_text()
    entries = list(ENTRY.finditer(text))
    if len(entries) != 1:
        raise Refused(f"{kernel.path}: error: 'void kernel_main() {{' must stand "
                      f"exactly once in a compute kernel, not "
                      f"{len(entries)} times")
    for legacy in ("namespace NAMESPACE", "void MAIN"):
        if legacy in text:
            raise Refused(f"{kernel.path}: error: '{legacy}' selects the "
                          "JIT's legacy mode")
    at = entries[0].start()
    main = text[at:].replace("kernel_main", f"{thread}_main", 1)
    return (f"#define TRISC_{thread.upper()}\n"
            '#include "defines_generated.h"\n'
            f"{line_marker(kernel)}"
            f"{text[:at]}namespace chlkc_{thread} {{ {main}\n}}\n")


EMPTY_KERNEL = "#include <cstdint>\nvoid kernel_main() {}\n"


@dataclass(frozen=True)
class KernelJob:
    """One kernel as one RISC of one chip sees it."""

    kernel: Kernel
    arch: Arch
    thread: str  # of a compute kernel, else ""

    def path(self):
        return self.kernel.path

    def label(self):
        where = f"{self.arch.name} {self.kernel.processor}"
        return f"{where} {self.thread}".rstrip()

    def without_kernel(self, temp):
        """The same compilation of nothing: is it the tree that is at fault?"""
        empty = temp / "empty.cpp"
        empty.write_text(EMPTY_KERNEL)
        return KernelJob(Kernel(empty, self.kernel.processor), self.arch,
                         self.thread)


def job_defines(job):
    kernel = job.kernel
    defines = list(COMMON_DEFINES) + list(job.arch.defines)
    if kernel.processor == "compute":
        index = THREADS.index(job.thread)
        defines += [f"COMPILE_FOR_TRISC={index}", f"PROCESSOR_INDEX={2+index}",
                    f"UCK_CHLKC_{job.thread.upper()}",
                    f"NAMESPACE=chlkc_{job.thread}"]
    else:
        index = PROCESSORS.index(kernel.processor)
        defines += [f"COMPILE_FOR_{kernel.processor.upper()}",
                    f"PROCESSOR_INDEX={index}", f"NOC_INDEX={kernel.noc}",
                    "NOC_MODE=0"]
        defines += kernel.defines
    if kernel.ct_args:
        words = ",".join(str(w) for w in kernel.ct_args)
        defines.append(f"KERNEL_COMPILE_TIME_ARGS={words}")
    return defines


def write_generated(job, folder, fidelity_type):
    for name, text in descriptors(job.kernel, fidelity_type).items():
        (folder / name).write_text(text)
    lines = [f"#define {d.replace('=', ' ', 1)}\n" for d in job.kernel.defines]
    (folder / "defines_generated.h").write_text("".join(lines))
    if job.thread:
        (folder / f"chlkc_{job.thread}.cpp").write_text(
            compute_source(job.kernel, job.thread))
    else:
        (folder / "kernel_includes.hpp").write_text(
            line_marker(job.kernel) + job.kernel.path.read_text())
