// fuse: what two nests do with the tiles of a buffer they share.

#include "fuse.h"

#include "tessera/analysis.h"

// How deep index expressions are compared.
enum { MAX_DEPTH = 4 };

bool tsr_fuse_are_in_conflict(const tsr_fuse_item *a, const tsr_fuse_item *b) {
  for (size_t i = 0; i < a->access_count; i++)
    for (size_t j = 0; j < b->access_count; j++)
      if (a->accesses[i].buffer == b->accesses[j].buffer &&
          (a->accesses[i].writes || b->accesses[j].writes))
        return true;
  return false;
}

bool tsr_fuse_have_same_space(const tsr_op *a, const tsr_op *b) {
  if (tsr_op_operand_count(a) != tsr_op_operand_count(b))
    return false;
  for (size_t i = 0; i < tsr_op_operand_count(a); i++) {
    int64_t x, y;
    const tsr_value *size = tsr_op_operand(a, i);
    if (size != tsr_op_operand(b, i) &&
        !(tsr_index_evaluate(size, NULL, &x) &&
          tsr_index_evaluate(tsr_op_operand(b, i), NULL, &y) && x == y))
      return false;
  }
  return true;
}

// Which axis of `nest` the value counts, or -1.
static int get_axis(const tsr_op *nest, const tsr_value *value) {
  return tsr_value_get_block(value) == tsr_op_block(nest, 0)
             ? (int)tsr_value_get_number(value)
             : -1;
}

// An index in nest `a` and one in nest `b` are equal in equal iterations.
static bool is_same_index(const tsr_op *a, const tsr_value *x, const tsr_op *b,
                          const tsr_value *y, int depth) {
  int axis = get_axis(a, x);
  if (x == y || axis >= 0)
    return x == y || axis == get_axis(b, y);
  const tsr_op *p = tsr_value_get_def(x), *q = tsr_value_get_def(y);
  if (depth == 0 || !p || !q || tsr_op_get_kind(p) != tsr_op_get_kind(q) ||
      !tsr_op_has_trait(p, TSR_TRAIT_INDEX_MATH) ||
      tsr_op_get_attr(p, "predicate") != tsr_op_get_attr(q, "predicate"))
    return false;
  for (size_t i = 0; i < tsr_op_operand_count(p); i++)
    if (!is_same_index(a, tsr_op_operand(p, i), b, tsr_op_operand(q, i),
                       depth - 1))
      return false;
  return true;
}

bool tsr_fuse_is_same_place(const tsr_op *a, const tsr_fuse_access *x,
                            const tsr_op *b, const tsr_fuse_access *y) {
  if (!x->tile || x->tile != y->tile || x->index_count != y->index_count)
    return false;
  for (size_t i = 0; i < x->index_count; i++)
    if (!is_same_index(a, tsr_op_operand(x->op, x->first_index + i), b,
                       tsr_op_operand(y->op, y->first_index + i), MAX_DEPTH))
      return false;
  return true;
}

// `index` tells the iterations of `axis` apart when blocks span `tiles` tiles.
static bool separates_axis(const tsr_op *nest, const tsr_value *index, int axis,
                           uint32_t tiles) {
  if (get_axis(nest, index) == axis)
    return tiles == 1;
  const tsr_op *mul = tsr_value_get_def(index);
  int64_t factor;
  return tsr_op_is(mul, TSR_OP_mul) &&
         get_axis(nest, tsr_op_operand(mul, 0)) == axis &&
         tsr_value_is_index(tsr_op_operand(mul, 1), &factor) &&
         factor >= (int64_t)tiles;
}

// No two iterations of the nest touch a tile in common.
static bool is_private(const tsr_op *nest, const tsr_fuse_access *x) {
  const tsr_type_desc *tile = tsr_type_get_desc(x->tile);
  size_t rank = tsr_type_get_desc(tsr_value_get_type(x->buffer))->rank;
  for (size_t axis = 0; axis < tsr_op_operand_count(nest); axis++) {
    bool is_separate = false;
    for (size_t i = 0; i < rank && !is_separate; i++) {
      uint32_t tiles = i + 1 == rank   ? tile->block_cols
                       : i + 2 == rank ? tile->block_rows
                                       : 1;
      is_separate = separates_axis(
          nest, tsr_op_operand(x->op, x->first_index + i), (int)axis, tiles);
    }
    if (!is_separate)
      return false;
  }
  return true;
}

// A store that every iteration reaches, so that its value stands for the tile.
static bool is_unconditional(const tsr_op *nest, const tsr_fuse_access *store) {
  return tsr_op_get_parent(store->op) == nest;
}

// `x` in `a`, which comes first, and `y` in `b`. Within one nest nothing keeps
// a load before a store unless what is stored depends on it, since loads run
// ahead; so what `a` reads, `b` may not write.
static tsr_fuse_relation relate(const tsr_op *a, const tsr_fuse_access *x,
                                const tsr_op *b, const tsr_fuse_access *y) {
  if (y->writes)
    return TSR_FUSE_FORBIDS;
  bool is_same = tsr_fuse_is_same_place(a, x, b, y);
  if (!x->writes)
    return is_same ? TSR_FUSE_REWARDS : TSR_FUSE_ALLOWS;
  return is_same && is_private(a, x) && is_unconditional(a, x)
             ? TSR_FUSE_REWARDS
             : TSR_FUSE_FORBIDS;
}

size_t tsr_fuse_count_buffers(const tsr_fuse_item *a, const tsr_fuse_item *b) {
  size_t count = 0;
  for (size_t i = 0; i < a->access_count + b->access_count; i++) {
    const tsr_value *buffer = i < a->access_count
                                  ? a->accesses[i].buffer
                                  : b->accesses[i - a->access_count].buffer;
    bool is_first = true;
    for (size_t j = 0; j < i && is_first; j++)
      is_first = buffer != (j < a->access_count
                                ? a->accesses[j].buffer
                                : b->accesses[j - a->access_count].buffer);
    count += is_first;
  }
  return count;
}

tsr_fuse_relation tsr_fuse_relate(const tsr_fuse_item *a,
                                  const tsr_fuse_item *b,
                                  const tsr_value **out_buffer) {
  tsr_fuse_relation all = TSR_FUSE_ALLOWS;
  *out_buffer = NULL;
  for (size_t i = 0; i < a->access_count; i++)
    for (size_t j = 0; j < b->access_count; j++) {
      const tsr_fuse_access *x = &a->accesses[i], *y = &b->accesses[j];
      if (x->buffer != y->buffer)
        continue;
      tsr_fuse_relation found = relate(a->op, x, b->op, y);
      *out_buffer = x->buffer;
      if (found == TSR_FUSE_FORBIDS)
        return TSR_FUSE_FORBIDS;
      all = found == TSR_FUSE_REWARDS ? TSR_FUSE_REWARDS : all;
    }
  return all;
}

// -- what is said -------------------------------------------------------------

static const char *get_name(const tsr_value *value) {
  const char *name = tsr_value_get_name(value);
  return name ? name : "?";
}

// Why `b` stayed apart from `a`, which touches a buffer of it.
static void report_pair(const tsr_fuser *f, const tsr_fuse_item *a,
                        const tsr_fuse_item *b) {
  const tsr_value *buffer;
  tsr_fuse_relation shared = tsr_fuse_relate(a, b, &buffer);
  if (!buffer)
    return;
  const tsr_pass_env *env = f->env;
  uint32_t line = tsr_op_get_loc(a->op).line;
  size_t ops = a->math_ops + b->math_ops;
  if (!tsr_fuse_have_same_space(a->op, b->op))
    tsr_pass_env_remark(env, TSR_REMARK_MISSED, "OtherSizes", b->op,
                        "not joined to the nest of line {line:%u}, which has "
                        "other sizes",
                        line);
  else if (shared == TSR_FUSE_FORBIDS)
    tsr_pass_env_remark(env, TSR_REMARK_MISSED, "OtherTiles", b->op,
                        "not joined to the nest of line {line:%u}: iterations "
                        "touch tiles of %%{buffer:%s} that others write",
                        line, get_name(buffer));
  else if (shared == TSR_FUSE_REWARDS && ops > f->max_ops)
    tsr_pass_env_remark(env, TSR_REMARK_MISSED, "TooManyOps", b->op,
                        "not joined to the nest of line {line:%u}: together "
                        "they have {ops:%zu} tile ops, and max-ops is "
                        "{limit:%zu}",
                        line, ops, f->max_ops);
  else if (shared == TSR_FUSE_REWARDS &&
           tsr_fuse_count_buffers(a, b) > f->max_buffers)
    tsr_pass_env_remark(env, TSR_REMARK_MISSED, "TooManyBuffers", b->op,
                        "not joined to the nest of line {line:%u}: together "
                        "they touch {buffers:%zu} buffers, and circular "
                        "buffers do for {limit:%zu}",
                        line, tsr_fuse_count_buffers(a, b), f->max_buffers);
  else if (shared == TSR_FUSE_REWARDS)
    tsr_pass_env_remark(env, TSR_REMARK_MISSED, "InTheWay", b->op,
                        "not joined to the nest of line {line:%u}: what stands "
                        "between them touches buffers or values of both",
                        line);
}

void tsr_fuse_report_apart(const tsr_fuser *f) {
  for (size_t at = 0; at < f->count; at++) {
    size_t seen = 0;
    for (size_t i = at; f->items[at].op && i-- > 0 && seen < TSR_FUSE_WINDOW;) {
      seen += f->items[i].op != NULL;
      if (f->items[i].op && f->items[i].is_nest && f->items[at].is_nest)
        report_pair(f, &f->items[i], &f->items[at]);
    }
  }
}
