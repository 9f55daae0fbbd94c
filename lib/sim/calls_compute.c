// The compute engine: unpack brings tiles from circular buffers to the source
// registers, math works on DST. Each call belongs to one of the two threads.

#include "compute.h"
#include "recording.h"

#include <string.h>

// -- Set-up -------------------------------------------------------------------

typedef struct setup_row {
  const char *name;
  const char *call;
} setup_row;

static const setup_row setups[TSR_SIM_SETUP_COUNT] = {
    [TSR_SIM_SETUP_NONE] = {"nothing", "?"},
    [TSR_SIM_SETUP_MATMUL] = {"matmul", "matmul_tiles"},
    [TSR_SIM_SETUP_COPY] = {"copy", "copy_tile"},
    [TSR_SIM_SETUP_ADD] = {"add", "add_tiles"},
    [TSR_SIM_SETUP_SUB] = {"sub", "sub_tiles"},
    [TSR_SIM_SETUP_MUL] = {"mul", "mul_tiles"},
    [TSR_SIM_SETUP_TRANSPOSE] = {"transpose", "transpose_tile"},
    [TSR_SIM_SETUP_BROADCAST] = {"broadcast", "unary_bcast"},
    [TSR_SIM_SETUP_REDUCE] = {"reduce", "reduce_tile"},
    [TSR_SIM_SETUP_TILIZE] = {"tilize", "tilize_block"},
    [TSR_SIM_SETUP_UNTILIZE] = {"untilize", "untilize_block"},
};

const char *setup_call(tsr_sim_setup setup) { return setups[setup].call; }

// The block of a matmul and its transpose flag must be those of the init.
// matmul_tiles has neither (rows is 0): one tile, transposed as the init says.
static void check_block(thread *self, tsr_sim_config want) {
  const tsr_sim_config *is = &self->config;
  bool one_tile = want.rows == 0;
  uint32_t rows = one_tile ? 1 : want.rows;
  uint32_t cols = one_tile ? 1 : want.cols;
  uint32_t depth = one_tile ? 1 : want.depth;
  if (!one_tile && is->transpose != want.transpose)
    break_rule(self, "the init was with transpose %d, the op is with %d",
               is->transpose, want.transpose);
  if (is->rows != rows || is->cols != cols || is->depth != depth)
    break_rule(
        self,
        "the init was for a block of %u x %u tiles with depth %u, the op "
        "is for %u x %u with %u",
        is->rows, is->cols, is->depth, rows, cols, depth);
}

void check_setup(thread *self, tsr_sim_config want) {
  const tsr_sim_config *is = &self->config;
  if (is->setup != want.setup)
    break_rule(self, "the engine is set up for %s: the init of %s is missing",
               setups[is->setup].name, setups[want.setup].name);
  if (is->broadcast != want.broadcast)
    break_rule(self, "the init was for another broadcast than the op");
  if (is->reuse != want.reuse)
    break_rule(self, "the init was for another reuse of DST than the op");
  if (want.setup == TSR_SIM_SETUP_MATMUL)
    check_block(self, want);
  if (is->reduce != want.reduce || is->is_max != want.is_max ||
      is->is_fp32 != want.is_fp32)
    break_rule(self, "the init was for another reduction than the op");
  if (is->width_tiles != want.width_tiles)
    break_rule(self, "the init was for rows of %u tiles, the op is for %u",
               is->width_tiles, want.width_tiles);
  if (want.setup == TSR_SIM_SETUP_UNTILIZE && is->cols != want.cols)
    break_rule(self, "the init was for %u tiles at a time, the op is for %u",
               is->cols, want.cols);
}

static bool is_integer_cb(thread *self, uint32_t cb) {
  return tsr_sim_format_kind(find_cb(self, cb)->format) == TSR_SIM_KIND_INTEGER;
}

static bool is_wide_integer(uint32_t format) {
  return format == TSR_SIM_INT32 || format == TSR_SIM_UINT32;
}

// The source registers hold no integers of 32 bits.
bool goes_to_dst(thread *self, uint32_t cb) {
  uint32_t format = find_cb(self, cb)->format;
  if (is_wide_integer(format))
    return true;
  return self->home->engine->is_32bit && format == TSR_SIM_FLOAT32 &&
         (self->code->config.unpack_to_dst >> cb & 1) != 0;
}

static bool same_source(thread *self, uint32_t a, uint32_t b) {
  return find_cb(self, a)->format == find_cb(self, b)->format &&
         goes_to_dst(self, a) == goes_to_dst(self, b);
}

const char *cb_format_name(thread *self, uint32_t cb) {
  return tsr_sim_format_name(find_cb(self, cb)->format);
}

void check_started(thread *self) {
  if (!self->is_started)
    fail_call(self,
              "the start of a compute kernel, %s or an init that includes it, "
              "is missing",
              name_call(self, CALL_compute_kernel_hw_startup));
}

void check_source_format(thread *self, int32_t is, uint32_t cb,
                         const char *source) {
  check_started(self);
  if (!same_source(self, (uint32_t)is, cb))
    break_rule(self,
               "%s is configured for %s (%s%s) but %s is %s%s: %s is missing",
               source, find_cb(self, (uint32_t)is)->label,
               cb_format_name(self, (uint32_t)is),
               goes_to_dst(self, (uint32_t)is) ? ", to DST" : "",
               find_cb(self, cb)->label, cb_format_name(self, cb),
               goes_to_dst(self, cb) ? ", to DST" : "",
               name_call(self, CALL_reconfig_data_format));
}

void tsr_sim_start_engine(tsr_sim_where where) {
  thread *self = enter("compute_kernel_hw_startup", where);
  if (self->in_section)
    break_rule(self,
               "starts the hardware inside of the section of %s: that forgets "
               "which part of DST is whose, so it must come before",
               describe_earlier(self, &self->section));
  self->is_started = true;
}

// `before`: the circular buffer that was configured for; none at the start of a
// kernel, when everything is set up.
static void record_format(thread *self, int32_t before) {
  record_call(self, before < 0 ? TSR_CLOCK_STARTUP : TSR_CLOCK_RECONFIG);
}

void tsr_sim_format_src(uint32_t cb_a, uint32_t cb_b, tsr_sim_where where) {
  thread *self = enter("reconfig_data_format", where);
  find_cb(self, cb_a);
  find_cb(self, cb_b);
  record_format(self, self->format_a);
  self->format_a = (int32_t)cb_a;
  self->format_b = (int32_t)cb_b;
}

void tsr_sim_format_srca(uint32_t cb, tsr_sim_where where) {
  thread *self = enter("reconfig_data_format_srca", where);
  find_cb(self, cb);
  record_format(self, self->format_a);
  self->format_a = (int32_t)cb;
}

void tsr_sim_format_srcb(uint32_t cb, tsr_sim_where where) {
  thread *self = enter("reconfig_data_format_srcb", where);
  find_cb(self, cb);
  record_format(self, self->format_b);
  self->format_b = (int32_t)cb;
}

void tsr_sim_format_pack(uint32_t cb, tsr_sim_where where) {
  thread *self = enter("pack_reconfig_data_format", where);
  find_cb(self, cb);
  record_format(self, self->format_pack);
  self->format_pack = (int32_t)cb;
}

bool tsr_sim_src_differs(uint32_t cb_old, uint32_t cb_new,
                         tsr_sim_where where) {
  return !same_source(enter("reconfig_data_format", where), cb_old, cb_new);
}

bool tsr_sim_pack_differs(uint32_t cb_old, uint32_t cb_new,
                          tsr_sim_where where) {
  thread *self = enter("pack_reconfig_data_format", where);
  return find_cb(self, cb_old)->format != find_cb(self, cb_new)->format;
}

// tilize and untilize leave the unpacker in a state that no init undoes.
static void check_uninit(thread *self, tsr_sim_setup next) {
  tsr_sim_setup is = self->config.setup;
  if ((is == TSR_SIM_SETUP_TILIZE || is == TSR_SIM_SETUP_UNTILIZE) &&
      next != is && next != TSR_SIM_SETUP_NONE)
    break_rule(self, "%s_uninit must come first", setups[is].name);
}

void tsr_sim_unpack_init(tsr_sim_config config, tsr_sim_where where) {
  thread *self = enter("an init", where);
  check_uninit(self, config.setup);
  record_op(self, TSR_CLOCK_INIT, config, (tsr_clock_compute_event){0});
  self->config = config;
}

void tsr_sim_math_init(tsr_sim_config config, tsr_sim_where where) {
  thread *self = enter("an init", where);
  record_op(self, TSR_CLOCK_INIT, config, (tsr_clock_compute_event){0});
  self->config = config;
}

// -- Unpack -------------------------------------------------------------------

void check_tile_pages(thread *self, const cb_state *on) {
  uint32_t tile_bytes = cb_tile_bytes(on);
  if (on->page_bytes == tile_bytes)
    return;
  if (tile_bytes == tsr_sim_tile_bytes(on->format))
    fail_call(self, "%s has pages of %u B, but a tile of %s has %u", on->label,
              on->page_bytes, tsr_sim_format_name(on->format), tile_bytes);
  fail_call(self, "%s has pages of %u B, but a tile of %s, %u x %u, has %u",
            on->label, on->page_bytes, tsr_sim_format_name(on->format),
            on->tile_rows, on->tile_cols, tile_bytes);
}

const char *fronted_tile(thread *self, uint32_t cb, uint32_t tile) {
  const cb_state *on = find_cb(self, cb);
  check_tile_pages(self, on);
  // A buffer laid over a shard is filled before the program starts.
  if (!on->is_global && tile >= on->fronted)
    break_rule(self,
               "reads tile %u of %s, of which %u are waited for: %s must come "
               "first",
               tile, on->label, on->fronted,
               name_call(self, CALL_cb_wait_front));
  if (on->read_page + tile >= on->page_count)
    fail_call(
        self,
        "reads tile %u from page %u of %s on, beyond its end: it holds %u",
        tile, on->read_page, on->label, on->page_count);
  const char *l1 =
      self->home->l1 + on->l1 + (size_t)(on->read_page + tile) * on->page_bytes;
  check_arrived(self, l1, on->page_bytes);
  return l1;
}

void check_fronted_bytes(thread *self, const cb_state *on, uint32_t bytes) {
  if (!on->is_global && bytes > (uint64_t)on->fronted * on->page_bytes)
    break_rule(self,
               "reads %u B of %s, of which %u pages of %u B are waited for",
               bytes, on->label, on->fronted, on->page_bytes);
  if (bytes > (uint64_t)(on->page_count - on->read_page) * on->page_bytes)
    fail_call(self,
              "reads %u B from page %u of %s on, beyond its end: it holds %u "
              "pages of %u B",
              bytes, on->read_page, on->label, on->page_count, on->page_bytes);
}

const char *fronted_bytes(const thread *self, const cb_state *on) {
  return self->home->l1 + on->l1 + (size_t)on->read_page * on->page_bytes;
}

source_rounding source_width(const thread *self) {
  const compute_engine *engine = self->home->engine;
  if (engine->is_32bit)
    return ROUND_TF32;
  return engine->is_half ? ROUND_FP16 : ROUND_BF16;
}

void unpack_source(thread *self, uint32_t cb, uint32_t tile, float *out) {
  const char *l1 = fronted_tile(self, cb, tile);
  unpack_cb_tile(find_cb(self, cb), l1, out, source_width(self));
}

void check_fpu_source(thread *self, uint32_t cb) {
  const cb_state *on = find_cb(self, cb);
  if (is_integer_cb(self, cb))
    break_rule(self, "%s is %s, which the FPU does not compute with", on->label,
               cb_format_name(self, cb));
  else if (goes_to_dst(self, cb))
    break_rule(self,
               "%s is unpacked straight to DST (%s) and cannot feed the FPU",
               on->label, name_call(self, CALL_UnpackToDestFp32));
}

void check_wide_integers(thread *self, const cb_state *on) {
  if (is_wide_integer(on->format) && !self->home->engine->is_32bit)
    break_rule(self,
               "%s is %s, which needs 32-bit DST: fp32_dest_acc_en is missing",
               on->label, tsr_sim_format_name(on->format));
}

operand *free_bank(thread *self) {
  block(self, (wait_state){.kind = WAIT_SOURCE_FREE});
  compute_engine *engine = self->home->engine;
  return &engine->sources[engine->unpacked % SOURCE_BANKS];
}

void record_unpack_ab(thread *self, tsr_sim_config config, uint32_t cb_a,
                      uint32_t cb_b) {
  record_op(self, TSR_CLOCK_UNPACK, config,
            (tsr_clock_compute_event){
                .has_a = true,
                .has_b = true,
                .format_a = (uint8_t)find_cb(self, cb_a)->format,
                .format_b = (uint8_t)find_cb(self, cb_b)->format});
}

void record_unpack_a(thread *self, tsr_sim_config config, uint32_t cb) {
  record_op(self, TSR_CLOCK_UNPACK, config,
            (tsr_clock_compute_event){
                .has_a = true,
                .to_dst = goes_to_dst(self, cb),
                .tilize = config.setup == TSR_SIM_SETUP_TILIZE,
                .format_a = (uint8_t)find_cb(self, cb)->format});
}

// The tiles of a product or of two operands; SrcA holds a product's right one.
static void check_shapes(thread *self, const tsr_sim_config *config,
                         const cb_state *a, const cb_state *b) {
  if (config->setup != TSR_SIM_SETUP_MATMUL) {
    if (config->broadcast == TSR_SIM_BROADCAST_NONE)
      check_same_shape(self, a, b);
    return;
  }
  if (self->config.transpose)
    check_whole_tiles(self, a);
  check_inner_shape(self, b, a);
}

void tsr_sim_unpack_ab(tsr_sim_config config, uint32_t cb_a, uint32_t cb_b,
                       uint32_t tile_a, uint32_t tile_b, tsr_sim_where where) {
  thread *self = enter(setups[config.setup].call, where);
  check_setup(self, config);
  check_fpu_source(self, cb_a);
  check_fpu_source(self, cb_b);
  check_source_format(self, self->format_a, cb_a, "SrcA");
  check_source_format(self, self->format_b, cb_b, "SrcB");
  check_shapes(self, &config, find_cb(self, cb_a), find_cb(self, cb_b));
  record_unpack_ab(self, config, cb_a, cb_b);
  operand *bank = free_bank(self);
  unpack_source(self, cb_a, tile_a, bank->a);
  unpack_source(self, cb_b, tile_b, bank->b);
  bank->is_integer = false;
  if (self->config.transpose)
    transpose_tile(bank->a);
  if (config.broadcast_row)
    memcpy(bank->b, bank->b + config.broadcast_row % TILE_SIDE * TILE_SIDE,
           TILE_SIDE * sizeof *bank->b);
  tile_broadcast(config.broadcast, bank->b);
  self->home->engine->unpacked++;
}

static void turn(const tsr_sim_config *config, float *tile) {
  if (config->transpose)
    transpose_tile(tile);
  if (config->transpose_faces)
    transpose_faces(tile);
  if (config->transpose_within) {
    transpose_tile(tile);
    transpose_faces(tile);
  }
}

void tsr_sim_unpack_a(tsr_sim_config config, uint32_t cb, uint32_t tile,
                      tsr_sim_where where) {
  thread *self = enter(setups[config.setup].call, where);
  check_setup(self, config);
  if (config.reuse == TSR_SIM_REUSE_AS_A)
    check_source_format(self, self->format_b, cb, "SrcB");
  else
    check_source_format(self, self->format_a, cb, "SrcA");
  if (config.reuse != TSR_SIM_REUSE_NONE)
    check_fpu_source(self, cb);
  check_wide_integers(self, find_cb(self, cb));
  if (self->config.transpose || self->config.transpose_faces ||
      self->config.transpose_within)
    check_whole_tiles(self, find_cb(self, cb));
  record_unpack_a(self, config, cb);
  operand *bank = free_bank(self);
  bank->is_integer = is_integer_cb(self, cb);
  if (goes_to_dst(self, cb))
    unpack_cb_tile(find_cb(self, cb), fronted_tile(self, cb, tile), bank->a,
                   ROUND_NONE);
  else
    unpack_source(self, cb, tile, bank->a);
  turn(&self->config, bank->a);
  tile_broadcast(config.broadcast, bank->a);
  self->home->engine->unpacked++;
}

// -- Math ---------------------------------------------------------------------

void tsr_sim_dst_acquire(tsr_sim_where where) {
  thread *self = enter("tile_regs_acquire", where);
  check_started(self);
  if (self->in_section)
    break_rule(self, "the section of %s was not committed",
               describe_earlier(self, &self->section));
  record_call(self, TSR_CLOCK_DST_ACQUIRE);
  block(self, (wait_state){.kind = WAIT_DST_FREE});
  self->in_section = true;
  self->section = begin_here(self);
}

static void commit(thread *self) {
  compute_engine *engine = self->home->engine;
  record_call(self, TSR_CLOCK_DST_COMMIT);
  self->in_section = false;
  engine->committed++;
  engine->math_section = (engine->math_section + 1) % engine->section_count;
}

void tsr_sim_dst_commit(tsr_sim_where where) {
  thread *self = enter("tile_regs_commit", where);
  if (!self->in_section)
    break_rule(self, "no section is acquired: %s must come first",
               name_call(self, CALL_tile_regs_acquire));
  commit(self);
}

// On the chip math adds one to a count and pack takes one away, whether or not
// there was a section; at zero, nothing is taken away.
void tsr_sim_dst_hand_over(tsr_sim_where where) {
  if (current_thread()->processor == TSR_SIM_PACK) {
    release_again(where);
    return;
  }
  thread *self = enter("tile_regs_commit", where);
  if (!self->in_section && !self->section.call)
    break_rule(self, "no section is acquired: %s must come first",
               name_call(self, CALL_tile_regs_acquire));
  else if (!self->in_section)
    note(self, "the section was committed and is released already: math and "
               "pack hand over an empty one, which is right only while pack "
               "comes later than math");
  commit(self);
}

void check_dst_index(thread *self, uint32_t index) {
  const compute_engine *engine = self->home->engine;
  if (index >= engine->section_tiles)
    fail_call(self, "uses DST tile %u, but a section of %u-bit DST holds %u",
              index, engine->is_32bit ? 32 : 16, engine->section_tiles);
}

float *math_tile(thread *self, uint32_t index) {
  compute_engine *engine = self->home->engine;
  check_started(self);
  if (!self->in_section)
    break_rule(self, "works on DST outside of %s and %s",
               name_call(self, CALL_tile_regs_acquire),
               name_call(self, CALL_tile_regs_commit));
  check_dst_index(self, index);
  engine->touched[engine->math_section] |= (uint32_t)1 << index;
  return engine->dst[engine->math_section * engine->section_tiles + index];
}

float *written_tile(thread *self, uint32_t index) {
  float *tile = math_tile(self, index);
  compute_engine *engine = self->home->engine;
  uint32_t bit = (uint32_t)1 << index;
  engine->written[engine->math_section] |= bit;
  engine->integer[engine->math_section] &= ~bit;
  engine->reduced[engine->math_section] &= ~bit;
  return tile;
}

void mark_integer(thread *self, uint32_t index, bool holds_integers) {
  compute_engine *engine = self->home->engine;
  uint32_t bit = (uint32_t)1 << index;
  engine->integer[engine->math_section] &= ~bit;
  if (holds_integers)
    engine->integer[engine->math_section] |= bit;
}

bool is_integer(const thread *self, uint32_t index) {
  const compute_engine *engine = self->home->engine;
  return (engine->integer[engine->math_section] >> index & 1) != 0;
}

bool is_written(const thread *self, uint32_t index) {
  const compute_engine *engine = self->home->engine;
  return (engine->written[engine->math_section] >> index & 1) != 0;
}

float *sfpu_tile(thread *self, uint32_t index) {
  float *tile = math_tile(self, index);
  if (!is_written(self, index))
    break_rule(self,
               "DST tile %u was not written since %s: the vector unit reads "
               "anything there",
               index, name_call(self, CALL_tile_regs_acquire));
  return tile;
}

void settle(const thread *self, float *tile) {
  const compute_engine *engine = self->home->engine;
  if (engine->is_32bit)
    return;
  if (engine->is_half)
    round_tile_fp16(tile);
  else
    round_tile_bf16(tile);
}

const operand *next_operand(thread *self, tsr_sim_config config) {
  record_op(self, TSR_CLOCK_MATH, config, (tsr_clock_compute_event){0});
  block(self, (wait_state){.kind = WAIT_SOURCE_FULL});
  compute_engine *engine = self->home->engine;
  return &engine->sources[engine->consumed % SOURCE_BANKS];
}

void tsr_sim_matmul(tsr_sim_config config, uint32_t dst, tsr_sim_where where) {
  thread *self = enter(setups[config.setup].call, where);
  check_setup(self, config);
  float *to = written_tile(self, dst);
  const operand *from = next_operand(self, config);
  // The left operand is in SrcB, the right one in SrcA.
  const compute_engine *engine = self->home->engine;
  if (engine->is_half && !engine->is_32bit)
    tile_matmul_fp16(from->b, from->a, to);
  else
    tile_matmul(from->b, from->a, to, !engine->is_32bit);
  self->home->engine->consumed++;
}

void tsr_sim_binary(tsr_sim_config config, uint32_t dst, tsr_sim_where where) {
  thread *self = enter(setups[config.setup].call, where);
  check_setup(self, config);
  // A product is added to what the section holds there already.
  bool accumulate =
      self->config.accumulate ||
      (config.setup == TSR_SIM_SETUP_MUL && is_written(self, dst));
  float *to = written_tile(self, dst);
  const operand *from = next_operand(self, config);
  if (accumulate) {
    float result[TILE_ELEMS];
    tile_binary(config.setup, from->a, from->b, result);
    tile_binary(TSR_SIM_SETUP_ADD, to, result, to);
  } else {
    tile_binary(config.setup, from->a, from->b, to);
  }
  settle(self, to);
  self->home->engine->consumed++;
}

void tsr_sim_binary_reuse(tsr_sim_config config, uint32_t dst,
                          tsr_sim_where where) {
  thread *self = enter(setups[config.setup].call, where);
  check_setup(self, config);
  float *to = written_tile(self, dst);
  const operand *from = next_operand(self, config);
  truncate_source(to, source_width(self));
  if (config.reuse == TSR_SIM_REUSE_AS_A)
    tile_binary(config.setup, to, from->a, to);
  else
    tile_binary(config.setup, from->a, to, to);
  settle(self, to);
  self->home->engine->consumed++;
}

void tsr_sim_copy(tsr_sim_config config, uint32_t dst, tsr_sim_where where) {
  thread *self = enter(setups[config.setup].call, where);
  check_setup(self, config);
  float *to = written_tile(self, dst);
  const operand *from = next_operand(self, config);
  memcpy(to, from->a, sizeof from->a);
  mark_integer(self, dst, from->is_integer);
  self->home->engine->consumed++;
}
