// The vector unit: works on tiles of DST, between an op's init and the next.

#include "compute.h"
#include "recording.h"

#include <string.h>

void tsr_sim_sfpu_init(tsr_sim_sfpu op, tsr_sim_where where) {
  thread *self = enter("an init", where);
  record_sfpu(self, TSR_CLOCK_INIT, op);
  self->sfpu = op;
  self->sfpu_init = begin_here(self);
}

// Ops of the IR have their own names for what the vector unit does: there the
// init that came last is named.
static void check_sfpu(thread *self, tsr_sim_sfpu want) {
  if (self->sfpu == want)
    return;
  if (self->where.op)
    break_rule(
        self, "the vector unit is set up by %s: the init of this op is missing",
        self->sfpu == TSR_SIM_SFPU_NONE
            ? "nothing"
            : describe_earlier(self, &self->sfpu_init));
  else
    break_rule(self, "the vector unit is set up for %s: %s_init is missing",
               sfpu_call(self->sfpu), sfpu_call(want));
}

static thread *enter_sfpu(tsr_sim_sfpu op, tsr_sim_where where) {
  thread *self = enter(sfpu_call(op), where);
  check_sfpu(self, op);
  record_sfpu(self, TSR_CLOCK_SFPU, op);
  return self;
}

static void run_unary(thread *self, tsr_sim_sfpu op, uint32_t dst,
                      uint32_t param) {
  float *tile =
      op == TSR_SIM_SFPU_FILL ? written_tile(self, dst) : sfpu_tile(self, dst);
  float scalar = 0;
  memcpy(&scalar, &param, sizeof scalar);
  sfpu_unary(op, tile, scalar);
  settle(self, tile);
}

void tsr_sim_sfpu_unary(tsr_sim_sfpu op, uint32_t dst, uint32_t param,
                        tsr_sim_where where) {
  run_unary(enter_sfpu(op, where), op, dst, param);
}

void tsr_sim_sfpu_scalar(tsr_sim_sfpu op, uint32_t dst, uint32_t param,
                         tsr_sim_where where) {
  thread *self = enter(sfpu_call(op), where);
  if (self->sfpu != TSR_SIM_SFPU_ADD_SCALAR)
    break_rule(self, "binop_with_scalar_tile_init is missing");
  record_sfpu(self, TSR_CLOCK_SFPU, op);
  run_unary(self, op, dst, param);
}

void tsr_sim_sfpu_mask(uint32_t dst, uint32_t mask, tsr_sim_where where) {
  thread *self = enter_sfpu(TSR_SIM_SFPU_BINARY_MASK, where);
  if (mask != dst + 1)
    break_rule(self, "the mask of DST tile %u must be in DST tile %u, not %u",
               dst, dst + 1, mask);
  float *tile = sfpu_tile(self, dst);
  sfpu_binary(TSR_SIM_SFPU_BINARY_MASK, tile, sfpu_tile(self, mask), tile);
}

void tsr_sim_sfpu_binary(tsr_sim_sfpu op, uint32_t a, uint32_t b, uint32_t out,
                         tsr_sim_where where) {
  thread *self = enter_sfpu(op, where);
  const float *left = sfpu_tile(self, a), *right = sfpu_tile(self, b);
  float *to = written_tile(self, out);
  sfpu_binary(op, left, right, to);
  settle(self, to);
}

void tsr_sim_sfpu_where(uint32_t condition, uint32_t a, uint32_t b,
                        uint32_t out, tsr_sim_where where) {
  thread *self = enter_sfpu(TSR_SIM_SFPU_WHERE, where);
  const float *chooser = sfpu_tile(self, condition);
  const float *left = sfpu_tile(self, a), *right = sfpu_tile(self, b);
  sfpu_where(chooser, left, right, written_tile(self, out));
}

void tsr_sim_sfpu_typecast(uint32_t dst, uint32_t from, uint32_t to,
                           tsr_sim_where where) {
  thread *self = enter_sfpu(TSR_SIM_SFPU_TYPECAST, where);
  if (!tsr_sim_format_name(from) || !tsr_sim_format_name(to))
    fail_call(self, "from data format %u to %u is not modelled", from, to);
  float *tile = sfpu_tile(self, dst);
  if (to != TSR_SIM_FLOAT32)
    sfpu_unary(TSR_SIM_SFPU_TYPECAST, tile, 0);
}
