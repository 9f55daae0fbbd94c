// Rows of kernel_ops.def, and looking up what they name.

#include "tessera/kernel_calls.h"

#include <assert.h>
#include <string.h>

// -- calls --------------------------------------------------------------------

static const tsr_call_info calls[] = {
#define TSR_KERNEL_CALL(text, words)   {"tsr_kernel_" #text, words, false},
#define TSR_KERNEL_RESULT(text, words) {"tsr_kernel_" #text, words, true},
#include "tessera/kernel_calls.def"
};

const tsr_call_info *tsr_call_get_info(tsr_call call) {
  assert(call < TSR_CALL_COUNT);
  return &calls[call];
}

static const tsr_tell_info tells[] = {
#define TSR_KERNEL_TELL(text, numbers) {"tsr_kernel_" #text, numbers},
#include "tessera/kernel_calls.def"
};

const tsr_tell_info *tsr_tell_get_info(tsr_tell tell) {
  assert(tell < TSR_TELL_COUNT);
  return &tells[tell];
}

// -- rows ---------------------------------------------------------------------

typedef enum word_kind {
  WORD_NONE,
  WORD_CONSTANT,
  WORD_OPERAND,
  WORD_SIZE,
  WORD_CB,
  WORD_FORMAT,
  WORD_BITS,
  WORD_KIND,
  WORD_IS_DRAM,
  WORD_PAGE_BYTES
} word_kind;

typedef struct word_row {
  word_kind kind;
  const char *name; // of an attribute or a group of operands
  uint32_t number;
} word_row;

typedef struct call_row {
  tsr_op_kind op;
  bool is_setup;
  tsr_threads threads;
  tsr_call call;
  word_row words[TSR_CALL_MAX_WORDS];
} call_row;

enum {
  UNPACK = 1 << TSR_SIM_UNPACK,
  MATH = 1 << TSR_SIM_MATH,
  PACK = 1 << TSR_SIM_PACK,
  MOVE = 1 << TSR_SIM_BRISC | 1 << TSR_SIM_NCRISC,
  ALL = MOVE | UNPACK | MATH | PACK
};

#define NONE              {.kind = WORD_NONE}
#define ZERO              {.kind = WORD_CONSTANT}
#define SETUP(id)         {.kind = WORD_CONSTANT, .number = TSR_SIM_SETUP_##id}
#define SFPU(id)          {.kind = WORD_CONSTANT, .number = TSR_SIM_SFPU_##id}
#define OPERAND(group)    {.kind = WORD_OPERAND, .name = #group}
#define SIZE(i)           {.kind = WORD_SIZE, .name = "sizes", .number = i}
#define CB(attr)          {.kind = WORD_CB, .name = #attr}
#define FORMAT(attr)      {.kind = WORD_FORMAT, .name = #attr}
#define BITS(attr)        {.kind = WORD_BITS, .name = #attr}
#define KIND(attr)        {.kind = WORD_KIND, .name = #attr}
#define IS_DRAM(group)    {.kind = WORD_IS_DRAM, .name = #group}
#define PAGE_BYTES(group) {.kind = WORD_PAGE_BYTES, .name = #group}
#define TSR_OP_CALL(id, mask, name, ...)                                       \
  {.op = TSR_OP_##id,                                                          \
   .threads = mask,                                                            \
   .call = TSR_CALL_##name,                                                    \
   .words = {__VA_ARGS__}},
#define TSR_OP_SETUP(id, mask, name, ...)                                      \
  {.op = TSR_OP_##id,                                                          \
   .is_setup = true,                                                           \
   .threads = mask,                                                            \
   .call = TSR_CALL_##name,                                                    \
   .words = {__VA_ARGS__}},
static const call_row rows[] = {
#include "tessera/kernel_ops.def"
};
#undef NONE
#undef ZERO
#undef SETUP
#undef SFPU
#undef OPERAND
#undef SIZE
#undef CB
#undef FORMAT
#undef BITS
#undef KIND
#undef IS_DRAM
#undef PAGE_BYTES

// -- words --------------------------------------------------------------------

uint32_t tsr_element_sim_format(tsr_element element) {
  return element == TSR_ELEMENT_F32 ? TSR_SIM_FLOAT32 : TSR_SIM_FLOAT16_B;
}

// Operand `i` of a group; NULL: it has not so many.
static const tsr_value *find_operand(const tsr_op *op, const char *group,
                                     size_t i) {
  tsr_op_kind kind = tsr_op_get_kind(op);
  for (size_t g = 0; g < tsr_op_kind_group_count(kind); g++)
    if (strcmp(tsr_op_kind_group_name(kind, g), group) == 0)
      return i < tsr_op_group_size(op, g) ? tsr_op_group_operand(op, g, i)
                                          : NULL;
  return NULL;
}

static uint32_t find_cb(const tsr_op *op, const char *attr) {
  const char *name = tsr_op_get_text(op, attr);
  const tsr_op *cb = name ? tsr_op_find_symbol(op, name) : NULL;
  return cb ? (uint32_t)tsr_op_get_int(cb, "index", 0) : 0;
}

static uint32_t find_format(const tsr_op *op, const char *attr) {
  const tsr_type *type = tsr_attr_get_type(tsr_op_get_attr(op, attr));
  return tsr_element_sim_format(tsr_type_get_element(type));
}

static uint32_t find_bits(const tsr_op *op, const char *attr) {
  const tsr_attr *number = tsr_op_get_attr(op, attr);
  float value = number ? (float)tsr_attr_get_float(number) : 0.0f;
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static uint32_t find_kind(const tsr_op *op, const char *attr) {
  const char *kind = tsr_op_get_text(op, attr);
  if (strcmp(kind, "mask") == 0)
    return TSR_GENERATE_MASK;
  return strcmp(kind, "identity") == 0 ? TSR_GENERATE_IDENTITY
                                       : TSR_GENERATE_FILL;
}

static uint32_t page_bytes(const tsr_value *buffer) {
  const tsr_op *accessor = tsr_value_get_def(buffer);
  return tsr_op_is(accessor, TSR_OP_noc_accessor)
             ? (uint32_t)tsr_op_get_int(accessor, "page_bytes", 0)
             : tsr_type_page_bytes(tsr_value_get_type(buffer));
}

static uint32_t is_dram(const tsr_value *buffer) {
  return tsr_type_get_desc(tsr_value_get_type(buffer))->memory ==
         TSR_MEMORY_DRAM;
}

static tsr_call_word find_word(const tsr_op *op, const word_row *row) {
  tsr_call_word word = {.number = row->number};
  switch (row->kind) {
  case WORD_NONE:
  case WORD_CONSTANT:
    break;
  case WORD_OPERAND:
    word.value = find_operand(op, row->name, 0);
    break;
  case WORD_SIZE:
    word.value = find_operand(op, row->name, row->number);
    word.number = 0;
    break;
  case WORD_CB:
    word.number = find_cb(op, row->name);
    break;
  case WORD_FORMAT:
    word.number = find_format(op, row->name);
    break;
  case WORD_BITS:
    word.number = find_bits(op, row->name);
    break;
  case WORD_KIND:
    word.number = find_kind(op, row->name);
    break;
  case WORD_IS_DRAM:
    word.number = is_dram(find_operand(op, row->name, 0));
    break;
  case WORD_PAGE_BYTES:
    word.number = page_bytes(find_operand(op, row->name, 0));
    break;
  }
  return word;
}

// True when the row makes a call for `op`.
static bool is_made(const call_row *row, const tsr_op *op, bool is_configured) {
  return tsr_op_is(op, row->op) && !(row->is_setup && is_configured);
}

size_t tsr_op_calls(const tsr_op *op, bool is_configured,
                    tsr_op_call found[TSR_OP_MAX_CALLS]) {
  size_t count = 0;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const call_row *row = &rows[i];
    if (!is_made(row, op, is_configured))
      continue;
    assert(count < TSR_OP_MAX_CALLS);
    tsr_op_call *made = &found[count++];
    *made = (tsr_op_call){.call = row->call, .threads = row->threads};
    for (size_t w = 0; w < calls[row->call].word_count; w++)
      made->words[w] = find_word(op, &row->words[w]);
  }
  return count;
}

static tsr_threads find_threads(const tsr_op *op, bool is_configured) {
  tsr_threads threads = 0;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (is_made(&rows[i], op, is_configured))
      threads |= rows[i].threads;
  return threads;
}

// A block of an `if` may be left out, and a loop may have no round.
static tsr_block_calls find_inner_calls(const tsr_op *op, bool is_configured) {
  bool has_every = tsr_op_is(op, TSR_OP_if_) && tsr_op_block_count(op) > 1;
  tsr_block_calls out = {.every = has_every ? ALL : 0};
  for (size_t b = 0; b < tsr_op_block_count(op); b++) {
    tsr_block_calls in =
        tsr_block_find_calls(tsr_op_block(op, b), is_configured);
    out.some |= in.some;
    out.every &= in.every;
  }
  return out;
}

tsr_block_calls tsr_block_find_calls(const tsr_block *block,
                                     bool is_configured) {
  tsr_block_calls out = {0, 0};
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    tsr_threads own = find_threads(op, is_configured);
    tsr_block_calls in = find_inner_calls(op, is_configured);
    out.some |= own | in.some;
    out.every |= own | in.every;
  }
  return out;
}

bool tsr_op_needs_no_call(const tsr_op *op) {
  return tsr_op_has_trait(op, TSR_TRAIT_INDEX_MATH) ||
         tsr_op_has_trait(op, TSR_TRAIT_TERMINATOR) ||
         tsr_op_is(op, TSR_OP_for_) || tsr_op_is(op, TSR_OP_if_) ||
         tsr_op_is(op, TSR_OP_buffer_dim) || tsr_op_is(op, TSR_OP_noc_accessor);
}

// -- kernels and programs -----------------------------------------------------

static bool configures(const tsr_block *block) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_get_info(op)->effects & TSR_EFFECT_CONFIG)
      return true;
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      if (configures(tsr_op_block(op, b)))
        return true;
  }
  return false;
}

static bool records_inits(const tsr_op *module) {
  const tsr_attr *passes = tsr_op_get_attr(module, "passes");
  static const char name[] = "insert-inits";
  for (size_t i = 0; passes && i < tsr_attr_count(passes); i++)
    if (strncmp(tsr_attr_get_text(tsr_attr_item(passes, i)), name,
                sizeof name - 1) == 0)
      return true;
  return false;
}

bool tsr_kernel_is_configured(const tsr_op *kernel) {
  const tsr_op *module = tsr_module_op(tsr_op_get_module(kernel));
  return records_inits(module) || configures(tsr_op_block(module, 0));
}

void tsr_kernel_processors(const tsr_op *kernel, tsr_sim_processor *out_first,
                           tsr_sim_processor *out_last) {
  const char *name = tsr_op_get_text(kernel, "processor");
  *out_first = *out_last =
      strcmp(name, "dm1") == 0 ? TSR_SIM_NCRISC : TSR_SIM_BRISC;
  if (strcmp(name, "compute") == 0) {
    *out_first = TSR_SIM_UNPACK;
    *out_last = TSR_SIM_PACK;
  }
}

static void number_ops(const tsr_block *block, tsr_map *numbers,
                       size_t *count) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    tsr_map_set(numbers, op, (void *)(uintptr_t)++*count);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      number_ops(tsr_op_block(op, b), numbers, count);
  }
}

size_t tsr_program_number_ops(const tsr_op *program, tsr_map *numbers) {
  size_t count = 0;
  number_ops(tsr_op_block(program, 0), numbers, &count);
  return count;
}

size_t tsr_program_number_values(const tsr_op *program, tsr_map *numbers) {
  const tsr_block *body = tsr_op_block(program, 0);
  size_t count = 0;
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    tsr_map_set(numbers, tsr_block_arg(body, i), (void *)(uintptr_t)++count);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    for (size_t i = 0; i < tsr_op_result_count(op); i++)
      tsr_map_set(numbers, tsr_op_result(op, i), (void *)(uintptr_t)++count);
  return count;
}
