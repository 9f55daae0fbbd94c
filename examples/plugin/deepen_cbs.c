// deepen-cbs: let circular buffers hold more, where L1 has room.
//
// allocate-cbs gives every buffer the same depth. A deeper one lets its
// producer run further ahead, which hides the latency of DRAM, and nothing else
// in the program depends on it: what is pushed is popped batch by batch as
// before. So all buffers of a program are doubled together, as often as they
// stay within a share of L1.
//
// A plug-in: built on its own against an installed Tessera, see CMakeLists.txt.

#include "tessera/pass_report.h"
#include "tessera/plugin.h"

#include <inttypes.h>

typedef struct limits {
  uint64_t bytes; // all buffers of a program
  int64_t depth;  // of any one
} limits;

// The next circular buffer of the program behind `op`; NULL at the end.
static tsr_op *next_cb(tsr_op *op) {
  while (op && !tsr_op_is(op, TSR_OP_cb))
    op = tsr_op_next(op);
  return op;
}

// As if every buffer were on every core: never less than what one core holds.
static uint64_t count_bytes(const tsr_block *program) {
  uint64_t bytes = 0;
  for (tsr_op *cb = next_cb(tsr_block_first(program)); cb;
       cb = next_cb(tsr_op_next(cb)))
    bytes += (uint64_t)(tsr_op_get_int(cb, "batch", 1) *
                        tsr_op_get_int(cb, "depth", 1) *
                        tsr_op_get_int(cb, "page_bytes", 0));
  return bytes;
}

static int64_t find_deepest(const tsr_block *program) {
  int64_t deepest = 0;
  for (tsr_op *cb = next_cb(tsr_block_first(program)); cb;
       cb = next_cb(tsr_op_next(cb)))
    if (tsr_op_get_int(cb, "depth", 1) > deepest)
      deepest = tsr_op_get_int(cb, "depth", 1);
  return deepest;
}

static void double_depths(const tsr_block *program) {
  for (tsr_op *cb = next_cb(tsr_block_first(program)); cb;
       cb = next_cb(tsr_op_next(cb)))
    tsr_op_set_int(cb, "depth", 2 * tsr_op_get_int(cb, "depth", 1));
}

static void deepen(const tsr_pass_env *env, const tsr_op *program,
                   const limits *most) {
  const tsr_block *block = tsr_op_block(program, 0);
  const uint64_t before = count_bytes(block);
  uint64_t bytes = before;
  if (bytes > most->bytes)
    tsr_diag_warn(env->diag, program, "deepen-cbs-no-room",
                  "circular buffers hold %" PRIu64 " B, and %" PRIu64
                  " B are allowed; they stay as they are",
                  bytes, most->bytes);
  for (; bytes > 0 && 2 * bytes <= most->bytes &&
         2 * find_deepest(block) <= most->depth;
       bytes *= 2)
    double_depths(block);
  if (bytes == before)
    return;
  tsr_pass_env_count(env, "deepened", 1);
  tsr_pass_env_remark(env, TSR_REMARK_PASSED, "Deepened", program,
                      "circular buffers hold {bytes:%" PRIu64
                      "} B instead of {before:%" PRIu64 "}",
                      bytes, before);
}

static tsr_result deepen_cbs(tsr_pass_env *env, tsr_module *module) {
  int64_t percent = tsr_pass_env_option(env, "percent")->number;
  limits most = {
      .bytes = (uint64_t)env->target->cb_bytes * (uint64_t)percent / 100,
      .depth = tsr_pass_env_option(env, "max-depth")->number,
  };
  for (tsr_op *op = tsr_block_first(tsr_module_block(module)); op;
       op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_program)) {
      tsr_pass_env_at(env, op);
      deepen(env, op, &most);
    }
  return TSR_OK;
}

static tsr_result add_passes(tsr_registry *registry, tsr_diag *diag) {
  static const tsr_pass_option options[] = {
      {"percent", TSR_OPTION_INT, "50", "1..100",
       "share of L1 that circular buffers may take"},
      {"max-depth", TSR_OPTION_INT, "8", "1..64",
       "batches a circular buffer holds at most"},
  };
  static const tsr_pass_counter counters[] = {
      {"deepened", "programs whose circular buffers hold more"},
  };
  static const tsr_pass pass = {
      .name = "deepen-cbs",
      .run = deepen_cbs,
      .needs = 1u << TSR_STATE_SPLIT,
      .summary = "Double the depth of circular buffers while L1 has room",
      .docs = "All buffers of a program grow together. A program that holds "
              "more than `percent` already\nis left as it is, with a warning.",
      .options = options,
      .option_count = sizeof(options) / sizeof(options[0]),
      .counters = counters,
      .counter_count = sizeof(counters) / sizeof(counters[0]),
  };
  static const char *const runs[] = {"default", "deepen-cbs"};
  static const tsr_named_pipeline pipeline = {
      .name = "deep", .runs = runs, .run_count = 2};
  if (tsr_registry_add_pass(registry, &pass, diag) != TSR_OK)
    return TSR_FAILED;
  return tsr_registry_add_pipeline(registry, &pipeline, diag);
}

TSR_PLUGIN("deepen-cbs", add_passes)
