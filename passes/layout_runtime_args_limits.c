// What a chip takes of a kernel: words of arguments, bytes of code.
//
// How much code a kernel becomes is the C++ compiler's affair, so the estimate
// is low on purpose: a kernel refused here cannot fit, one accepted here may
// still be refused by tt-metal. Bytes per op, RISC-V instructions of 4 bytes:
//
//   index arithmetic       4   one instruction
//   loop, branch           8   a compare and a jump
//   cb.*, dst.*, engines  16   four: load, store, poll, jump
//   noc transfer          48   twelve register writes and polls
//
// The runtime's own code in each kernel is left out.

#include "layout_runtime_args.h"

#include <inttypes.h>
#include <string.h>

enum {
  SCALAR_BYTES = 4,
  CONTROL_BYTES = 8,
  ENGINE_BYTES = 16,
  TRANSFER_BYTES = 48,
};

// A compute kernel is built for three processors; index arithmetic and loops
// are in all three, engine ops in at least one.
enum { COMPUTE_THREADS = 3 };

static bool is_compute(const tsr_op *kernel) {
  return !strcmp(tsr_op_get_text(kernel, "processor"), "compute");
}

static uint64_t estimate_op(const tsr_op *op, uint64_t threads) {
  if (tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH))
    return SCALAR_BYTES * threads;
  if (tsr_op_is(op, TSR_OP_for_) || tsr_op_is(op, TSR_OP_if_))
    return CONTROL_BYTES * threads;
  if (tsr_op_is(op, TSR_OP_noc_read_tile) ||
      tsr_op_is(op, TSR_OP_noc_write_tile))
    return TRANSFER_BYTES;
  return tsr_op_get_info(op)->effects ? ENGINE_BYTES : 0;
}

static uint64_t estimate_block(const tsr_block *block, uint64_t threads) {
  uint64_t bytes = 0;
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    bytes += estimate_op(op, threads);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      bytes += estimate_block(tsr_op_block(op, b), threads);
  }
  return bytes;
}

static uint64_t estimate_kernel(const tsr_op *kernel) {
  return estimate_block(tsr_op_block(kernel, 0),
                        is_compute(kernel) ? COMPUTE_THREADS : 1);
}

static const char *get_name(const tsr_op *kernel) {
  return tsr_op_get_text(kernel, "name");
}

static tsr_result check_code(tsr_pass_env *env, const tsr_op *kernel,
                             uint64_t bytes) {
  const tsr_target *target = env->target;
  bool is_ncrisc = !strcmp(tsr_op_get_text(kernel, "processor"), "dm1");
  if (is_ncrisc && target->ncrisc_code_bytes &&
      bytes > target->ncrisc_code_bytes)
    return tsr_diag_error(env->diag, kernel, TSR_DIAG(kernel_code_too_large),
                          get_name(kernel), bytes, target->name,
                          target->ncrisc_code_bytes);
  if (bytes > target->kernel_config_bytes)
    return tsr_diag_error(env->diag, kernel, TSR_DIAG(kernel_code_exceeds_ring),
                          get_name(kernel), bytes, target->name,
                          target->kernel_config_bytes);
  return TSR_OK;
}

// Words of arguments that are passed when the program is launched.
static uint64_t count_words(const tsr_op *kernel) {
  const tsr_attr *args = tsr_op_get_attr(kernel, "args");
  uint64_t words = 0;
  for (size_t i = 0; args && i < tsr_attr_count(args); i++) {
    const tsr_attr *place = tsr_attr_item(tsr_attr_item(args, i), 1);
    words += strcmp(tsr_attr_get_text(place), "compile_time") != 0;
  }
  return words;
}

static tsr_result check_words(tsr_pass_env *env, const tsr_op *kernel) {
  uint64_t words = count_words(kernel);
  if (words <= env->target->max_runtime_args)
    return TSR_OK;
  return tsr_diag_error(env->diag, kernel, TSR_DIAG(runtime_args_exceeded),
                        get_name(kernel), words, env->target->name,
                        env->target->max_runtime_args);
}

tsr_result layout_check_limits(tsr_pass_env *env, tsr_op *program) {
  tsr_result result = TSR_OK;
  uint64_t sum = 0;
  for (tsr_op *op = layout_first_kernel(program); op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_kernel))
      continue;
    uint64_t bytes = estimate_kernel(op);
    sum += bytes;
    if (check_words(env, op) != TSR_OK || check_code(env, op, bytes) != TSR_OK)
      result = TSR_FAILED;
  }
  uint64_t limit = env->target->kernel_config_bytes;
  if (result == TSR_OK && sum > limit)
    result =
        tsr_diag_error(env->diag, program, TSR_DIAG(kernels_code_exceeds_ring),
                       get_name(program), sum, env->target->name, limit);
  return result;
}
