// Programs: buffers, streams, loops and branches, the host.

#include "grow_programs.h"

#include <stdio.h>

static const tsr_type *make_buffer(program_grower *g, tsr_element element,
                                   uint32_t rows, uint32_t cols) {
  tsr_type_desc desc = {.kind = TSR_TYPE_BUFFER,
                        .element = element,
                        .rank = 2,
                        .extents = {rows * TSR_TILE_SIDE, cols * TSR_TILE_SIDE},
                        .memory =
                            chance(g->c, 20) ? TSR_MEMORY_L1 : TSR_MEMORY_DRAM};
  return tsr_type_get(g->context, &desc);
}

static tsr_value *add_argument(program_grower *g, tsr_op *function,
                               const tsr_type *type, const char *modifier) {
  (void)g;
  tsr_value *made =
      tsr_block_add_arg(tsr_op_block(function, 0), type, (tsr_loc){0}, "a");
  if (modifier)
    tsr_value_set_modifier(made, modifier);
  return made;
}

static tsr_element choose_element(program_grower *g) {
  return chance(g->c, 35) ? TSR_ELEMENT_F32 : TSR_ELEMENT_BF16;
}

static void add_inputs(program_grower *g) {
  for (uint32_t left = 1 + choose(g->c, 3); left; left--) {
    const tsr_type *type = make_buffer(
        g, choose_element(g), 1 + choose(g->c, 3), 1 + choose(g->c, 3));
    add_argument(g, g->host, type, NULL);
    g->inputs[g->input_count++] = add_argument(g, g->program, type, NULL);
  }
}

tsr_value *grow_output(program_grower *g, tsr_element element, uint32_t tiles) {
  bool is_tall = chance(g->c, 30);
  const tsr_type *type =
      make_buffer(g, element, is_tall ? tiles : 1, is_tall ? 1 : tiles);
  add_argument(g, g->host, type, "out");
  g->output_count++;
  return add_argument(g, g->program, type, "out");
}

// -- what belongs to the program ----------------------------------------------

static void add_known(program_grower *g, tsr_value *value, uint32_t least,
                      uint32_t most) {
  for (size_t k = 0; k < KERNELS; k++)
    index_scope_add(&g->indices[k], value, least, most);
}

// `first` to the first core, `step` more to each next one.
static tsr_value *add_param(program_grower *g, int64_t first, int64_t step) {
  tsr_run run = {.first = first, .step = step, .count = g->core_count};
  tsr_op *op = tsr_build_op(&g->top, TSR_OP_core_param,
                            tsr_type_index(g->context), 0, NULL);
  tsr_op_set_attr(op, "values", tsr_attr_runs(g->context, &run, 1));
  return tsr_op_result(op, 0);
}

static void add_numbers(program_grower *g) {
  g->core = add_param(g, 0, 1);
  add_known(g, g->core, 0, g->core_count - 1);
  for (uint32_t left = choose(g->c, 3); left; left--) {
    uint32_t first = choose(g->c, 4), step = choose(g->c, 3);
    add_known(g, add_param(g, first, step), first,
              first + step * (g->core_count - 1));
  }
  for (size_t i = 0; i < g->input_count; i++) {
    if (!chance(g->c, 40))
      continue;
    uint32_t axis = choose(g->c, 2);
    tsr_op *op = tsr_build_op(&g->top, TSR_OP_buffer_dim,
                              tsr_type_index(g->context), 1, &g->inputs[i]);
    tsr_op_set_int(op, "axis", axis);
    uint32_t extent =
        (uint32_t)tsr_type_tile_extent(tsr_value_get_type(g->inputs[i]), axis);
    add_known(g, tsr_op_result(op, 0), extent, extent);
  }
}

// Arithmetic that all kernels share; tables hold what it is made from.
static void add_shared_math(program_grower *g) {
  const index_scope *s = &g->indices[READER];
  for (uint32_t left = choose(g->c, 3); left && s->count; left--) {
    grown_index a = s->known[choose(g->c, (uint32_t)s->count)];
    uint32_t more = 1 + choose(g->c, 3);
    bool is_sum = chance(g->c, 50);
    tsr_value *made = tsr_build_index(&g->top, is_sum ? TSR_OP_add : TSR_OP_mul,
                                      a.value, grown_number(g, more));
    add_known(g, made, is_sum ? a.least + more : a.least * more,
              is_sum ? a.most + more : a.most * more);
  }
}

static void add_semaphores(program_grower *g) {
  for (uint32_t i = 0, count = choose(g->c, 3); i < count; i++) {
    char name[24];
    snprintf(name, sizeof name, "sem%u", i);
    tsr_op *op = tsr_build_op(&g->top, TSR_OP_semaphore, NULL, 0, NULL);
    tsr_op_set_symbol(op, "name", name);
    tsr_op_set_attr(op, "cores", g->cores);
    tsr_op_set_int(op, "index", 2 * i + choose(g->c, 2));
    tsr_op_set_int(op, "initial", choose(g->c, 5));
  }
}

// -- streams ------------------------------------------------------------------

static const char *const kernel_names[] = {"reader", "compute", "writer"};

static tsr_op *make_cb(program_grower *g, const grown_stream *s) {
  char name[24];
  snprintf(name, sizeof name, "s%zu", g->stream_count);
  tsr_op *op = tsr_build_op(&g->top, TSR_OP_cb, NULL, 0, NULL);
  tsr_op_set_symbol(op, "name", name);
  tsr_op_set_attr(op, "cores", g->cores);
  if (chance(g->c, 80)) {
    tsr_op_set_keyword(op, "from", kernel_names[s->from]);
    tsr_op_set_keyword(op, "to", kernel_names[s->to]);
  }
  tsr_op_set_int(op, "index", (int64_t)(2 * g->stream_count));
  tsr_op_set_int(op, "batch", s->batch);
  tsr_op_set_int(op, "depth", 1 + choose(g->c, 3));
  tsr_op_set_int(op, "page_bytes",
                 tsr_element_get_info(s->element)->tile_bytes);
  tsr_op_set_attr(
      op, "format",
      tsr_attr_type(g->context, tsr_type_tile(g->context, s->element, 1, 1)));
  if (chance(g->c, 20))
    tsr_op_set_keyword(op, "order", "row_major");
  if (s->to == COMPUTE)
    tsr_op_set_keyword(op, "unpack", s->is_whole ? "fp32" : "default");
  return op;
}

grown_stream *grow_stream(program_grower *g, grown_kernel from, grown_kernel to,
                          tsr_element element, bool is_whole) {
  for (size_t i = 0; i < g->stream_count; i++) {
    grown_stream *s = &g->streams[i];
    if (!s->is_on_way && s->from == from && s->to == to &&
        s->element == element && s->is_whole == is_whole && chance(g->c, 60))
      return s;
  }
  if (g->stream_count == g->stream_limit)
    return NULL;
  grown_stream made = {.from = from,
                       .to = to,
                       .batch = 1 + (chance(g->c, 40) ? choose(g->c, 3) : 0),
                       .element = element,
                       .is_whole = is_whole};
  made.cb = make_cb(g, &made);
  g->streams[g->stream_count] = made;
  return &g->streams[g->stream_count++];
}

// -- blocks -------------------------------------------------------------------

// What is in scope around a block, in every kernel.
typedef struct program_scope {
  tsr_builder at[KERNELS];
  size_t index_counts[KERNELS], loop_count;
  bool may_store;
} program_scope;

static program_scope enter(program_grower *g) {
  program_scope s = {.loop_count = g->loop_count, .may_store = g->may_store};
  for (size_t k = 0; k < KERNELS; k++) {
    s.at[k] = g->at[k];
    s.index_counts[k] = g->indices[k].count;
  }
  g->depth++;
  return s;
}

static void leave(program_grower *g, const program_scope *s) {
  for (size_t k = 0; k < KERNELS; k++) {
    g->at[k] = s->at[k];
    g->indices[k].count = s->index_counts[k];
  }
  g->loop_count = s->loop_count;
  g->may_store = s->may_store;
  g->depth--;
}

typedef struct slots {
  bool are_written[PROGRAM_SLOTS];
} slots;

static slots get_slots(const program_grower *g) {
  slots found;
  for (size_t i = 0; i < PROGRAM_SLOTS; i++)
    found.are_written[i] = g->is_written[i];
  return found;
}

static void set_slots(program_grower *g, const slots *to) {
  for (size_t i = 0; i < PROGRAM_SLOTS; i++)
    g->is_written[i] = to->are_written[i];
}

// Grows the inside of a block: steps, or ops of a section.
typedef void grow_inside(program_grower *g);

// What each kernel grows is the same, from the same decisions.
static void grow_loop(program_grower *g, grow_inside *inside) {
  if (g->loop_count == PROGRAM_LOOPS)
    return;
  program_scope s = enter(g);
  slots before = get_slots(g);
  bool is_bent = chance(g->c, 30);
  uint32_t count = 1 + choose(g->c, 3), from = is_bent ? choose(g->c, 2) : 0;
  uint32_t step = is_bent ? 1 + choose(g->c, 2) : 1;
  size_t start = g->c->at, end = start;
  for (size_t k = 0; k < KERNELS; k++) {
    g->c->at = start;
    if (!g->kernels[k])
      continue;
    tsr_value *to = is_bent && chance(g->c, 60)
                        ? grow_index_below(&g->indices[k], 4)
                        : grown_number(g, count);
    end = g->c->at;
    tsr_builder body;
    tsr_op *loop = tsr_build_for(&g->at[k], grown_number(g, from), to, NULL, 0,
                                 "i", &body);
    tsr_op_set_operand(loop, 2, grown_number(g, step));
    g->at[k] = body;
    tsr_value *index = tsr_block_arg(tsr_op_block(loop, 0), 0);
    index_scope_add(&g->indices[k], index, from, is_bent ? 3 : count - 1);
    g->loops[g->loop_count][k] = index;
  }
  g->c->at = end;
  g->loop_counts[g->loop_count++] = count;
  g->may_store = g->may_store && !is_bent;
  inside(g);
  leave(g, &s);
  if (is_bent)
    set_slots(g, &before);
}

static void grow_branch(program_grower *g, grow_inside *inside) {
  program_scope s = enter(g);
  slots before = get_slots(g);
  uint32_t sides = 1 + choose(g->c, 2);
  tsr_op *branches[KERNELS] = {NULL};
  size_t start = g->c->at, end = start;
  for (size_t k = 0; k < KERNELS; k++) {
    g->c->at = start;
    if (!g->kernels[k])
      continue;
    tsr_value *condition = grow_condition(&g->indices[k]);
    end = g->c->at;
    tsr_op_desc desc = {.kind = TSR_OP_if_,
                        .operands = &condition,
                        .operand_count = 1,
                        .block_count = sides};
    branches[k] = tsr_build(&g->at[k], &desc);
  }
  g->c->at = end;
  g->may_store = false;
  for (size_t side = 0; side < sides; side++) {
    set_slots(g, &before);
    for (size_t k = 0; k < KERNELS; k++) {
      g->indices[k].count = s.index_counts[k];
      if (branches[k])
        g->at[k] = tsr_builder_at_end(
            g->module, tsr_op_block(branches[k], side), (tsr_loc){0});
    }
    inside(g);
  }
  leave(g, &s);
  set_slots(g, &before);
}

// -- steps --------------------------------------------------------------------

static void grow_section_ops(program_grower *g) {
  for (uint32_t left = 1 + choose(g->c, 4); left; left--) {
    uint32_t kind = choose(g->c, 12);
    if (kind < 4)
      grow_fpu_op(g);
    else if (kind < 9 || g->depth > 3)
      grow_sfpu_op(g);
    else if (kind < 11)
      grow_loop(g, grow_section_ops);
    else
      grow_branch(g, grow_section_ops);
  }
}

static void grow_section(program_grower *g) {
  grown_kernel to = chance(g->c, 25) ? COMPUTE : WRITER;
  grown_stream *out = grow_stream(g, COMPUTE, to, choose_element(g), false);
  if (!out)
    return;
  grow_kernel_op(g, COMPUTE, TSR_OP_dst_acquire, NULL, 0, NULL);
  for (size_t i = 0; i < PROGRAM_SLOTS; i++)
    g->is_written[i] = false;
  // The stream must not be taken by the section that fills it.
  out->is_on_way = true;
  out->depth = UINT32_MAX;
  grow_section_ops(g);
  grow_packed(g, out);
  if (to == WRITER && chance(g->c, 70))
    grow_written(g, out);
}

static void grow_moved(program_grower *g) {
  grown_stream *s = grow_stream(g, READER, WRITER, choose_element(g), false);
  if (!s)
    return;
  grow_filled(g, s);
  if (chance(g->c, 70))
    grow_written(g, s);
}

// What is still on its way when a block ends is emptied there.
static void drain(program_grower *g) {
  for (size_t i = 0; i < g->stream_count; i++) {
    grown_stream *s = &g->streams[i];
    if (!s->is_on_way || s->depth != g->depth)
      continue;
    if (s->to == WRITER) {
      grow_written(g, s);
      continue;
    }
    grow_cb_op(g, s->to, TSR_OP_cb_wait, s);
    grow_cb_op(g, s->to, TSR_OP_cb_pop, s);
    s->is_on_way = false;
  }
}

static void grow_steps(program_grower *g) {
  for (uint32_t left = 1 + choose(g->c, 3); left; left--) {
    uint32_t kind = choose(g->c, 10);
    if (kind < 5 && g->kernels[COMPUTE])
      grow_section(g);
    else if (kind < 7 || g->depth > 2)
      grow_moved(g);
    else if (kind < 8)
      grow_loop(g, grow_steps);
    else
      grow_branch(g, grow_steps);
  }
  drain(g);
}

// -- the frame ----------------------------------------------------------------

static tsr_op *make_function(program_grower *g, tsr_op_kind kind,
                             const char *name) {
  tsr_builder top =
      tsr_builder_at_end(g->module, tsr_module_block(g->module), (tsr_loc){0});
  tsr_op_desc desc = {.kind = kind, .block_count = 1};
  tsr_op *op = tsr_build(&top, &desc);
  tsr_op_set_symbol(op, "name", name);
  return op;
}

// All or some of the grid, as one rectangle or as two.
static void choose_cores(program_grower *g) {
  const tsr_attr *grid = tsr_op_get_attr(tsr_module_op(g->module), "grid");
  const tsr_core_range *whole = tsr_attr_core_ranges(grid);
  uint32_t x1 = choose(g->c, whole->x1 + 1), y1 = choose(g->c, whole->y1 + 1);
  tsr_core_range ranges[] = {{0, 0, x1, y1}, {0, 1, x1, y1}};
  bool has_two = y1 > 0 && chance(g->c, 30);
  if (has_two)
    ranges[0].y1 = 0;
  g->cores = tsr_attr_cores(g->context, ranges, has_two ? 2 : 1);
  g->core_count = (x1 + 1) * (y1 + 1);
  tsr_op_set_attr(g->program, "cores", g->cores);
  if (chance(g->c, 60))
    tsr_op_set_keyword(g->program, "order",
                       chance(g->c, 50) ? "row" : "column");
}

static void set_modes(program_grower *g, tsr_op *kernel) {
  static const char *const fidelities[] = {"hifi4", "hifi3", "hifi2", "lofi"};
  bool is_wide = !chance(g->c, 30);
  g->width = is_wide ? TSR_ELEMENT_F32 : TSR_ELEMENT_BF16;
  tsr_op_set_keyword(kernel, "fidelity",
                     fidelities[chance(g->c, 30) ? choose(g->c, 4) : 0]);
  tsr_op_set_bool(kernel, "fp32_acc", is_wide);
  if (chance(g->c, 50))
    tsr_op_set_bool(kernel, "full_sync", chance(g->c, 50));
  if (chance(g->c, 50))
    tsr_op_set_bool(kernel, "approx", chance(g->c, 50));
}

static void add_kernels(program_grower *g) {
  bool has_compute = chance(g->c, 85);
  uint32_t noc = choose(g->c, 2);
  for (uint32_t k = 0; k < KERNELS; k++) {
    g->indices[k].c = g->c;
    g->indices[k].module = g->module;
    g->indices[k].at = &g->at[k];
    if (k == COMPUTE && !has_compute)
      continue;
    tsr_builder end = tsr_builder_at_end(g->module, tsr_op_block(g->program, 0),
                                         (tsr_loc){0});
    tsr_op_desc desc = {.kind = TSR_OP_kernel, .block_count = 1};
    tsr_op *op = tsr_build(&end, &desc);
    static const char *const processors[] = {"dm1", "compute", "dm0"};
    tsr_op_set_symbol(op, "name", kernel_names[k]);
    tsr_op_set_attr(op, "cores", g->cores);
    tsr_op_set_keyword(op, "processor", processors[k]);
    if (k == COMPUTE)
      set_modes(g, op);
    else
      tsr_op_set_int(op, "noc", k == READER ? noc : 1 - noc);
    g->kernels[k] = op;
    g->at[k] = tsr_builder_at_end(g->module, tsr_op_block(op, 0), (tsr_loc){0});
  }
  g->top = tsr_builder_before(g->kernels[READER]);
  bool has_flow = chance(g->c, 30);
  for (size_t k = 0; k < KERNELS; k++)
    g->indices[k].has_flow = has_flow;
}

// At least one result, and one tile that is packed.
static void end_kernels(program_grower *g) {
  g->stream_limit = PROGRAM_STREAMS - 1;
  if (g->kernels[COMPUTE]) {
    grow_section(g);
    drain(g);
  }
  g->stream_limit = PROGRAM_STREAMS;
  if (!g->output_count || !chance(g->c, 50)) {
    grown_stream *s = grow_stream(g, READER, WRITER, TSR_ELEMENT_BF16, false);
    if (s) {
      grow_filled(g, s);
      grow_written(g, s);
    }
  }
  grow_kernel_op(g, WRITER, TSR_OP_noc_write_barrier, NULL, 0, NULL);
}

static void add_launch(program_grower *g) {
  const tsr_block *body = tsr_op_block(g->host, 0);
  tsr_value *operands[2 * PROGRAM_BUFFERS];
  uint32_t count = (uint32_t)tsr_block_arg_count(body);
  for (uint32_t i = 0; i < count; i++)
    operands[i] = tsr_block_arg(body, i);
  tsr_builder end =
      tsr_builder_at_end(g->module, tsr_op_block(g->host, 0), (tsr_loc){0});
  tsr_op_desc desc = {.kind = TSR_OP_launch,
                      .operands = operands,
                      .operand_count = count,
                      .groups = &count};
  tsr_op_set_symbol(tsr_build(&end, &desc), "program", "p");
}

tsr_module *grow_programs(choices *c, tsr_context *context) {
  tsr_module *module = grow_module(context, 1 + choose(c, 3), 1 + choose(c, 3));
  program_grower g = {.c = c,
                      .context = context,
                      .module = module,
                      .may_store = true,
                      .may_be_l1 = chance(c, 20),
                      .stream_limit = PROGRAM_STREAMS - 2,
                      .has_inits = chance(c, 40),
                      .has_tables = chance(c, 40)};
  g.host = make_function(&g, TSR_OP_host, "f");
  g.program = make_function(&g, TSR_OP_program, "p");
  choose_cores(&g);
  add_inputs(&g);
  add_kernels(&g);
  add_numbers(&g);
  if (!g.has_tables)
    add_shared_math(&g);
  add_semaphores(&g);
  grow_steps(&g);
  end_kernels(&g);
  if (g.has_inits && g.kernels[COMPUTE])
    grow_start(&g);
  add_launch(&g);
  if (g.has_tables)
    grow_arguments(&g);
  return module;
}
