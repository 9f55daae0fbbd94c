// insert-inits: configure the compute engine before each op that needs it.
//
// The engine keeps its configuration between ops, in parts that change on
// their own: unpack and math for one kind of FPU op, the constants of one SFPU
// op, the formats of source registers A and B, the packer's format. Each op row
// says which parts it needs, and its operands say what they must be. A forward
// walk over the kernel knows what each part is at every point, as far as that
// is the same on every path, and inserts what is missing.
//
// A loop whose body needs one value of a part gets it before the loop. Where
// the body needs several, the loop starts with what the iteration before left,
// so a part is known at its head only if that agrees with what came before.
//
// In a matmul the first operand goes to source register B and the second to A;
// in all other ops the first goes to A. init.formats names the buffers of
// registers A and B in that order, whatever the op.

#include "tessera/hash.h"
#include "tessera/pass_report.h"
#include "tessera/vector.h"

#include <string.h>

// -- configurations -----------------------------------------------------------

typedef enum part {
  PART_SRCA,
  PART_SRCB,
  PART_FPU,
  PART_SFPU,
  PART_PACK,
  PART_COUNT
} part;

static const uint32_t part_bits[PART_COUNT] = {
    [PART_SRCA] = TSR_CONFIG_SRCA, [PART_SRCB] = TSR_CONFIG_SRCB,
    [PART_FPU] = TSR_CONFIG_FPU,   [PART_SFPU] = TSR_CONFIG_SFPU,
    [PART_PACK] = TSR_CONFIG_PACK,
};

// What a part is set to, as one number; UNKNOWN when paths differ.
typedef uint64_t setting;
static const setting unknown = 0;

// All parts at one point of the kernel.
typedef struct engine {
  setting parts[PART_COUNT];
} engine;

static const tsr_op *find_cb(const tsr_op *op, const char *name) {
  return tsr_op_find_symbol(op, tsr_op_get_text(op, name));
}

// The format a buffer is packed to; never 0.
static setting get_packing(const tsr_op *op, const char *name) {
  const tsr_attr *format = tsr_op_get_attr(find_cb(op, name), "format");
  return 1 + (setting)tsr_type_get_element(tsr_attr_get_type(format));
}

// The format a buffer is unpacked from, and how; never 0.
static setting get_unpacking(const tsr_op *op, const char *name) {
  const char *unpack = tsr_op_get_text(find_cb(op, name), "unpack");
  bool is_whole = unpack && !strcmp(unpack, "fp32");
  return 2 * get_packing(op, name) + is_whole;
}

static bool has_cb(const tsr_op *op, const char *name) {
  return tsr_op_get_text(op, name) != NULL;
}

static bool is_mma(const tsr_op *op) {
  return tsr_op_is(op, TSR_OP_fpu_mma) || tsr_op_is(op, TSR_OP_start_mma);
}

// The attribute that names the buffer of source register A or B.
static const char *get_source(const tsr_op *op, part register_part) {
  bool is_first = (register_part == PART_SRCA) != is_mma(op);
  return is_first || !has_cb(op, "b") ? "a" : "b";
}

static setting get_fpu_setting(const tsr_op *op) {
  setting a = get_unpacking(op, "a");
  setting b = has_cb(op, "b") ? get_unpacking(op, "b") : 0;
  return (setting)tsr_op_get_kind(op) << 32 | a << 16 | b;
}

static setting get_element_setting(const tsr_op *op, const char *name) {
  const tsr_attr *attr = tsr_op_get_attr(op, name);
  return attr ? 1 + (setting)tsr_type_get_element(tsr_attr_get_type(attr)) : 0;
}

// A cast is configured for its two formats. The width of DST, which other ops
// state as their format, is one for the whole kernel.
static setting get_sfpu_setting(const tsr_op *op) {
  return (setting)tsr_op_get_kind(op) << 32 |
         get_element_setting(op, "from") << 16 | get_element_setting(op, "to");
}

// What `op` needs `p` to be; `unknown` when it does not matter.
static setting get_need(const tsr_op *op, part p) {
  const tsr_op_info *info = tsr_op_get_info(op);
  if (info->effects & TSR_EFFECT_CONFIG || !(info->config & part_bits[p]))
    return unknown;
  switch (p) {
  case PART_SRCA:
  case PART_SRCB:
    return get_unpacking(op, get_source(op, p));
  case PART_FPU:
    return get_fpu_setting(op);
  case PART_SFPU:
    return get_sfpu_setting(op);
  case PART_PACK:
    return get_packing(op, "cb");
  case PART_COUNT:
    break;
  }
  return unknown;
}

// -- summaries of loops and branches ------------------------------------------

// What running an op does to a part.
typedef enum effect_kind {
  EFFECT_NONE,  // leaves it
  EFFECT_SET,   // it is `value` afterwards
  EFFECT_MAYBE, // it is `value` or what it was
  EFFECT_LOST,  // nothing is known afterwards
} effect_kind;

typedef struct effect {
  effect_kind kind;
  setting value;
} effect;

typedef struct summary {
  effect effects[PART_COUNT];
  // The first op in it that needs the part, and whether another needs it
  // otherwise.
  tsr_op *first[PART_COUNT];
  bool is_mixed[PART_COUNT];
} summary;

typedef struct walk {
  tsr_pass_env *env;
  tsr_map summaries; // for or if to summary
} walk;

static effect compose(effect before, effect after) {
  if (after.kind == EFFECT_NONE)
    return before;
  if (after.kind != EFFECT_MAYBE || before.kind == EFFECT_NONE)
    return after;
  bool agrees = before.kind != EFFECT_LOST && before.value == after.value;
  return agrees ? before : (effect){.kind = EFFECT_LOST};
}

// Either of two ways was taken.
static effect join(effect a, effect b) {
  if (a.kind == EFFECT_LOST || b.kind == EFFECT_LOST)
    return (effect){.kind = EFFECT_LOST};
  if (a.kind == EFFECT_NONE && b.kind == EFFECT_NONE)
    return a;
  if (a.kind == EFFECT_NONE || b.kind == EFFECT_NONE) {
    setting value = a.kind == EFFECT_NONE ? b.value : a.value;
    return (effect){.kind = EFFECT_MAYBE, .value = value};
  }
  if (a.value != b.value)
    return (effect){.kind = EFFECT_LOST};
  bool is_set = a.kind == EFFECT_SET && b.kind == EFFECT_SET;
  return (effect){.kind = is_set ? EFFECT_SET : EFFECT_MAYBE, .value = a.value};
}

static setting apply(effect e, setting before) {
  switch (e.kind) {
  case EFFECT_NONE:
    return before;
  case EFFECT_SET:
    return e.value;
  case EFFECT_MAYBE:
    return before == e.value ? before : unknown;
  case EFFECT_LOST:
    break;
  }
  return unknown;
}

static void note_need(summary *s, part p, tsr_op *op) {
  if (!s->first[p])
    s->first[p] = op;
  else if (get_need(s->first[p], p) != get_need(op, p))
    s->is_mixed[p] = true;
}

static void add_needs(summary *s, const summary *inner) {
  for (part p = 0; p < PART_COUNT; p++) {
    if (inner->first[p])
      note_need(s, p, inner->first[p]);
    s->is_mixed[p] |= inner->is_mixed[p];
  }
}

// One setting of the part does for the whole loop. Register B is set together
// with A, so not for B alone.
static bool is_uniform(const summary *s, part p) {
  return s->first[p] && !s->is_mixed[p] &&
         (p != PART_SRCB || !s->is_mixed[PART_SRCA]);
}

static summary summarize_block(walk *w, tsr_block *block);

// All of a loop: what its body needs alone is there before it starts.
static summary summarize_for(walk *w, tsr_op *op) {
  summary s = summarize_block(w, tsr_op_block(op, 0));
  for (part p = 0; p < PART_COUNT; p++) {
    if (is_uniform(&s, p))
      s.effects[p] = (effect){EFFECT_SET, get_need(s.first[p], p)};
    else
      s.effects[p] = join((effect){EFFECT_NONE, unknown}, s.effects[p]);
  }
  return s;
}

static summary summarize_if(walk *w, tsr_op *op) {
  summary s = summarize_block(w, tsr_op_block(op, 0)), other = {0};
  if (tsr_op_block_count(op) > 1)
    other = summarize_block(w, tsr_op_block(op, 1));
  for (part p = 0; p < PART_COUNT; p++)
    s.effects[p] = join(s.effects[p], other.effects[p]);
  add_needs(&s, &other);
  return s;
}

static summary summarize_op(tsr_op *op) {
  summary s = {0};
  for (part p = 0; p < PART_COUNT; p++) {
    setting need = get_need(op, p);
    if (need == unknown)
      continue;
    s.effects[p] = (effect){EFFECT_SET, need};
    s.first[p] = op;
  }
  return s;
}

static summary summarize_block(walk *w, tsr_block *block) {
  summary s = {0};
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    summary inner;
    if (tsr_op_is(op, TSR_OP_for_))
      inner = summarize_for(w, op);
    else if (tsr_op_is(op, TSR_OP_if_))
      inner = summarize_if(w, op);
    else
      inner = summarize_op(op);
    for (part p = 0; p < PART_COUNT; p++)
      s.effects[p] = compose(s.effects[p], inner.effects[p]);
    add_needs(&s, &inner);
    if (!tsr_op_block_count(op))
      continue;
    summary *kept = TSR_NEW(w->env->scratch, summary);
    *kept = inner;
    tsr_map_set(&w->summaries, op, kept);
  }
  return s;
}

// -- inserting ----------------------------------------------------------------

static void copy_attr(tsr_op *to, const char *to_name, const tsr_op *from,
                      const char *from_name) {
  const tsr_attr *attr = tsr_op_get_attr(from, from_name);
  if (attr)
    tsr_op_set_attr(to, to_name, attr);
}

static tsr_op *build_init(tsr_op *before, tsr_op_kind kind) {
  tsr_builder builder = tsr_builder_before(before);
  return tsr_build_op(&builder, kind, NULL, 0, NULL);
}

static void build_formats(tsr_op *before, const tsr_op *user, bool both) {
  tsr_op *op =
      build_init(before, both ? TSR_OP_init_formats : TSR_OP_init_format_a);
  copy_attr(op, "a", user, get_source(user, PART_SRCA));
  if (both)
    copy_attr(op, "b", user, get_source(user, PART_SRCB));
}

// The init op of `user`, with the attributes of `user` that it takes.
static void build_op_init(tsr_op *before, const tsr_op *user) {
  tsr_op_kind kind = tsr_op_get_info(user)->init;
  tsr_op *op = build_init(before, kind);
  static const char *const names[] = {"a", "b", "from", "to"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    copy_attr(op, names[i], user, names[i]);
}

// The parts that users[p], where there is one, needs and `state` does not have
// are set before `before`: formats first, then what is set up for them.
static void configure(engine *state, tsr_op *before,
                      tsr_op *const users[PART_COUNT]) {
  bool is_missing[PART_COUNT];
  for (part p = 0; p < PART_COUNT; p++) {
    setting need = users[p] ? get_need(users[p], p) : unknown;
    is_missing[p] = need != unknown && state->parts[p] != need;
    if (is_missing[p])
      state->parts[p] = need;
  }
  if (is_missing[PART_SRCB])
    build_formats(before, users[PART_SRCB], true);
  else if (is_missing[PART_SRCA])
    build_formats(before, users[PART_SRCA], false);
  if (is_missing[PART_FPU])
    build_op_init(before, users[PART_FPU]);
  if (is_missing[PART_SFPU])
    build_op_init(before, users[PART_SFPU]);
  if (is_missing[PART_PACK]) {
    tsr_op *op = build_init(before, TSR_OP_init_pack);
    copy_attr(op, "cb", users[PART_PACK], "cb");
  }
}

static void insert_in_block(walk *w, tsr_block *block, engine *state);

static void insert_for(walk *w, tsr_op *op, engine *state) {
  const summary *s = tsr_map_find(&w->summaries, op);
  tsr_op *users[PART_COUNT];
  for (part p = 0; p < PART_COUNT; p++)
    users[p] = is_uniform(s, p) ? s->first[p] : NULL;
  configure(state, op, users);
  // The head is reached from before and from the end of the body.
  engine entry = *state;
  for (part p = 0; p < PART_COUNT; p++)
    entry.parts[p] = apply(s->effects[p], entry.parts[p]) == entry.parts[p]
                         ? entry.parts[p]
                         : unknown;
  insert_in_block(w, tsr_op_block(op, 0), &entry);
  for (part p = 0; p < PART_COUNT; p++)
    state->parts[p] = apply(s->effects[p], state->parts[p]);
}

static void insert_if(walk *w, tsr_op *op, engine *state) {
  const summary *s = tsr_map_find(&w->summaries, op);
  for (size_t b = 0; b < tsr_op_block_count(op); b++) {
    engine entry = *state;
    insert_in_block(w, tsr_op_block(op, b), &entry);
  }
  for (part p = 0; p < PART_COUNT; p++)
    state->parts[p] = apply(s->effects[p], state->parts[p]);
}

static void insert_in_block(walk *w, tsr_block *block, engine *state) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_for_)) {
      insert_for(w, op, state);
    } else if (tsr_op_is(op, TSR_OP_if_)) {
      insert_if(w, op, state);
    } else {
      tsr_op *users[PART_COUNT];
      for (part p = 0; p < PART_COUNT; p++)
        users[p] = op;
      configure(state, op, users);
    }
  }
}

// -- the start of a kernel ----------------------------------------------------

// start.* for the first FPU op, `first`, and the first buffer packed to. A
// kernel without FPU ops still has to set up the engine: for copies of the
// format it packs.
static engine build_start(tsr_op *kernel, const tsr_op *first,
                          const tsr_op *pack) {
  tsr_builder builder =
      tsr_builder_before(tsr_block_first(tsr_op_block(kernel, 0)));
  bool is_copy = !first || tsr_op_is(first, TSR_OP_fpu_copy);
  tsr_op_kind kind = TSR_OP_start_binary;
  if (is_copy)
    kind = TSR_OP_start_copy;
  else if (tsr_op_is(first, TSR_OP_fpu_mma))
    kind = TSR_OP_start_mma;
  tsr_op *op = tsr_build_op(&builder, kind, NULL, 0, NULL);
  if (first)
    copy_attr(op, "a", first, "a");
  else
    copy_attr(op, "a", pack, "cb");
  if (!is_copy)
    copy_attr(op, "b", first, "b");
  copy_attr(op, "out", pack, "cb");

  engine state = {{0}};
  state.parts[PART_SRCA] = get_unpacking(op, get_source(op, PART_SRCA));
  state.parts[PART_SRCB] = get_unpacking(op, get_source(op, PART_SRCB));
  state.parts[PART_PACK] = get_packing(op, "out");
  // start.binary leaves the kind of op open.
  if (first && kind != TSR_OP_start_binary)
    state.parts[PART_FPU] = get_fpu_setting(first);
  return state;
}

static void remove_config(tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block), *next; op; op = next) {
    next = tsr_op_next(op);
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      remove_config(tsr_op_block(op, b));
    if (tsr_op_get_info(op)->effects & TSR_EFFECT_CONFIG)
      tsr_op_erase(op);
  }
}

static void count_inits(const tsr_block *block, bool is_in_loop, size_t *inits,
                        size_t *in_loops) {
  for (const tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    bool is_init = tsr_op_get_info(op)->effects & TSR_EFFECT_CONFIG;
    *inits += is_init;
    *in_loops += is_init && is_in_loop;
    for (size_t b = 0; b < tsr_op_block_count(op); b++)
      count_inits(tsr_op_block(op, b), is_in_loop || tsr_op_is(op, TSR_OP_for_),
                  inits, in_loops);
  }
}

static void report(const tsr_pass_env *env, const tsr_op *kernel) {
  size_t inits = 0, in_loops = 0;
  count_inits(tsr_op_block(kernel, 0), false, &inits, &in_loops);
  inits--; // the start
  tsr_pass_env_count(env, "inits", inits);
  tsr_pass_env_count(env, "in-loops", in_loops);
  tsr_pass_env_remark(env, TSR_REMARK_PASSED, "Configured", kernel,
                      "{inits:%zu} init calls behind the start", inits);
  if (in_loops > 0)
    tsr_pass_env_remark(env, TSR_REMARK_MISSED, "InitInLoop", kernel,
                        "{inits:%zu} init calls stand in loops, whose "
                        "iterations need more than one configuration",
                        in_loops);
}

static tsr_result configure_kernel(tsr_pass_env *env, tsr_op *kernel) {
  tsr_block *body = tsr_op_block(kernel, 0);
  // Made anew as a whole: a start belongs to the first op.
  remove_config(body);
  walk w = {.env = env};
  tsr_map_init(&w.summaries);
  summary s = summarize_block(&w, body);
  tsr_result result = TSR_OK;
  if (!s.first[PART_PACK]) {
    result = tsr_diag_error(env->diag, kernel, TSR_DIAG(kernel_packs_nothing));
  } else {
    engine state = build_start(kernel, s.first[PART_FPU], s.first[PART_PACK]);
    insert_in_block(&w, body, &state);
    report(env, kernel);
  }
  tsr_map_deinit(&w.summaries);
  return result;
}

static tsr_result configure_program(tsr_pass_env *env, tsr_op *program) {
  tsr_result result = TSR_OK;
  tsr_block *body = tsr_op_block(program, 0);
  for (tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    const char *processor = tsr_op_get_text(op, "processor");
    tsr_pass_env_at(env, op);
    if (tsr_op_is(op, TSR_OP_kernel) && processor &&
        !strcmp(processor, "compute") && configure_kernel(env, op) != TSR_OK)
      result = TSR_FAILED;
  }
  return result;
}

tsr_result tsr_pass_insert_inits(tsr_pass_env *env, tsr_module *module) {
  tsr_result result = TSR_OK;
  tsr_block *block = tsr_module_block(module);
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_program) && configure_program(env, op) != TSR_OK)
      result = TSR_FAILED;
  return result;
}
