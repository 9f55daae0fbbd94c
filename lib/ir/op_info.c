// The table of ops, and what is read out of its strings.

#include "impl.h"
#include "verify.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>
#include <threads.h>

const tsr_op_info tsr_op_infos[] = {
#define TSR_OP(id, text, ...) [TSR_OP_##id] = {.mnemonic = text, __VA_ARGS__},
#include "tessera/ops.def"
};

ir_row tsr_op_rows[TSR_OP_COUNT];
static char name_text[16384]; // names of groups and attributes
// Open addressing; the mnemonics are ours, and few.
enum { KIND_SLOTS = 1024 };
static uint16_t kinds_by_mnemonic[KIND_SLOTS]; // 0: free
_Static_assert(TSR_OP_COUNT < KIND_SLOTS / 2, "room for every op");
static once_flag tables_once = ONCE_FLAG_INIT;

// Splits "a, b?, c*" into names and arities.
static char *parse_groups(const char *text, ir_row *row, char *store) {
  row->has_plain_groups = true;
  while (text && *text) {
    size_t length = strcspn(text, "?*,");
    assert(row->group_count < TSR_MAX_GROUPS);
    assert(store + length + 1 <= name_text + sizeof name_text);
    memcpy(store, text, length);
    row->groups[row->group_count] = store;
    store += length + 1;
    text += length;
    tsr_group_arity arity = TSR_GROUP_ONE;
    if (*text == '?' || *text == '*')
      arity = *text++ == '?' ? TSR_GROUP_OPTIONAL : TSR_GROUP_VARIADIC;
    row->has_plain_groups = row->has_plain_groups && arity == TSR_GROUP_ONE;
    row->arities[row->group_count++] = arity;
    text += strspn(text, ", ");
  }
  return store;
}

static const char *const attr_kind_names[] = {
    [TSR_ATTR_INT] = "int",         [TSR_ATTR_FLOAT] = "float",
    [TSR_ATTR_BOOL] = "bool",       [TSR_ATTR_STRING] = "string",
    [TSR_ATTR_KEYWORD] = "keyword", [TSR_ATTR_SYMBOL] = "symbol",
    [TSR_ATTR_TYPE] = "type",       [TSR_ATTR_ARRAY] = "array",
    [TSR_ATTR_CORES] = "cores",     [TSR_ATTR_RUNS] = "runs",
};

const char *tsr_attr_kind_name(tsr_attr_kind kind) {
  return attr_kind_names[kind];
}

static tsr_attr_kind find_attr_kind(const char *name, size_t length) {
  size_t kind = 0;
  while (strlen(attr_kind_names[kind]) != length ||
         memcmp(attr_kind_names[kind], name, length) != 0)
    kind++;
  return (tsr_attr_kind)kind;
}

// Splits "dst: int?, unit: keyword" into names, kinds and optionality.
static char *parse_attrs(const char *text, ir_row *row, char *store) {
  while (text && *text) {
    assert(row->attr_count < IR_MAX_ATTRS);
    size_t length = strcspn(text, ":");
    assert(store + length + 1 <= name_text + sizeof name_text);
    memcpy(store, text, length);
    row->attrs[row->attr_count] = store;
    store += length + 1;
    text += length + 2;
    length = strcspn(text, "?,");
    row->attr_kinds[row->attr_count] = find_attr_kind(text, length);
    text += length;
    row->is_optional[row->attr_count] = *text == '?';
    row->needs_attrs = row->needs_attrs || *text != '?';
    row->attr_count++;
    text += strspn(text, "?, ");
  }
  return store;
}

// Asked for many times over, so not by way of call_once alone.
static atomic_bool has_tables;

static size_t first_slot(const char *mnemonic, size_t length) {
  size_t hash = length;
  for (size_t i = 0; i < length; i++)
    hash = hash * 31 + (unsigned char)mnemonic[i];
  return hash % KIND_SLOTS;
}

static void add_mnemonic(uint16_t kind) {
  const char *mnemonic = tsr_op_infos[kind].mnemonic;
  size_t length = strlen(mnemonic), slot = first_slot(mnemonic, length);
  tsr_op_rows[kind].mnemonic_length = length;
  while (kinds_by_mnemonic[slot])
    slot = (slot + 1) % KIND_SLOTS;
  kinds_by_mnemonic[slot] = kind;
}

static void make_tables(void) {
  char *store = name_text;
  for (size_t kind = 1; kind < TSR_OP_COUNT; kind++) {
    add_mnemonic((uint16_t)kind);
    store =
        parse_groups(tsr_op_infos[kind].operands, &tsr_op_rows[kind], store);
    store = parse_attrs(tsr_op_infos[kind].attrs, &tsr_op_rows[kind], store);
  }
  atomic_store_explicit(&has_tables, true, memory_order_release);
}

void tsr_op_need_rows(void) {
  if (!atomic_load_explicit(&has_tables, memory_order_acquire))
    call_once(&tables_once, make_tables);
}

const tsr_op_info *tsr_op_kind_get_info(tsr_op_kind kind) {
  assert(kind < TSR_OP_COUNT);
  return &tsr_op_infos[kind];
}

tsr_op_kind tsr_op_kind_find(const char *mnemonic, size_t length) {
  tsr_op_need_rows();
  size_t slot = first_slot(mnemonic, length);
  for (uint16_t kind; (kind = kinds_by_mnemonic[slot]);
       slot = (slot + 1) % KIND_SLOTS) {
    if (tsr_op_rows[kind].mnemonic_length == length &&
        memcmp(tsr_op_infos[kind].mnemonic, mnemonic, length) == 0)
      return (tsr_op_kind)kind;
  }
  return TSR_OP_none;
}

static const ir_row *get_row(tsr_op_kind kind) {
  tsr_op_need_rows();
  return &tsr_op_rows[kind];
}

size_t tsr_op_kind_group_count(tsr_op_kind kind) {
  return get_row(kind)->group_count;
}

const char *tsr_op_kind_group_name(tsr_op_kind kind, size_t group) {
  assert(group < get_row(kind)->group_count);
  return get_row(kind)->groups[group];
}

tsr_group_arity tsr_op_kind_group_arity(tsr_op_kind kind, size_t group) {
  assert(group < get_row(kind)->group_count);
  return get_row(kind)->arities[group];
}

size_t tsr_op_kind_attr_count(tsr_op_kind kind) {
  return get_row(kind)->attr_count;
}

const char *tsr_op_kind_attr_name(tsr_op_kind kind, size_t i) {
  assert(i < get_row(kind)->attr_count);
  return get_row(kind)->attrs[i];
}

tsr_attr_kind tsr_op_kind_attr_kind(tsr_op_kind kind, size_t i) {
  assert(i < get_row(kind)->attr_count);
  return get_row(kind)->attr_kinds[i];
}

bool tsr_op_kind_attr_is_optional(tsr_op_kind kind, size_t i) {
  assert(i < get_row(kind)->attr_count);
  return get_row(kind)->is_optional[i];
}
