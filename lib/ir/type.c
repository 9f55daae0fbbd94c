// Types: one object for each description.

#include "impl.h"

#include <assert.h>
#include <string.h>

static const tsr_element_info element_infos[] = {
#define TSR_ELEMENT(id, text, bytes, mantissa, floating, is_supported)         \
  [TSR_ELEMENT_##id] = {.name = text,                                          \
                        .tile_bytes = bytes,                                   \
                        .mantissa_bits = mantissa,                             \
                        .is_float = floating,                                  \
                        .supported = is_supported},
#include "tessera/types.def"
};

const tsr_element_info *tsr_element_get_info(tsr_element element) {
  assert(element < TSR_ELEMENT_COUNT);
  return &element_infos[element];
}

bool tsr_element_find(const char *name, size_t length, tsr_element *out) {
  for (size_t i = 0; i < TSR_ELEMENT_COUNT; i++)
    if (strlen(element_infos[i].name) == length &&
        memcmp(element_infos[i].name, name, length) == 0) {
      *out = (tsr_element)i;
      return true;
    }
  return false;
}

// The bytes that stand for a description: every field, none of the padding
// between fields, and only the extents that the rank counts.
static size_t encode_desc(const tsr_type_desc *desc, uint64_t *words) {
  size_t n = 0;
  words[n++] =
      (uint64_t)desc->kind | (uint64_t)desc->element << 8 |
      (uint64_t)desc->rank << 16 | (uint64_t)desc->layout << 24 |
      (uint64_t)desc->memory << 32 | (uint64_t)desc->sharding.sharded << 40 |
      (uint64_t)desc->sharding.order << 48 | (uint64_t)desc->pad.is_known << 56;
  words[n++] = (uint64_t)desc->block_rows << 32 | desc->block_cols;
  words[n++] =
      (uint64_t)desc->sharding.shard_rows << 32 | desc->sharding.shard_cols;
  words[n++] =
      (uint64_t)desc->sharding.grid_rows << 32 | desc->sharding.grid_cols;
  double pad = desc->pad.is_known ? desc->pad.value : 0.0;
  memcpy(&words[n++], &pad, sizeof pad);
  for (uint32_t i = 0; i < desc->rank; i++)
    words[n++] = desc->extents[i];
  return n * sizeof words[0];
}

// Who builds IR may ask for any type; the verifier looks for odd ones where
// there are any.
static bool is_odd(const tsr_type_desc *desc) {
  tsr_diag *unheard = tsr_diag_create();
  tsr_result result = tsr_type_check(desc, (tsr_loc){NULL, 0, 0}, unheard);
  tsr_diag_destroy(unheard);
  return result != TSR_OK;
}

static tsr_type *create_type(tsr_context *context, const tsr_type_desc *desc) {
  tsr_type *type = tsr_space_alloc(&context->space, sizeof *type);
  type->desc = *desc;
  type->context = context;
  type->is_odd = is_odd(desc);
  context->has_odd_types = context->has_odd_types || type->is_odd;
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_type_print_desc(desc, &text);
  type->text = tsr_context_intern(context, tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return type;
}

const tsr_type *tsr_type_get(tsr_context *context, const tsr_type_desc *desc) {
  assert(desc->rank <= TSR_MAX_RANK);
  uint64_t words[5 + TSR_MAX_RANK];
  size_t bytes = encode_desc(desc, words);
  void **place = tsr_bytes_map_get(&context->types, words, bytes, NULL);
  if (!*place)
    *place = create_type(context, desc);
  return *place;
}

const tsr_type_desc *tsr_type_get_desc(const tsr_type *type) {
  return &type->desc;
}

tsr_type_kind tsr_type_get_kind(const tsr_type *type) {
  return type->desc.kind;
}

tsr_element tsr_type_get_element(const tsr_type *type) {
  return type->desc.element;
}

static const tsr_type *get_plain(tsr_context *context, tsr_type_kind kind) {
  if (!context->plain_types[kind]) {
    tsr_type_desc desc = {.kind = kind};
    context->plain_types[kind] = tsr_type_get(context, &desc);
  }
  return context->plain_types[kind];
}

const tsr_type *tsr_type_index(tsr_context *context) {
  return get_plain(context, TSR_TYPE_INDEX);
}

const tsr_type *tsr_type_bool(tsr_context *context) {
  return get_plain(context, TSR_TYPE_BOOL);
}

const tsr_type *tsr_type_addr(tsr_context *context) {
  return get_plain(context, TSR_TYPE_ADDR);
}

const tsr_type *tsr_type_accessor(tsr_context *context) {
  return get_plain(context, TSR_TYPE_ACCESSOR);
}

const tsr_type *tsr_type_tile(tsr_context *context, tsr_element element,
                              uint32_t block_rows, uint32_t block_cols) {
  tsr_type_desc desc = {.kind = TSR_TYPE_TILE,
                        .element = element,
                        .block_rows = block_rows,
                        .block_cols = block_cols};
  return tsr_type_get(context, &desc);
}

const tsr_type *tsr_type_with_element(tsr_context *context,
                                      const tsr_type *type,
                                      tsr_element element) {
  tsr_type_desc desc = type->desc;
  desc.element = element;
  return tsr_type_get(context, &desc);
}

uint32_t tsr_type_block_tiles(const tsr_type *type) {
  assert(type->desc.kind == TSR_TYPE_TILE);
  return type->desc.block_rows * type->desc.block_cols;
}

uint32_t tsr_type_page_bytes(const tsr_type *type) {
  return element_infos[type->desc.element].tile_bytes;
}

static uint64_t desc_tile_extent(const tsr_type_desc *desc, uint32_t axis) {
  uint64_t extent = desc->extents[axis];
  if (axis + 2 < desc->rank)
    return extent;
  return extent / TSR_TILE_SIDE + (extent % TSR_TILE_SIDE != 0);
}

uint64_t tsr_type_tile_extent(const tsr_type *type, uint32_t axis) {
  assert(axis < type->desc.rank);
  return desc_tile_extent(&type->desc, axis);
}

uint64_t tsr_type_tile_count(const tsr_type *type) {
  uint64_t count = 1;
  for (uint32_t i = 0; i < type->desc.rank; i++)
    count *= desc_tile_extent(&type->desc, i);
  return count;
}

static bool fits_63_bits(const tsr_type_desc *desc) {
  uint64_t bytes = element_infos[desc->element].tile_bytes;
  for (uint32_t i = 0; i < desc->rank; i++) {
    uint64_t extent = desc_tile_extent(desc, i);
    if (bytes > (uint64_t)INT64_MAX / extent)
      return false;
    bytes *= extent;
  }
  return true;
}

static tsr_result check_block(const tsr_type_desc *desc, tsr_loc loc,
                              tsr_diag *diag) {
  if (desc->block_rows == 0 || desc->block_cols == 0)
    return tsr_diag_error_at(diag, loc, TSR_DIAG(type_block_empty));
  if ((uint64_t)desc->block_rows * desc->block_cols > 65535)
    return tsr_diag_error_at(diag, loc, TSR_DIAG(type_block_size));
  return TSR_OK;
}

tsr_result tsr_type_check(const tsr_type_desc *desc, tsr_loc loc,
                          tsr_diag *diag) {
  if (desc->kind == TSR_TYPE_TILE)
    return check_block(desc, loc, diag);
  if (desc->kind != TSR_TYPE_TENSOR && desc->kind != TSR_TYPE_BUFFER)
    return TSR_OK;
  if (desc->rank < 1 || desc->rank > TSR_MAX_RANK)
    return tsr_diag_error_at(diag, loc, TSR_DIAG(type_rank), TSR_MAX_RANK);
  for (uint32_t i = 0; i < desc->rank; i++)
    if (desc->extents[i] == 0)
      return tsr_diag_error_at(diag, loc, TSR_DIAG(type_extent));
  if (element_infos[desc->element].tile_bytes == 0)
    return tsr_diag_error_at(diag, loc, TSR_DIAG(type_register_element));
  if (!fits_63_bits(desc))
    return tsr_diag_error_at(diag, loc, TSR_DIAG(type_too_large));
  const tsr_sharding *shard = &desc->sharding;
  if (shard->sharded && (!shard->shard_rows || !shard->shard_cols ||
                         !shard->grid_rows || !shard->grid_cols))
    return tsr_diag_error_at(diag, loc, TSR_DIAG(type_shard));
  return TSR_OK;
}
