// The table of ops, and what is read out of its strings.

#include "impl.h"
#include "verify.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>
#include <threads.h>

static const tsr_op_info op_infos[] = {
#define TSR_OP(id, text, ...) [TSR_OP_##id] = {.mnemonic = text, __VA_ARGS__},
#include "tessera/ops.def"
};

// The groups and attributes of a row, split.
typedef struct tsr_op_names {
  size_t count;
  const char *names[TSR_MAX_GROUPS];
  tsr_group_arity arities[TSR_MAX_GROUPS];
} tsr_op_names;

enum { MAX_ATTRS = 16 };
typedef struct tsr_op_attrs {
  size_t count;
  const char *names[MAX_ATTRS];
  tsr_attr_kind kinds[MAX_ATTRS];
  bool is_optional[MAX_ATTRS];
} tsr_op_attrs;

static tsr_op_names op_names[TSR_OP_COUNT];
static tsr_op_attrs op_attrs[TSR_OP_COUNT];
static char name_text[16384]; // names of groups and attributes
static tsr_bytes_map kinds_by_mnemonic;
static once_flag tables_once = ONCE_FLAG_INIT;

// Splits "a, b?, c*" into names and arities.
static char *parse_groups(const char *text, tsr_op_names *names, char *store) {
  while (text && *text) {
    size_t length = strcspn(text, "?*,");
    assert(names->count < TSR_MAX_GROUPS);
    assert(store + length + 1 <= name_text + sizeof name_text);
    memcpy(store, text, length);
    names->names[names->count] = store;
    store += length + 1;
    text += length;
    tsr_group_arity arity = TSR_GROUP_ONE;
    if (*text == '?' || *text == '*')
      arity = *text++ == '?' ? TSR_GROUP_OPTIONAL : TSR_GROUP_VARIADIC;
    names->arities[names->count++] = arity;
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
static char *parse_attrs(const char *text, tsr_op_attrs *attrs, char *store) {
  while (text && *text) {
    assert(attrs->count < MAX_ATTRS);
    size_t length = strcspn(text, ":");
    assert(store + length + 1 <= name_text + sizeof name_text);
    memcpy(store, text, length);
    attrs->names[attrs->count] = store;
    store += length + 1;
    text += length + 2;
    length = strcspn(text, "?,");
    attrs->kinds[attrs->count] = find_attr_kind(text, length);
    text += length;
    attrs->is_optional[attrs->count++] = *text == '?';
    text += strspn(text, "?, ");
  }
  return store;
}

// Asked for every op many times over, so not by way of call_once alone.
static atomic_bool has_tables;

static void make_tables(void) {
  char *store = name_text;
  tsr_bytes_map_init(&kinds_by_mnemonic);
  for (size_t kind = 1; kind < TSR_OP_COUNT; kind++) {
    const char *mnemonic = op_infos[kind].mnemonic;
    store = parse_groups(op_infos[kind].operands, &op_names[kind], store);
    store = parse_attrs(op_infos[kind].attrs, &op_attrs[kind], store);
    *tsr_bytes_map_get(&kinds_by_mnemonic, mnemonic, strlen(mnemonic), NULL) =
        (void *)&op_infos[kind];
  }
  atomic_store_explicit(&has_tables, true, memory_order_release);
}

static inline void need_tables(void) {
  if (!atomic_load_explicit(&has_tables, memory_order_acquire))
    call_once(&tables_once, make_tables);
}

const tsr_op_info *tsr_op_kind_get_info(tsr_op_kind kind) {
  assert(kind < TSR_OP_COUNT);
  return &op_infos[kind];
}

tsr_op_kind tsr_op_kind_find(const char *mnemonic, size_t length) {
  need_tables();
  const tsr_op_info *info =
      tsr_bytes_map_find(&kinds_by_mnemonic, mnemonic, length);
  return info ? (tsr_op_kind)(info - op_infos) : TSR_OP_none;
}

static const tsr_op_names *get_names(tsr_op_kind kind) {
  need_tables();
  return &op_names[kind];
}

size_t tsr_op_kind_group_count(tsr_op_kind kind) {
  return get_names(kind)->count;
}

const char *tsr_op_kind_group_name(tsr_op_kind kind, size_t group) {
  assert(group < get_names(kind)->count);
  return get_names(kind)->names[group];
}

tsr_group_arity tsr_op_kind_group_arity(tsr_op_kind kind, size_t group) {
  assert(group < get_names(kind)->count);
  return get_names(kind)->arities[group];
}

static const tsr_op_attrs *get_attrs(tsr_op_kind kind) {
  need_tables();
  return &op_attrs[kind];
}

size_t tsr_op_kind_attr_count(tsr_op_kind kind) {
  return get_attrs(kind)->count;
}

const char *tsr_op_kind_attr_name(tsr_op_kind kind, size_t i) {
  assert(i < get_attrs(kind)->count);
  return get_attrs(kind)->names[i];
}

tsr_attr_kind tsr_op_kind_attr_kind(tsr_op_kind kind, size_t i) {
  assert(i < get_attrs(kind)->count);
  return get_attrs(kind)->kinds[i];
}

bool tsr_op_kind_attr_is_optional(tsr_op_kind kind, size_t i) {
  assert(i < get_attrs(kind)->count);
  return get_attrs(kind)->is_optional[i];
}
