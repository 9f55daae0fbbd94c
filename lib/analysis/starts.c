// The start of the hardware in compute kernels: once, and before all else that
// the kernel does.

#include "impl.h"

#include <string.h>

static bool is_start(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_start_mma) ||
         tsr_op_is(op, TSR_OP_start_binary) || tsr_op_is(op, TSR_OP_start_copy);
}

// Numbers may be worked out before the start.
static bool does_something(const tsr_op *op) {
  return tsr_op_get_info(op)->effects != 0 || tsr_op_block_count(op) > 0;
}

// What a kernel says of its start.
typedef struct starts {
  const tsr_check *check;
  const tsr_op *first;  // start; NULL: none yet
  const tsr_op *before; // what the kernel does first; NULL: nothing yet
  const tsr_op *config; // the first that configures the engine
  const tsr_op *around; // the innermost loop or branch around this block
  tsr_result result;
} starts;

static void check_start(starts *s, const tsr_op *op) {
  tsr_diag *diag = s->check->diag;
  const char *name = tsr_op_get_mnemonic(op);
  if (s->first) {
    tsr_diag_error(diag, op, TSR_DIAG(start_twice), name);
    tsr_diag_note(diag, s->first, TSR_DIAG(note_first_start));
    s->result = TSR_FAILED;
  } else if (s->around) {
    s->result = tsr_diag_error(diag, op, TSR_DIAG(start_nested), name,
                               tsr_op_get_mnemonic(s->around));
  } else if (s->before) {
    s->result = tsr_diag_error(diag, op, TSR_DIAG(start_not_first), name,
                               tsr_op_get_mnemonic(s->before));
  }
  s->first = s->first ? s->first : op;
}

static void check_block(starts *s, const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (!s->config && tsr_op_get_info(op)->effects & TSR_EFFECT_CONFIG)
      s->config = op;
    if (is_start(op))
      check_start(s, op);
    if (!s->before && does_something(op))
      s->before = op;
    const tsr_op *around = s->around;
    s->around = op;
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      check_block(s, tsr_op_block(op, b));
    s->around = around;
  }
}

static tsr_result check_kernel(const tsr_check *check, const tsr_op *kernel) {
  starts s = {.check = check, .result = TSR_OK};
  check_block(&s, tsr_op_block(kernel, 0));
  // Before insert-inits each op finds its engine as it needs it.
  if (s.first || !s.config)
    return s.result;
  return tsr_diag_error(check->diag, s.config, TSR_DIAG(start_missing),
                        tsr_op_get_mnemonic(s.config));
}

tsr_result tsr_check_starts(const tsr_check *check, const tsr_op *program) {
  tsr_result result = TSR_OK;
  const tsr_block *body = tsr_op_block(program, 0);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_kernel) &&
        strcmp(tsr_op_get_text(op, "processor"), "compute") == 0 &&
        check_kernel(check, op) != TSR_OK)
      result = TSR_FAILED;
  return result;
}
