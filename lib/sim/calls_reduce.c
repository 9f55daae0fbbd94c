// Reductions: a tile and the scaler tile come by way of the source registers,
// and the packer leaves only what was reduced.

#include "compute.h"
#include "recording.h"

static void require_scaler(thread *self, tsr_sim_reduce_dim dim,
                           const float *scaler, uint32_t tile,
                           const cb_state *of) {
  size_t face = 0, col = 0;
  scaler_state is = check_scaler(scaler, dim, &face, &col);
  if (is == SCALER_EMPTY)
    break_rule(self,
               "tile %u of %s is no scaler tile: row 0 of its face %zu must "
               "hold what the values are multiplied by",
               tile, of->label, face);
  if (is == SCALER_MIXED)
    break_rule(self,
               "tile %u of %s is no scaler tile: row 0 of its faces must hold "
               "one value, or that and zeros behind it, but column %zu of face "
               "%zu has another",
               tile, of->label, col, face);
  if (is == SCALER_DOWN)
    break_rule(self,
               "tile %u of %s is no scaler tile: row 0 of its faces must hold "
               "the value, which goes down column 0 as for a matmul",
               tile, of->label);
}

void tsr_sim_unpack_reduce(tsr_sim_config config, uint32_t cb,
                           uint32_t cb_scaler, uint32_t tile,
                           uint32_t tile_scaler, tsr_sim_where where) {
  thread *self = enter(setup_call(config.setup), where);
  check_setup(self, config);
  check_fpu_source(self, cb);
  check_fpu_source(self, cb_scaler);
  check_source_format(self, self->format_a, cb, "SrcA");
  check_source_format(self, self->format_b, cb_scaler, "SrcB");
  check_whole_tiles(self, find_cb(self, cb));
  check_whole_tiles(self, find_cb(self, cb_scaler));
  record_unpack_ab(self, config, cb, cb_scaler);
  operand *bank = free_bank(self);
  unpack_source(self, cb, tile, bank->a);
  unpack_source(self, cb_scaler, tile_scaler, bank->b);
  bank->is_integer = false;
  require_scaler(self, config.reduce, bank->b, tile_scaler,
                 find_cb(self, cb_scaler));
  self->home->engine->unpacked++;
}

void tsr_sim_reduce(tsr_sim_config config, uint32_t dst, tsr_sim_where where) {
  thread *self = enter(setup_call(config.setup), where);
  check_setup(self, config);
  compute_engine *engine = self->home->engine;
  bool starts = !is_written(self, dst);
  float *to = written_tile(self, dst);
  tile_reduce(&config, next_operand(self, config), source_width(self),
              engine->is_32bit, starts, to);
  engine->reduced[engine->math_section] |= (uint32_t)1 << dst;
  engine->consumed++;
}

void tsr_sim_pack_reduce(tsr_sim_reduce_dim dim, tsr_sim_where where) {
  thread *self = enter("reduce_init", where);
  record_call(self, TSR_CLOCK_RECONFIG);
  self->edge_mask = dim;
}

void tsr_sim_pack_reduce_end(tsr_sim_where where) {
  thread *self = enter("reduce_uninit", where);
  record_call(self, TSR_CLOCK_RECONFIG);
  self->edge_mask = TSR_SIM_REDUCE_NOTHING;
}
