// Which ops may stand where: the stages do not mix.

#include "impl.h"

#include <string.h>

enum {
  IN_TENSORS = 1u << 0,  // func or reference over tensors
  IN_TILES = 1u << 1,    // func over buffers
  IN_BODY = 1u << 2,     // tile.parallel or core.launch
  IN_SECTION = 1u << 3,  // dst.section
  IN_HOST = 1u << 4,     // host
  IN_PROGRAM = 1u << 5,  // program
  IN_MOVEMENT = 1u << 6, // kernel of a data-movement processor
  IN_COMPUTE = 1u << 7,  // compute kernel
};

static const struct {
  uint32_t places;
  const char *text;
} place_texts[] = {
    {IN_TENSORS, "a function over tensors"},
    {IN_TILES, "a function over buffers"},
    {IN_TILES | IN_HOST, "a function over buffers, or a host function"},
    {IN_BODY | IN_SECTION, "tile.parallel or core.launch"},
    {IN_BODY, "tile.parallel or core.launch, outside dst.section"},
    {IN_SECTION, "a dst.section"},
    {IN_HOST, "a host function"},
    {IN_PROGRAM, "a program, outside kernels"},
    {IN_BODY | IN_PROGRAM, "a core.launch or a program, outside kernels"},
    {IN_MOVEMENT, "a data-movement kernel"},
    {IN_COMPUTE, "a compute kernel"},
    {IN_MOVEMENT | IN_COMPUTE, "a kernel"},
    {IN_BODY | IN_SECTION | IN_MOVEMENT | IN_COMPUTE,
     "tile.parallel, core.launch or a kernel"},
};

enum { ANYWHERE = 0xff };

static uint32_t get_places_by_kind(tsr_op_kind kind) {
  switch ((int)kind) {
  case TSR_OP_for_:
  case TSR_OP_if_:
    return IN_BODY | IN_SECTION | IN_MOVEMENT | IN_COMPUTE;
  case TSR_OP_buffer_alloc:
    return IN_TILES | IN_HOST;
  case TSR_OP_tile_parallel:
  case TSR_OP_core_launch:
    return IN_TILES;
  case TSR_OP_tile_store:
  case TSR_OP_tile_contract:
  case TSR_OP_dst_section:
  case TSR_OP_stream:
    return IN_BODY;
  case TSR_OP_tile_load:
  case TSR_OP_tile_generate:
  case TSR_OP_tile_extract:
  case TSR_OP_tile_insert:
  case TSR_OP_tile_empty:
    return IN_BODY | IN_SECTION;
  case TSR_OP_dst_cleared:
    return IN_SECTION;
  case TSR_OP_cb: // first in place of a stream
    return IN_BODY | IN_PROGRAM;
  case TSR_OP_semaphore:
  case TSR_OP_core_param:
  case TSR_OP_kernel:
    return IN_PROGRAM;
  case TSR_OP_cb_write_ptr:
  case TSR_OP_cb_read_ptr:
  case TSR_OP_l1_generate:
  case TSR_OP_noc_accessor:
    return IN_MOVEMENT;
  case TSR_OP_launch:
    return IN_HOST;
  case TSR_OP_call:
    return IN_TENSORS;
  }
  return ANYWHERE;
}

static uint32_t get_places(tsr_op_kind kind) {
  const tsr_op_info *info = tsr_op_kind_get_info(kind);
  uint32_t places = get_places_by_kind(kind);
  if (places != ANYWHERE)
    return places;
  if (info->traits & TSR_TRAIT_TENSOR_MATH)
    return IN_TENSORS;
  if (info->traits & TSR_TRAIT_TILE_MATH)
    return IN_BODY | IN_SECTION;
  if (info->effects & TSR_EFFECT_NOC)
    return IN_MOVEMENT;
  if (info->config != 0 ||
      (info->effects &
       (TSR_EFFECT_CONFIG | TSR_EFFECT_DST_READ | TSR_EFFECT_DST_WRITE)))
    return IN_COMPUTE;
  if (info->effects & (TSR_EFFECT_CB_PRODUCE | TSR_EFFECT_CB_CONSUME))
    return IN_MOVEMENT | IN_COMPUTE;
  return ANYWHERE;
}

static const char *get_place_text(uint32_t places) {
  for (size_t i = 0; i < sizeof place_texts / sizeof *place_texts; i++)
    if (place_texts[i].places == places)
      return place_texts[i].text;
  return "another place";
}

// The place that the block of `op` is, seen from `around`.
static uint32_t enter(const tsr_op *op, uint32_t around) {
  switch ((int)tsr_op_get_kind(op)) {
  case TSR_OP_func:
  case TSR_OP_reference: {
    const tsr_block *block = tsr_op_block(op, 0);
    bool has_buffers =
        tsr_block_arg_count(block) > 0 &&
        tsr_type_get_kind(tsr_value_get_type(tsr_block_arg(block, 0))) ==
            TSR_TYPE_BUFFER;
    return has_buffers ? IN_TILES : IN_TENSORS;
  }
  case TSR_OP_host:
    return IN_HOST;
  case TSR_OP_program:
    return IN_PROGRAM;
  case TSR_OP_kernel:
    return strcmp(tsr_op_get_text(op, "processor"), "compute") == 0
               ? IN_COMPUTE
               : IN_MOVEMENT;
  case TSR_OP_tile_parallel:
  case TSR_OP_core_launch:
    return IN_BODY;
  case TSR_OP_dst_section:
    return IN_SECTION;
  }
  return around;
}

// -- streams ------------------------------------------------------------------

// `op` fills stream `name`, from the kernel `from`.
static tsr_result check_stream(const tsr_check *check, const tsr_op *op,
                               const char *name, const tsr_type *tile,
                               const char *from) {
  const tsr_op *stream = tsr_op_find_symbol(op, name);
  if (!tsr_op_is(stream, TSR_OP_stream) && !tsr_op_is(stream, TSR_OP_cb))
    return tsr_diag_error(check->diag, op, TSR_DIAG(stream_unknown), name);
  const tsr_type *format = tsr_attr_get_type(tsr_op_get_attr(stream, "format"));
  const char *said = tsr_op_get_text(stream, "from");
  bool is_here = !said || strcmp(said, from) == 0;
  if (is_here && tsr_type_get_element(format) == tsr_type_get_element(tile))
    return TSR_OK;
  if (!is_here)
    tsr_diag_error(check->diag, op, TSR_DIAG(stream_wrong_source),
                   tsr_op_get_mnemonic(op), from, name, said);
  else
    tsr_diag_error(check->diag, op, TSR_DIAG(stream_wrong_element),
                   tsr_element_get_info(tsr_type_get_element(tile))->name, name,
                   tsr_element_get_info(tsr_type_get_element(format))->name);
  tsr_diag_note(check->diag, stream, TSR_DIAG(note_stream_here));
  return TSR_FAILED;
}

// A section packs a whole batch of each of its streams.
static tsr_result check_packed(const tsr_check *check, const tsr_op *op,
                               const char *name, const tsr_type *tile) {
  if (check_stream(check, op, name, tile, "compute") != TSR_OK)
    return TSR_FAILED;
  const tsr_op *stream = tsr_op_find_symbol(op, name);
  long long batch = tsr_op_get_int(stream, "batch", 1);
  if (batch == (long long)tsr_type_block_tiles(tile))
    return TSR_OK;
  tsr_diag_error(check->diag, op, TSR_DIAG(stream_batch_differs),
                 (long long)tsr_type_block_tiles(tile), name, batch);
  tsr_diag_note(check->diag, stream, TSR_DIAG(note_stream_here));
  return TSR_FAILED;
}

static tsr_result check_streams(const tsr_check *check, const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_stream) &&
      !tsr_op_is(tsr_op_get_parent(op), TSR_OP_core_launch))
    return tsr_diag_error(check->diag, op, TSR_DIAG(stream_not_in_launch));
  bool has_one =
      tsr_op_is(op, TSR_OP_tile_load) || tsr_op_is(op, TSR_OP_tile_generate);
  const char *name = has_one ? tsr_op_get_text(op, "stream") : NULL;
  if (name)
    return check_stream(check, op, name,
                        tsr_value_get_type(tsr_op_result(op, 0)), "reader");
  if (!tsr_op_is(op, TSR_OP_dst_section))
    return TSR_OK;
  const tsr_attr *streams = tsr_op_get_attr(op, "streams");
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (check_packed(check, op, tsr_attr_get_text(tsr_attr_item(streams, i)),
                     tsr_value_get_type(tsr_op_result(op, i))) != TSR_OK)
      return TSR_FAILED;
  return TSR_OK;
}

// -- slots --------------------------------------------------------------------

// DST slots of a launch are those its mode has.
static tsr_result check_slot(const tsr_check *check, const tsr_op *op) {
  int64_t dst = tsr_op_get_int(op, "dst", -1);
  if (dst < 0 || tsr_op_result_count(op) == 0)
    return TSR_OK;
  const tsr_op *launch = tsr_op_find_parent(op, TSR_OP_core_launch);
  if (!launch)
    return TSR_OK;
  uint32_t slots = tsr_target_dst_tiles(
      check->target, tsr_op_get_bool(launch, "fp32_acc", true),
      tsr_op_get_bool(launch, "full_sync", false));
  int64_t last =
      dst - 1 + tsr_type_block_tiles(tsr_value_get_type(tsr_op_result(op, 0)));
  if (last < (int64_t)slots)
    return TSR_OK;
  return tsr_diag_error(check->diag, op, TSR_DIAG(dst_slot_too_large),
                        (long long)last, slots);
}

// What is looked up for every op.
typedef struct rules {
  const tsr_check *check;
  uint32_t places[TSR_OP_COUNT];
} rules;

static tsr_result check_op(const rules *r, const tsr_op *op, uint32_t place) {
  uint32_t places = r->places[tsr_op_get_kind(op)];
  if (!(places & place))
    return tsr_diag_error(r->check->diag, op, TSR_DIAG(op_wrong_place),
                          tsr_op_get_mnemonic(op), get_place_text(places));
  tsr_result result = TSR_OK;
  // Streams and slots are attributes.
  if (tsr_op_attr_count(op) > 0) {
    result = check_streams(r->check, op);
    if (check_slot(r->check, op) != TSR_OK)
      result = TSR_FAILED;
  }
  size_t blocks = tsr_op_block_count(op);
  uint32_t inside = blocks > 0 ? enter(op, place) : place;
  for (size_t i = 0; i < blocks; i++)
    for (const tsr_op *in = tsr_block_first(tsr_op_block(op, i)); in;
         in = tsr_op_next(in))
      if (check_op(r, in, inside) != TSR_OK)
        result = TSR_FAILED;
  return result;
}

tsr_result tsr_check_places(const tsr_check *check) {
  tsr_result result = TSR_OK;
  rules r = {.check = check};
  for (tsr_op_kind kind = TSR_OP_none; kind < TSR_OP_COUNT; kind++)
    r.places[kind] = get_places(kind);
  for (const tsr_op *op = tsr_block_first(tsr_module_block(check->module)); op;
       op = tsr_op_next(op)) {
    if (!tsr_op_has_trait(op, TSR_TRAIT_FUNCTION))
      result = tsr_diag_error(check->diag, op, TSR_DIAG(op_outside_function),
                              tsr_op_get_mnemonic(op));
    else if (check_op(&r, op, ANYWHERE) != TSR_OK)
      result = TSR_FAILED;
  }
  return result;
}
