// What kernels call, with plain words: names over the model's own calls.

#include "calls.h"

#include <stdio.h>
#include <string.h>

uint32_t tsr_kernel_arg_word(const tsr_sim_where *where, uint32_t index) {
  return tsr_sim_arg(index, *where);
}

uint32_t tsr_kernel_common_arg_word(const tsr_sim_where *where,
                                    uint32_t index) {
  return tsr_sim_common_arg(index, *where);
}

// -- circular buffers ---------------------------------------------------------

void tsr_kernel_cb_reserve(const tsr_sim_where *where, uint32_t cb,
                           uint32_t pages) {
  tsr_sim_cb_reserve(cb, pages, *where);
}

void tsr_kernel_cb_push(const tsr_sim_where *where, uint32_t cb,
                        uint32_t pages) {
  tsr_sim_cb_push(cb, pages, *where);
}

void tsr_kernel_cb_wait(const tsr_sim_where *where, uint32_t cb,
                        uint32_t pages) {
  tsr_sim_cb_wait(cb, pages, *where);
}

void tsr_kernel_cb_pop(const tsr_sim_where *where, uint32_t cb,
                       uint32_t pages) {
  tsr_sim_cb_pop(cb, pages, *where);
}

uint32_t tsr_kernel_cb_write_ptr(const tsr_sim_where *where, uint32_t cb) {
  return tsr_sim_cb_write_ptr(cb, *where);
}

uint32_t tsr_kernel_cb_read_ptr(const tsr_sim_where *where, uint32_t cb) {
  return tsr_sim_cb_read_ptr(cb, *where);
}

// -- data movement ------------------------------------------------------------

static uint64_t page_address(const tsr_sim_where *where, uint32_t dram,
                             uint32_t bytes, uint32_t base, uint32_t page) {
  tsr_sim_check_page(dram != 0, base, bytes, page, *where);
  return tsr_sim_noc_address_of_page(dram != 0, base, bytes, page, 0, *where);
}

void tsr_kernel_read_page(const tsr_sim_where *where, uint32_t dram,
                          uint32_t bytes, uint32_t base, uint32_t page,
                          uint32_t l1) {
  uint64_t source = page_address(where, dram, bytes, base, page);
  tsr_sim_noc_read(source, l1, bytes, *where);
}

void tsr_kernel_write_page(const tsr_sim_where *where, uint32_t dram,
                           uint32_t bytes, uint32_t base, uint32_t page,
                           uint32_t l1) {
  uint64_t target = page_address(where, dram, bytes, base, page);
  tsr_sim_noc_write(l1, target, bytes, *where);
}

void tsr_kernel_read_barrier(const tsr_sim_where *where) {
  tsr_sim_noc_read_barrier(*where);
}

void tsr_kernel_write_barrier(const tsr_sim_where *where) {
  tsr_sim_noc_write_barrier(*where);
}

void tsr_kernel_flush_writes(const tsr_sim_where *where) {
  tsr_sim_noc_writes_flushed(*where);
}

// Writes through the kernel's own pointer, as C++ does.
void tsr_kernel_generate(const tsr_sim_where *where, uint32_t kind,
                         uint32_t format, uint32_t l1, uint32_t bits,
                         uint32_t rows, uint32_t cols) {
  tsr_sim_l1_write(l1, tsr_sim_tile_bytes(format), *where);
  float value;
  memcpy(&value, &bits, sizeof value);
  value = format == TSR_SIM_FLOAT16_B ? round_even_bf16(value) : value;
  float tile[TSR_TILE_ELEMS];
  for (uint32_t i = 0; i < TSR_TILE_ELEMS; i++) {
    uint32_t row = i / TSR_TILE_SIDE, col = i % TSR_TILE_SIDE;
    bool is_one =
        kind == TSR_GENERATE_MASK ? row < rows && col < cols : row == col;
    tile[i] = kind == TSR_GENERATE_FILL ? value : is_one ? 1.0f : 0.0f;
  }
  tsr_sim_tile_pack(format, tile, (void *)(uintptr_t)l1);
}

// -- configuration ------------------------------------------------------------

void tsr_kernel_start_engine(const tsr_sim_where *where) {
  tsr_sim_start_engine(*where);
}

void tsr_kernel_format_src(const tsr_sim_where *where, uint32_t a, uint32_t b) {
  tsr_sim_format_src(a, b, *where);
}

void tsr_kernel_format_srca(const tsr_sim_where *where, uint32_t cb) {
  tsr_sim_format_srca(cb, *where);
}

void tsr_kernel_format_pack(const tsr_sim_where *where, uint32_t cb) {
  tsr_sim_format_pack(cb, *where);
}

static tsr_sim_config init_config(uint32_t setup) {
  bool is_matmul = setup == TSR_SIM_SETUP_MATMUL;
  return (tsr_sim_config){.setup = (tsr_sim_setup)setup,
                          .rows = is_matmul,
                          .cols = is_matmul,
                          .depth = is_matmul};
}

static tsr_sim_config op_config(uint32_t setup) {
  return (tsr_sim_config){.setup = (tsr_sim_setup)setup};
}

void tsr_kernel_unpack_init(const tsr_sim_where *where, uint32_t setup) {
  tsr_sim_unpack_init(init_config(setup), *where);
}

void tsr_kernel_math_init(const tsr_sim_where *where, uint32_t setup) {
  tsr_sim_math_init(init_config(setup), *where);
}

void tsr_kernel_sfpu_init(const tsr_sim_where *where, uint32_t op) {
  tsr_sim_sfpu_init((tsr_sim_sfpu)op, *where);
}

// -- unpack, math, pack -------------------------------------------------------

void tsr_kernel_unpack_ab(const tsr_sim_where *where, uint32_t setup,
                          uint32_t cb_a, uint32_t cb_b, uint32_t tile_a,
                          uint32_t tile_b) {
  tsr_sim_unpack_ab(op_config(setup), cb_a, cb_b, tile_a, tile_b, *where);
}

void tsr_kernel_unpack_a(const tsr_sim_where *where, uint32_t setup,
                         uint32_t cb, uint32_t tile) {
  tsr_sim_unpack_a(op_config(setup), cb, tile, *where);
}

void tsr_kernel_dst_acquire(const tsr_sim_where *where) {
  tsr_sim_dst_acquire(*where);
}

void tsr_kernel_dst_commit(const tsr_sim_where *where) {
  tsr_sim_dst_commit(*where);
}

void tsr_kernel_matmul(const tsr_sim_where *where, uint32_t setup,
                       uint32_t dst) {
  tsr_sim_matmul(op_config(setup), dst, *where);
}

void tsr_kernel_binary(const tsr_sim_where *where, uint32_t setup,
                       uint32_t dst) {
  tsr_sim_binary(op_config(setup), dst, *where);
}

void tsr_kernel_copy(const tsr_sim_where *where, uint32_t setup, uint32_t dst) {
  tsr_sim_copy(op_config(setup), dst, *where);
}

void tsr_kernel_sfpu_unary(const tsr_sim_where *where, uint32_t op,
                           uint32_t dst, uint32_t bits) {
  tsr_sim_sfpu_unary((tsr_sim_sfpu)op, dst, bits, *where);
}

void tsr_kernel_sfpu_binary(const tsr_sim_where *where, uint32_t op, uint32_t a,
                            uint32_t b, uint32_t out) {
  tsr_sim_sfpu_binary((tsr_sim_sfpu)op, a, b, out, *where);
}

void tsr_kernel_sfpu_where(const tsr_sim_where *where, uint32_t condition,
                           uint32_t a, uint32_t b, uint32_t out) {
  tsr_sim_sfpu_where(condition, a, b, out, *where);
}

void tsr_kernel_sfpu_typecast(const tsr_sim_where *where, uint32_t dst,
                              uint32_t from, uint32_t to) {
  tsr_sim_sfpu_typecast(dst, from, to, *where);
}

void tsr_kernel_dst_wait(const tsr_sim_where *where) {
  tsr_sim_dst_wait(*where);
}

void tsr_kernel_dst_release(const tsr_sim_where *where) {
  tsr_sim_dst_release(*where);
}

void tsr_kernel_pack_at(const tsr_sim_where *where, uint32_t dst, uint32_t cb,
                        uint32_t page) {
  tsr_sim_pack_at(dst, cb, page, *where);
}

// -- the kernel itself --------------------------------------------------------

void tsr_kernel_rounds(const tsr_sim_where *where, uint32_t from, uint32_t to,
                       uint32_t step) {
  if (from < to)
    tsr_sim_rounds((uint64_t)((to - from - 1) / step) + 1, *where);
}

// An address of L1 is the host's here, which differs from run to run.
static void describe_growth(char *out, size_t bytes, const tsr_op *op,
                            uint32_t a, uint32_t b) {
  const tsr_type *type = tsr_value_get_type(tsr_op_result(op, 0));
  char number[16];
  snprintf(number, sizeof number, "%u", a);
  snprintf(out, bytes, tsr_diag_text_run_index_too_large,
           tsr_op_get_mnemonic(op),
           tsr_type_get_kind(type) == TSR_TYPE_ADDR ? "an address" : number,
           (long long)b);
}

void tsr_kernel_fail_math(const tsr_sim_where *where, uint32_t a, uint32_t b) {
  const tsr_op *op = op_at(tsr_sim_get_user(), *where);
  const char *mnemonic = tsr_op_get_mnemonic(op);
  char reason[160];
  if (tsr_op_is(op, TSR_OP_for_))
    snprintf(reason, sizeof reason, tsr_diag_text_run_counter_too_large,
             (long long)b, (long long)a);
  else if (is_growing(op))
    describe_growth(reason, sizeof reason, op, a, b);
  else
    snprintf(reason, sizeof reason, tsr_diag_text_run_index_undefined, mnemonic,
             (long long)a, (long long)b);
  tsr_sim_fail(mnemonic, reason, *where);
}

void tsr_kernel_fail_step(const tsr_sim_where *where) {
  tsr_sim_fail("for", tsr_diag_text_loop_step_zero, *where);
}

// -- calls by number ----------------------------------------------------------

#define WORDS_0
#define WORDS_1 , w[0]
#define WORDS_2 WORDS_1, w[1]
#define WORDS_3 WORDS_2, w[2]
#define WORDS_4 WORDS_3, w[3]
#define WORDS_5 WORDS_4, w[4]
#define WORDS_6 WORDS_5, w[5]

uint32_t make_call(tsr_call call, const tsr_sim_where *where,
                   const uint32_t *w) {
  switch (call) {
#define TSR_KERNEL_CALL(name, words)                                           \
  case TSR_CALL_##name:                                                        \
    tsr_kernel_##name(where WORDS_##words);                                    \
    break;
#define TSR_KERNEL_RESULT(name, words)                                         \
  case TSR_CALL_##name:                                                        \
    return tsr_kernel_##name(where WORDS_##words);
#include "tessera/kernel_calls.def"
  case TSR_CALL_COUNT:
    break;
  }
  return 0;
}
