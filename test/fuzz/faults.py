#!/usr/bin/env python3
"""Plants faults in passes, one at a time, and says which seed shows each.

    faults.py BUILD [--count=N] [--only=TEXT] [--keep=FOLDER]

A check that cannot fail is worth nothing; this is how fuzz is held to it. The
tree that BUILD was made from is copied, and built without what fuzz does not
need. The rows below replace one piece of a file by another. Exit code 1: a
fault was not seen within N seeds, or its text is not there any more.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

# Of each fault: the pass, what is wrong, the file, and its text before and after.
FAULTS = [
    ("canonicalize", "the rest of a divided sum is dropped, whatever it is",
     "passes/canonicalize_index.c",
     "    if (canon_is_less(low, limit))\n",
     "    if (low && limit)\n"),
    ("canonicalize", "the rest of a divided sum may be as large as the factor",
     "passes/canonicalize_index.c",
     "index_of(r, is_multiple ? n : n / k)",
     "index_of(r, is_multiple ? n * k : n)"),
    ("canonicalize", "digits of a number may be larger than its base",
     "passes/canonicalize_index.c",
     "if (*out_high && canon_is_less(*out_low, n))",
     "if (*out_high)"),
    ("canonicalize", "(x - c) - d becomes x - (c - d)",
     "passes/canonicalize_index.c",
     "  if (kind == TSR_OP_sub)\n    with = TSR_OP_add;\n", ""),
    ("canonicalize", "(x - c) + d becomes x + (c + d)",
     "passes/canonicalize_index.c",
     "move_number(r, op, d - c, y)", "move_number(r, op, d + c, y)"),
    ("canonicalize", "(x + c) - d becomes x + (d - c)",
     "passes/canonicalize_index.c",
     "move_number(r, op, c - d, y)", "move_number(r, op, d - c, y)"),
    ("canonicalize", "(x + y) - y becomes y",
     "passes/canonicalize_index.c",
     "return tsr_op_operand(sum, 1 - i);\n  return NULL;\n}\n\n"
     "static tsr_value *fold_mul",
     "return tsr_op_operand(sum, i);\n  return NULL;\n}\n\n"
     "static tsr_value *fold_mul"),
    ("canonicalize", "a remainder of a remainder goes, whoever divides whom",
     "passes/canonicalize_index.c",
     "&x, &c) && c > 0 && c % n == 0)", "&x, &c) && c > 0)"),
    ("canonicalize", "x + c < d becomes x < d - c - 1",
     "passes/canonicalize_index.c",
     "index_of(r, d - c));\n  return true;\n}\n\nstatic tsr_value *fold_select",
     "index_of(r, d - c ? d - c - 1 : 0));\n  return true;\n}\n\n"
     "static tsr_value *fold_select"),
    ("canonicalize", "a < b ? a : b becomes the larger",
     "passes/canonicalize_index.c",
     "p->if_less == is_kept ? TSR_OP_min", "p->if_less != is_kept ? TSR_OP_min"),
    ("canonicalize", "a tile is taken from any row of a block",
     "passes/canonicalize_tiles.c",
     "for (size_t i = 1; i <= 2; i++)", "for (size_t i = 1; i <= 1; i++)"),
    ("canonicalize", "places of a block that may be the same are taken for two",
     "passes/canonicalize_tiles.c",
     "    *out_is_known = false;\n", "    *out_is_known = true;\n"),
    ("canonicalize", "a cast that rounds goes",
     "passes/canonicalize_tiles.c",
     "return inner && is_widening(inner)", "return inner"),
    ("canonicalize", "the larger of two fills is the smaller",
     "passes/canonicalize_tiles.c",
     "double filled = tsr_op_is(op, TSR_OP_tile_neg) ? -a : a > b ? a : b;",
     "double filled = tsr_op_is(op, TSR_OP_tile_neg) ? -a : a > b ? b : a;"),
    ("cse", "ops of other attributes are the same",
     "passes/cse.c",
     "has_same_operands(a, b) && has_same_attrs(a, b);",
     "has_same_operands(a, b) && (has_same_attrs(a, b) || true);"),
    ("cse", "ops that round to other types are the same",
     "passes/cse.c",
     "         tsr_value_get_type(tsr_op_result(a, 0)) ==\n"
     "             tsr_value_get_type(tsr_op_result(b, 0)) &&\n", ""),
    ("cse", "every op is commutative",
     "passes/cse.c",
     "  return tsr_op_has_trait(op, TSR_TRAIT_COMMUTATIVE) &&\n"
     "         (uintptr_t)",
     "  return tsr_op_operand_count(op) == 2 &&\n         (uintptr_t)"),
    ("dce", "what a loop starts with is dead",
     "passes/dce.c",
     "  if (tsr_op_is(op, TSR_OP_for_))\n"
     "    mark_value(l, tsr_op_group_operand(op, 3, i));\n", ""),
    ("dce", "stores to intermediate buffers are dead",
     "passes/dce.c",
     "  for (; stores; stores = stores->next)\n    mark_op(l, stores->op);",
     "  for (; stores->next; stores = stores->next)\n"
     "    mark_op(l, stores->op);"),
    ("licm", "a loop without rounds is taken for one with some",
     "passes/licm.c",
     "loop->trips.min > 0; // for sure", "loop->trips.max > 0; // for sure"),
    ("unroll", "rounds forget the step",
     "passes/unroll.c", "from + k * step", "from + k"),
    ("unroll", "the rounds that are left over are left out",
     "passes/unroll.c", "if (main_end != to) {", "if (!main_end) {"),
    ("unroll", "all rounds start from the same carried values",
     "passes/unroll.c",
     "at->values[i] = copy ? copy : next;",
     "at->values[i] = copy && at->carried > 1 ? copy : at->values[i];"),
    ("unswitch", "the other side of a branch is taken",
     "passes/unswitch.c",
     "decide(u, get_op_at(copy, at), block);",
     "decide(u, get_op_at(copy, at), 1 - block);"),
    ("symbol-dce", "what only kernels name is not named",
     "passes/symbol_dce.c",
     "  for (size_t b = 0; b < tsr_op_block_count(op); b++)\n"
     "    for (const tsr_op *inner",
     "  for (size_t b = 0; b < 0 * tsr_op_block_count(op); b++)\n"
     "    for (const tsr_op *inner"),
    ("inline", "results of a call are handed out from the last one on",
     "passes/inline.c",
     "tsr_map_find(copies, tsr_op_operand(end, i))",
     "tsr_map_find(copies, tsr_op_operand(end, count - 1 - i))"),
    ("inline", "every argument is given the first operand",
     "passes/inline.c",
     "tsr_block_arg(body, i), tsr_op_operand(call, i))",
     "tsr_block_arg(body, i), tsr_op_operand(call, 0))"),
    ("fuse", "a store in a branch stands for the tile",
     "passes/fuse_relate.c",
     "return is_same && is_private(a, x) && is_unconditional(a, x)",
     "return is_same && is_private(a, x)"),
    ("fuse", "nests pass others that touch the same buffers",
     "passes/fuse.c",
     "tsr_fuse_are_in_conflict(&f->items[i], &f->items[from]))",
     "!tsr_fuse_are_in_conflict(&f->items[i], &f->items[i]))"),
    ("fuse", "indices are the same whatever they are",
     "passes/fuse_relate.c",
     "return x == y || axis == get_axis(b, y);", "return true;"),
    ("insert-k-loop", "sums are rounded in every round",
     "passes/insert_k_loop.c",
     "tsr_type_with_element(context, type, TSR_ELEMENT_F32)};",
     "context ? type : NULL};"),
    ("insert-k-loop", "the extent of another axis is summed over",
     "passes/insert_k_loop.c",
     "    if (tsr_value_is_all(read.indices[i]))\n"
     "      read.reduced_axis = i;\n",
     "    if (tsr_value_is_all(read.indices[i]))\n"
     "      read.reduced_axis = i ? i - 1 : i;\n"),
    ("insert-k-loop", "sums start with one",
     "passes/insert_k_loop.c",
     "tsr_module_get_context(builder->module), 0.0));",
     "tsr_module_get_context(builder->module), 1.0));"),
    ("select-units", "a widened result keeps its narrow type",
     "passes/select_units.c",
     "  tsr_value_set_type(result, tsr_type_with_element(n->context,\n"
     "                                                   "
     "tsr_value_get_type(result),\n"
     "                                                   TSR_ELEMENT_F32));\n",
     ""),
    ("select-units", "a narrowed value keeps its wide type",
     "passes/select_units.c",
     "  if (is_tile(value) && get_element(value) == TSR_ELEMENT_F32)\n"
     "    tsr_value_set_type",
     "  if (is_tile(value) && !get_element(value))\n    tsr_value_set_type"),
    ("select-units", "what a loop carries keeps its wide type",
     "passes/select_units.c",
     "narrow_value(n, tsr_block_arg(tsr_op_block(op, b), i));",
     "(void)n;"),
    ("select-units", "wide operands go to the FPU",
     "passes/select_units.c",
     "if (!is_loaded(tsr_op_operand(op, i)) || !is_16bit(tsr_op_operand(op, i)))",
     "if (!is_loaded(tsr_op_operand(op, i)))"),
    ("select-units", "a cast that rounds goes",
     "passes/select_units.c",
     "      tsr_element_get_info(get_element(to))->mantissa_bits)\n    return;",
     "      1000)\n    return;"),
    ("select-units", "a narrow result is not rounded",
     "passes/select_units.c", "  tsr_value_replace_uses(result, cast);\n",
     "  (void)cast;\n"),
    ("select-units", "casts are left to the packer, whoever takes them",
     "passes/select_units.c",
     "return is_stored_only(to) ? \"pack\" : \"sfpu\";",
     "return is_stored_only(to) ? \"pack\" : \"pack\";"),
    ("select-units", "a mask's rows and columns change places",
     "passes/select_units.c",
     "get_mask(n, &builder, tsr_op_operand(op, 1), tsr_op_operand(op, 2));",
     "get_mask(n, &builder, tsr_op_operand(op, 2), tsr_op_operand(op, 1));"),
    ("distribute-cores", "the larger shares come last",
     "passes/distribute_cores.c",
     "firsts[runs] = (tsr_run){0, large, work->large_count};",
     "firsts[runs] = (tsr_run){0, small, work->large_count};"),
    ("distribute-cores", "inner and outer axis change places",
     "passes/distribute_cores.c",
     "    tsr_value_replace_uses(arg, inner);\n    rest = outer;",
     "    tsr_value_replace_uses(arg, outer);\n    rest = inner;"),
    ("allocate-dst", "a value that others still need is overwritten",
     "passes/allocate_dst_slots.c",
     "return value->uses_left == uses && value->pins == 0;",
     "return value->uses_left == uses;"),
    ("allocate-dst", "a slot that was written counts as clear",
     "passes/allocate_dst_slots.c",
     "(fresh && (plan->touched[i] || plan->loops))",
     "(fresh && plan->loops)"),
    ("allocate-dst", "a slot of a loop counts as clear in every round",
     "passes/allocate_dst_slots.c",
     "(fresh && (plan->touched[i] || plan->loops))",
     "(fresh && plan->touched[i])"),
    ("allocate-dst", "moves at the end of a block spoil each other",
     "passes/allocate_dst_flow.c",
     "    if (!other->is_done && other->from &&\n        overlap",
     "    if (!other->is_done && !other->from && other->value == NULL &&\n"
     "        overlap"),
    ("allocate-dst", "both sides of a branch use up a value",
     "passes/allocate_dst_flow.c",
     "    uint32_t inside = sides[0].uses[i] + sides[1].uses[i];",
     "    uint32_t inside = sides[0].uses[i] + 2 * sides[1].uses[i];"),
    ("allocate-cbs", "batches are forgotten",
     "passes/allocate_cbs.c",
     "tsr_op_set_int(cb, \"batch\", (int64_t)get_batch(stream));",
     "tsr_op_set_int(cb, \"batch\", 1);"),
    ("allocate-cbs", "the way of unpacking is forgotten",
     "passes/allocate_cbs.c", "  copy_attr(cb, stream, \"unpack\");\n", ""),
    ("split-kernels", "a tile is popped after its first use",
     "passes/split_kernels_flow.c",
     "if (!flow->last || tsr_op_is_before(flow->last, place))",
     "if (!flow->last)"),
    ("split-kernels", "valid rows and columns change places",
     "passes/split_kernels_move.c",
     "tsr_op_group_operand(access->op, group, side)",
     "tsr_op_group_operand(access->op, group, 1 - side)"),
    ("split-kernels", "pages of a block are counted by its rows",
     "passes/split_kernels_move.c",
     "                                    split_constant(kernel, access->cols));",
     "                                    split_constant(kernel, access->rows));"),
    ("split-kernels", "a tile of a block in DST is another one",
     "passes/split_kernels_compute.c",
     "*out = row * tsr_type_get_desc(block)->block_cols + col;",
     "*out = row * tsr_type_get_desc(block)->block_rows + col;"),
    ("split-kernels", "a tile of a loaded block is another one",
     "passes/split_kernels_emit.c",
     "uint32_t cols = tsr_type_get_desc(tsr_value_get_type(block))->block_cols;",
     "uint32_t cols = tsr_type_get_desc(tsr_value_get_type(block))->block_rows;"),
    ("split-kernels", "pages before a flow's own are not waited for",
     "passes/split_kernels_emit.c",
     "split_pages_before(kernel, flow) + flow->batch);\n}\n\nstatic void refuse",
     "flow->batch);\n}\n\nstatic void refuse"),
    ("insert-inits", "a loop starts as what is in front of it ends",
     "passes/insert_inits.c",
     "                         ? entry.parts[p]\n                         : unknown;",
     "                         ? entry.parts[p]\n                         : entry.parts[p];"),
    ("insert-inits", "a branch leaves what it may have set",
     "passes/insert_inits.c",
     "    return before == e.value ? before : unknown;",
     "    return before;"),
    ("insert-inits", "all casts are configured alike",
     "passes/insert_inits.c",
     "         get_element_setting(op, \"from\") << 16 |"
     " get_element_setting(op, \"to\");",
     "         0 * get_element_setting(op, \"from\");"),
    ("insert-inits", "source registers A and B change places",
     "passes/insert_inits.c",
     "bool is_first = (register_part == PART_SRCA) != is_mma(op);",
     "bool is_first = register_part == PART_SRCA;"),
    ("insert-inits", "a whole unpack is like any other",
     "passes/insert_inits.c",
     "return 2 * get_packing(op, name) + is_whole;",
     "return 2 * get_packing(op, name) + 0 * is_whole;"),
    ("layout-runtime-args", "the next argument is taken",
     "passes/layout_runtime_args.c",
     "    if (entry->kind == kind && entry->source == source)\n"
     "      return entry->arg;",
     "    if (entry->kind == kind)\n      return entry->arg;"),
    ("layout-runtime-args", "numbers of each core are passed as one for all",
     "passes/layout_runtime_args.c",
     "is_param(value) ? ARG_PER_CORE : ARG_CONST", "ARG_CONST"),
    ("layout-runtime-args", "what follows from parameters keeps the program's",
     "passes/layout_runtime_args.c",
     "  if (!has_table)\n    sink_per_core_math(&layout);\n", ""),
    ("tile", "a sum over padding does not ask for zeros",
     "passes/tile_nest.c",
     "&result->has_zeros);\n  }\n  name_after",
     "&result->has_zeros);\n    result->has_zeros = true;\n  }\n  name_after"),
    ("verify-protocol", "more may be pushed than is popped",
     "lib/analysis/protocol.c",
     "(count[0] == count[1] && count[0] >= 0)",
     "(count[0] >= count[1] && count[0] >= 0)"),
    ("verify-protocol", "more may be popped than is pushed",
     "lib/analysis/protocol.c",
     "(count[0] == count[1] && count[0] >= 0)",
     "(count[0] <= count[1] && count[0] >= 0)"),
    ("verify-protocol", "branches need not push alike",
     "lib/analysis/interval.c",
     "    if (run->counts[i] != other[i])\n      run->counts[i] = -1;",
     "    (void)other[i];"),
    ("verify-protocol", "a loop pushes as often as one round does",
     "lib/analysis/interval.c",
     "                    tsr_mul_i64(added, frame->trip_min, &total) &&",
     "                    tsr_mul_i64(added, 1, &total) &&"),
    ("verify-stage", "indices of loads may be one too large",
     "lib/analysis/unit.c",
     "    if (range.max <= extent - span)\n      continue;\n    const tsr_form",
     "    if (range.max <= extent - span + 1)\n      continue;\n"
     "    const tsr_form"),
]


def copy_tree(source, to):
    files = subprocess.run(["git", "-C", source, "ls-files", "--cached",
                            "--others", "--exclude-standard"], check=True,
                           capture_output=True, text=True).stdout.split("\n")
    for name in filter(None, files):
        new, old = pathlib.Path(source) / name, to / name
        old.parent.mkdir(parents=True, exist_ok=True)
        if new.is_symlink():
            old.unlink(missing_ok=True)
            old.symlink_to(new.readlink())
        elif not old.exists() or old.read_bytes() != new.read_bytes():
            shutil.copyfile(new, old)  # of now, so that it is built again


def build(folder):
    run = subprocess.run(["cmake", "--build", folder, "--target", "fuzz", "-j2"],
                         capture_output=True, text=True)
    return run.returncode == 0, run.stdout


def set_up(build_folder, work):
    cache = (pathlib.Path(build_folder) / "CMakeCache.txt").read_text()
    source = re.search(r"CMAKE_HOME_DIRECTORY:INTERNAL=(.*)", cache).group(1)
    tree, folder = work / "tree", work / "build"
    copy_tree(source, tree)
    subprocess.run(["cmake", "-S", tree, "-B", folder, "-G", "Ninja",
                    "-DCMAKE_BUILD_TYPE=Release"], check=True,
                   capture_output=True)
    fine, text = build(folder)
    if not fine:
        sys.exit(text)
    return tree, folder


def run_seeds(folder, count):
    return subprocess.run([folder / "fuzz/fuzz", "--stop", "--seed=1",
                           f"--count={count}"], capture_output=True, text=True,
                          errors="replace")


def find_seed(folder, count):
    """The first seed that shows the fault, and what it says; else None."""
    run = run_seeds(folder, count)
    found = re.search(r"^seed (\d+): (.*)", run.stdout, re.M)
    if found:
        return int(found.group(1)), found.group(2)
    if run.returncode == 0:
        return None
    fine, crashed = 0, count
    while crashed - fine > 1:
        middle = (fine + crashed) // 2
        if run_seeds(folder, middle).returncode:
            crashed = middle
        else:
            fine = middle
    return crashed, f"crash, exit code {run.returncode}"


def try_fault(tree, folder, fault, count):
    """What to print in the last two cells of the row, and if it is fine."""
    _, _, name, old, new = fault
    path = tree / name
    text = path.read_text()
    if text.count(old) != 1:
        return "is not there", "", False
    path.write_text(text.replace(old, new))
    fine, out = build(folder)
    found = find_seed(folder, count) if fine else None
    path.write_text(text)
    if not fine:
        return "does not build", re.sub(r"\s+", " ", out[-300:]), False
    if not found:
        return "not seen", "", False
    return str(found[0]), found[1][:70], True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", help="work here, and leave it")
    given = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(given.keep or scratch).resolve()
        tree, folder = set_up(given.build, work)
        print("| pass | fault | seed | what it says |\n|---|---|---:|---|")
        for fault in FAULTS:
            if given.only not in f"{fault[0]}: {fault[1]}":
                continue
            seed, says, fine = try_fault(tree, folder, fault, given.count)
            print(f"| {fault[0]} | {fault[1]} | {seed} | {says} |")
            failed += not fine
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
