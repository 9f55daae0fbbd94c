// Pack: takes sections of DST from math, and writes their tiles to circular
// buffers in the formats that these have.

#include "compute.h"
#include "recording.h"

#include <string.h>

void tsr_sim_dst_wait(tsr_sim_where where) {
  thread *self = enter("tile_regs_wait", where);
  check_started(self);
  if (self->in_section)
    break_rule(self, "the section of %s was not released",
               describe_earlier(self, &self->section));
  record_call(self, TSR_CLOCK_DST_WAIT);
  block(self, (wait_state){.kind = WAIT_DST_FULL});
  self->in_section = true;
  self->section = begin_here(self);
}

void clear_section(compute_engine *engine, uint32_t section) {
  for (uint32_t i = 0; engine->touched[section] >> i != 0; i++)
    if (engine->touched[section] >> i & 1)
      memset(engine->dst[section * engine->section_tiles + i], 0,
             sizeof *engine->dst);
  engine->touched[section] = 0;
}

static void release(thread *self) {
  compute_engine *engine = self->home->engine;
  if (!self->in_section)
    block(self, (wait_state){.kind = WAIT_DST_FULL});
  record_call(self, TSR_CLOCK_DST_RELEASE);
  self->in_section = false;
  clear_section(engine, engine->pack_section);
  engine->written[engine->pack_section] = 0;
  engine->integer[engine->pack_section] = 0;
  engine->reduced[engine->pack_section] = 0;
  engine->committed--;
  engine->pack_section = (engine->pack_section + 1) % engine->section_count;
}

void tsr_sim_dst_release(tsr_sim_where where) {
  thread *self = enter("tile_regs_release", where);
  if (!self->in_section)
    break_rule(self, "no section is waited for: %s must come first",
               name_call(self, CALL_tile_regs_wait));
  release(self);
}

void release_again(tsr_sim_where where) {
  thread *self = enter("tile_regs_release", where);
  if (!self->in_section && !self->section.call)
    break_rule(self, "no section is waited for: %s must come first",
               name_call(self, CALL_tile_regs_wait));
  release(self);
}

void check_pack_format(thread *self, const cb_state *on) {
  check_started(self);
  if (find_cb(self, (uint32_t)self->format_pack)->format != on->format)
    break_rule(
        self,
        "the packer is configured for %s (%s) but %s is %s: %s is missing",
        find_cb(self, (uint32_t)self->format_pack)->label,
        cb_format_name(self, (uint32_t)self->format_pack), on->label,
        tsr_sim_format_name(on->format),
        name_call(self, CALL_pack_reconfig_data_format));
}

char *reserved_slot(thread *self, const cb_state *on, uint32_t slot) {
  if (!on->is_global && slot >= on->reserved)
    break_rule(self,
               "packs to page %u of %s, of which %u are reserved: %s must come "
               "first",
               slot, on->label, on->reserved,
               name_call(self, CALL_cb_reserve_back));
  if (on->write_page + slot >= on->page_count)
    fail_call(
        self,
        "packs to page %u from page %u of %s on, beyond its end: it holds %u",
        slot, on->write_page, on->label, on->page_count);
  uint32_t l1 = on->l1 + (on->write_page + slot) * on->page_bytes;
  mark_written(self->home, l1, on->page_bytes);
  return self->home->l1 + l1;
}

const float *packed_tile(thread *self, uint32_t index) {
  const compute_engine *engine = self->home->engine;
  check_started(self);
  if (!self->in_section)
    break_rule(self, "works on DST outside of %s and %s",
               name_call(self, CALL_tile_regs_wait),
               name_call(self, CALL_tile_regs_release));
  check_dst_index(self, index);
  return engine->dst[engine->pack_section * engine->section_tiles + index];
}

char *reserved_bytes(thread *self, const cb_state *on, uint32_t bytes) {
  if (!on->is_global && bytes > (uint64_t)on->reserved * on->page_bytes)
    break_rule(self,
               "writes %u B of %s, of which %u pages of %u B are reserved: %s "
               "must come first",
               bytes, on->label, on->reserved, on->page_bytes,
               name_call(self, CALL_cb_reserve_back));
  if (bytes > (uint64_t)(on->page_count - on->write_page) * on->page_bytes)
    fail_call(self,
              "writes %u B from page %u of %s on, beyond its end: it holds %u "
              "pages of %u B",
              bytes, on->write_page, on->label, on->page_count, on->page_bytes);
  return self->home->l1 + on->l1 + (size_t)on->write_page * on->page_bytes;
}

static bool packs_bit(const uint32_t *by_section, const compute_engine *engine,
                      uint32_t dst) {
  return (by_section[engine->pack_section] >> dst & 1) != 0;
}

static void check_pack_kind(thread *self, const cb_state *on, uint32_t dst) {
  bool is = packs_bit(self->home->engine->integer, self->home->engine, dst);
  bool wants = tsr_sim_format_kind(on->format) == TSR_SIM_KIND_INTEGER;
  bool is_set = packs_bit(self->home->engine->written, self->home->engine, dst);
  if (is_set && is != wants)
    break_rule(self,
               "DST tile %u holds %s but %s is %s: typecast_tile is missing",
               dst, is ? "integers" : "floating point", on->label,
               tsr_sim_format_name(on->format));
  check_wide_integers(self, on);
}

// The conversion before that of the format: 32-bit DST is rounded to bf16 on
// the way to fp16, and everything to 6 bits of mantissa on the way to a block
// format, unless it is to be packed precisely.
static void convert_early(const thread *self, const cb_state *on, float *tile) {
  bool is_block = tsr_sim_tile_bytes(on->format) % TILE_ELEMS != 0;
  if (is_block && !self->code->config.bfp_pack_precise)
    round_tile_e8m6(tile);
  if (on->format == TSR_SIM_FLOAT16 && self->home->engine->is_32bit)
    round_tile_bf16(tile);
}

static void cut_off(const thread *self, float *tile) {
  float bound = self->relu_threshold;
  for (size_t i = 0; self->relu == TSR_SIM_RELU_ABOVE && i < TILE_ELEMS; i++)
    tile[i] = tile[i] <= bound ? 0 : tile[i];
  for (size_t i = 0; self->relu == TSR_SIM_RELU_BETWEEN && i < TILE_ELEMS; i++)
    tile[i] = tile[i] <= 0 ? 0 : tile[i] > bound ? bound : tile[i];
}

void prepare_pack(thread *self, const cb_state *on, uint32_t dst, float *out) {
  memcpy(out, packed_tile(self, dst), TILE_ELEMS * sizeof *out);
  check_pack_kind(self, on, dst);
  if (self->edge_mask != TSR_SIM_REDUCE_NOTHING) {
    if (!packs_bit(self->home->engine->reduced, self->home->engine, dst))
      break_rule(self,
                 "the packer keeps only what a reduction leaves, and DST "
                 "tile %u is none: reduce_uninit is missing",
                 dst);
    mask_tile_edges(self->edge_mask, out);
  }
  convert_early(self, on, out);
  cut_off(self, out);
}

// What a program before left in L1 is no sum to go on with.
static void check_filled(thread *self, const cb_state *on, uint32_t slot,
                         bool is_filled) {
  if (self->accumulate && !is_filled)
    break_rule(self,
               "adds to page %u of %s, to which nothing was written yet: the "
               "first pack to a page needs pack_reconfig_l1_acc(0)",
               on->write_page + slot, on->label);
}

static void pack_to_slot(thread *self, uint32_t dst, uint32_t cb,
                         uint32_t slot) {
  const cb_state *on = find_cb(self, cb);
  check_tile_pages(self, on);
  if (self->config.setup == TSR_SIM_SETUP_UNTILIZE)
    break_rule(self, "the packer is set up for pack_untilize: "
                     "pack_untilize_uninit is missing");
  float tile[TILE_ELEMS];
  prepare_pack(self, on, dst, tile);
  check_pack_format(self, on);
  bool is_filled = was_filled(on, on->write_page + slot);
  char *l1 = reserved_slot(self, on, slot);
  check_filled(self, on, slot, is_filled);
  if (self->accumulate) {
    float before[TILE_ELEMS];
    unpack_cb_tile(on, l1, before, ROUND_NONE);
    tile_binary(TSR_SIM_SETUP_ADD, before, tile, tile);
  }
  pack_cb_tile(on, tile, l1);
}

void record_pack(thread *self, const cb_state *on,
                 tsr_clock_compute_event what) {
  what.format_a = (uint8_t)on->format;
  what.accumulate = self->accumulate;
  what.relu = self->relu != TSR_SIM_RELU_NONE;
  if (self->stream)
    record_event(self,
                 (tsr_clock_event){.kind = TSR_CLOCK_PACK, .compute = what});
}

void tsr_sim_pack(uint32_t dst, uint32_t cb, tsr_sim_where where) {
  thread *self = enter("pack_tile", where);
  cb_state *on = find_cb(self, cb);
  record_pack(self, on, (tsr_clock_compute_event){0});
  pack_to_slot(self, dst, cb, on->pack_slot);
  on->pack_slot++;
}

void tsr_sim_pack_at(uint32_t dst, uint32_t cb, uint32_t slot,
                     tsr_sim_where where) {
  thread *self = enter("pack_tile", where);
  record_pack(self, find_cb(self, cb), (tsr_clock_compute_event){0});
  pack_to_slot(self, dst, cb, slot);
}

void tsr_sim_pack_accumulate(bool on, tsr_sim_where where) {
  thread *self = enter("pack_reconfig_l1_acc", where);
  record_call(self, TSR_CLOCK_RECONFIG);
  self->accumulate = on;
}

void tsr_sim_pack_relu(tsr_sim_relu kind, float threshold,
                       tsr_sim_where where) {
  thread *self = enter("llk_pack_relu_config", where);
  record_call(self, TSR_CLOCK_RECONFIG);
  self->relu = kind;
  self->relu_threshold = threshold;
}
