// Types, attributes and values as text.

#include "tessera/print.h"

#include "impl.h"
#include "tessera/hash.h"

#include <math.h>
#include <string.h>

static const char *const type_names[] = {
#define TSR_TYPE(id, keyword, summary) keyword,
#include "tessera/types.def"
};

static const char *element_name(tsr_element element) {
  return tsr_element_get_info(element)->name;
}

static const char *order_name(tsr_order order) {
  return order == TSR_ORDER_ROW ? "row" : "column";
}

// Whole numbers without a point, others as attributes have them.
static void print_pad(const tsr_pad *pad, tsr_buffer *out) {
  const double exact = 9007199254740992.0; // every integer below is a double
  double value = pad->value;
  if (!pad->is_known)
    tsr_buffer_append_str(out, "undef");
  else if (fabs(value) < exact && value == floor(value) &&
           !(value == 0 && signbit(value)))
    tsr_buffer_append_i64(out, (int64_t)value);
  else
    tsr_buffer_append_f64(out, value);
}

static void print_shape(const tsr_type_desc *desc, tsr_buffer *out) {
  for (uint32_t i = 0; i < desc->rank; i++) {
    tsr_buffer_append_u64(out, desc->extents[i]);
    tsr_buffer_append_char(out, 'x');
  }
  tsr_buffer_append_str(out, element_name(desc->element));
}

static void print_tile(const tsr_type_desc *desc, tsr_buffer *out) {
  if (desc->block_rows != 1 || desc->block_cols != 1) {
    tsr_buffer_append_u64(out, desc->block_rows);
    tsr_buffer_append_char(out, 'x');
    tsr_buffer_append_u64(out, desc->block_cols);
    tsr_buffer_append_char(out, 'x');
  }
  tsr_buffer_append_str(out, element_name(desc->element));
}

static void print_buffer(const tsr_type_desc *desc, tsr_buffer *out) {
  print_shape(desc, out);
  tsr_buffer_printf(out, ", %s, %s ",
                    desc->layout == TSR_LAYOUT_TILED ? "tiled" : "row_major",
                    desc->memory == TSR_MEMORY_DRAM ? "dram" : "l1");
  const tsr_sharding *shards = &desc->sharding;
  if (shards->sharded)
    tsr_buffer_printf(out, "sharded{shard = %ux%u, grid = %ux%u, order = %s}",
                      shards->shard_rows, shards->shard_cols, shards->grid_rows,
                      shards->grid_cols, order_name(shards->order));
  else
    tsr_buffer_append_str(out, "interleaved");
  tsr_buffer_append_str(out, ", pad = ");
  print_pad(&desc->pad, out);
}

void tsr_type_print_desc(const tsr_type_desc *desc, tsr_buffer *out) {
  tsr_buffer_append_str(out, type_names[desc->kind]);
  switch (desc->kind) {
  case TSR_TYPE_TENSOR:
    tsr_buffer_append_char(out, '<');
    print_shape(desc, out);
    break;
  case TSR_TYPE_TILE:
    tsr_buffer_append_char(out, '<');
    print_tile(desc, out);
    break;
  case TSR_TYPE_BUFFER:
    tsr_buffer_append_char(out, '<');
    print_buffer(desc, out);
    break;
  case TSR_TYPE_INDEX:
  case TSR_TYPE_BOOL:
  case TSR_TYPE_ADDR:
  case TSR_TYPE_ACCESSOR:
  case TSR_TYPE_COUNT:
    return;
  }
  tsr_buffer_append_char(out, '>');
}

void tsr_type_print(const tsr_type *type, tsr_buffer *out) {
  tsr_buffer_append(out, type->text, ir_name_of(type->text)->length);
}

const char *tsr_type_text(const tsr_type *type) { return type->text; }

// -- Attributes ---------------------------------------------------------------

void tsr_string_print(const char *text, char quote, tsr_buffer *out) {
  tsr_buffer_append_char(out, quote);
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '\n')
      tsr_buffer_append_str(out, "\\n");
    else if (c < 0x20 || c == 0x7f)
      tsr_buffer_printf(out, "\\%02x", c);
    else if (*text == '\\' || *text == quote)
      tsr_buffer_printf(out, "\\%c", *text);
    else
      tsr_buffer_append_char(out, *text);
  }
  tsr_buffer_append_char(out, quote);
}

// RxC for a grid from (0,0) on, else the list of ranges.
static void print_cores(const tsr_attr *attr, tsr_buffer *out) {
  const tsr_core_range *ranges = tsr_attr_core_ranges(attr);
  size_t count = tsr_attr_count(attr);
  if (count == 1 && ranges[0].x0 == 0 && ranges[0].y0 == 0) {
    tsr_buffer_printf(out, "%ux%u", ranges[0].y1 + 1, ranges[0].x1 + 1);
    return;
  }
  tsr_buffer_append_char(out, '[');
  for (size_t i = 0; i < count; i++)
    tsr_buffer_printf(out, "%s(%u,%u)-(%u,%u)", i ? ", " : "", ranges[i].x0,
                      ranges[i].y0, ranges[i].x1, ranges[i].y1);
  tsr_buffer_append_char(out, ']');
}

static void print_run(const tsr_run *run, tsr_buffer *out) {
  tsr_buffer_append_i64(out, run->first);
  if (run->count == 1)
    return;
  if (run->step != 0) {
    tsr_buffer_append_str(out, run->step > 0 ? " +" : " ");
    tsr_buffer_append_i64(out, run->step);
  }
  tsr_buffer_append_str(out, " x");
  tsr_buffer_append_u64(out, run->count);
}

static void print_runs(const tsr_attr *attr, tsr_buffer *out) {
  tsr_buffer_append_char(out, '[');
  for (size_t i = 0; i < tsr_attr_count(attr); i++) {
    tsr_buffer_append_str(out, i ? ", " : "");
    print_run(&tsr_attr_run_list(attr)[i], out);
  }
  tsr_buffer_append_char(out, ']');
}

// In an array nothing else says that `bf16` is a type, so there it is long.
static void print_type_attr(const tsr_type *type, bool in_array,
                            tsr_buffer *out) {
  bool is_tile = tsr_type_get_kind(type) == TSR_TYPE_TILE;
  if (is_tile && !in_array && tsr_type_block_tiles(type) == 1)
    tsr_buffer_append_str(out, element_name(tsr_type_get_element(type)));
  else
    tsr_type_print(type, out);
}

static void print_attr(const tsr_attr *attr, bool in_array, tsr_buffer *out);

static void print_array(const tsr_attr *attr, tsr_buffer *out) {
  if (attr->depth > TSR_MAX_NESTING) { // the verifier refuses it
    tsr_buffer_append_str(out, "[...]");
    return;
  }
  tsr_buffer_append_char(out, '[');
  for (size_t i = 0; i < tsr_attr_count(attr); i++) {
    tsr_buffer_append_str(out, i ? ", " : "");
    print_attr(tsr_attr_item(attr, i), true, out);
  }
  tsr_buffer_append_char(out, ']');
}

static void print_attr(const tsr_attr *attr, bool in_array, tsr_buffer *out) {
  switch (tsr_attr_get_kind(attr)) {
  case TSR_ATTR_INT:
    tsr_buffer_append_i64(out, tsr_attr_get_int(attr));
    break;
  case TSR_ATTR_FLOAT:
    tsr_buffer_append_f64(out, tsr_attr_get_float(attr));
    break;
  case TSR_ATTR_BOOL:
    tsr_buffer_append_str(out, tsr_attr_get_bool(attr) ? "true" : "false");
    break;
  case TSR_ATTR_STRING:
    tsr_string_print(tsr_attr_get_text(attr), '"', out);
    break;
  case TSR_ATTR_SYMBOL:
    tsr_buffer_append_char(out, '@');
    tsr_buffer_append_str(out, tsr_attr_get_text(attr));
    break;
  case TSR_ATTR_KEYWORD:
    tsr_buffer_append_str(out, tsr_attr_get_text(attr));
    break;
  case TSR_ATTR_TYPE:
    print_type_attr(tsr_attr_get_type(attr), in_array, out);
    break;
  case TSR_ATTR_ARRAY:
    print_array(attr, out);
    break;
  case TSR_ATTR_CORES:
    print_cores(attr, out);
    break;
  case TSR_ATTR_RUNS:
    print_runs(attr, out);
    break;
  }
}

void tsr_attr_print(const tsr_attr *attr, tsr_buffer *out) {
  print_attr(attr, false, out);
}

// -- Values -------------------------------------------------------------------

static void print_constant(const tsr_value *value, tsr_buffer *out) {
  if (value->kind == IR_BOOL)
    tsr_buffer_append_str(out, ir_value_constant(value) ? "true" : "false");
  else
    tsr_buffer_append_i64(out, ir_value_constant(value));
}

void tsr_value_print(const tsr_value *value, tsr_buffer *out) {
  if (value->kind == IR_ALL) {
    tsr_buffer_append_char(out, '*');
  } else if (value->kind == IR_RESULT || value->kind == IR_ARG) {
    const char *name = value->name ? ir_value_name(value) : NULL;
    tsr_buffer_append_char(out, '%');
    tsr_buffer_append(out, name ? name : "?",
                      name ? ir_name_of(name)->length : 1);
  } else {
    print_constant(value, out);
  }
}
