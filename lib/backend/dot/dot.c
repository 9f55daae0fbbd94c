// Loops, streams and cores as a graph, for Graphviz.
//
// A program is a box, its kernels and their loops are boxes in it, and what
// runs in a row without a loop between is one node. Edges go from where a
// circular buffer is filled to it, and from it to where it is waited for;
// dashed ones say what runs next. What is not lowered to kernels yet is drawn
// alike: nests and launches are boxes, buffers and streams cylinders between
// them, tensors edges from the op that makes them.

#include "tessera/backend.h"
#include "tessera/hash.h"
#include "tessera/print.h"

#include <string.h>

typedef struct graph {
  tsr_buffer *out;
  tsr_buffer edges;    // printed behind the nodes
  const char *program; // the name of the one that is printed
  size_t next_node, next_box;
  size_t last_node; // that ran before, plus 1; 0: none
  size_t depth;
  size_t launches; // begun so far: streams are theirs, and programs' where none
  tsr_map nodes; // value of a function to the node it is or comes from, plus 1
} graph;

// -- text ---------------------------------------------------------------------

static void append_escaped(tsr_buffer *out, const char *text) {
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      tsr_buffer_append_char(out, '\\');
    tsr_buffer_append_char(out, *text);
  }
}

static void begin_line(graph *g) {
  tsr_buffer_append_repeated(g->out, ' ', 2 * g->depth);
}

static void open_box(graph *g) {
  begin_line(g);
  tsr_buffer_printf(g->out, "subgraph cluster_%zu {\n", g->next_box++);
  g->depth++;
  begin_line(g);
  tsr_buffer_append_str(g->out, "label=\"");
}

static void close_box(graph *g) {
  g->depth--;
  begin_line(g);
  tsr_buffer_append_str(g->out, "}\n");
}

static void append_cores(graph *g, const tsr_op *op) {
  const tsr_attr *cores = tsr_op_get_attr(op, "cores");
  if (!cores)
    return;
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_attr_print(cores, &text);
  tsr_buffer_append_str(g->out, " on ");
  append_escaped(g->out, tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
}

// -- circular buffers ---------------------------------------------------------

static void append_cb_name(const graph *g, tsr_buffer *out, const char *cb) {
  tsr_buffer_append_char(out, '"');
  append_escaped(out, g->program);
  if (g->launches > 0)
    tsr_buffer_printf(out, ".%zu", g->launches - 1);
  tsr_buffer_append_char(out, '.');
  append_escaped(out, cb);
  tsr_buffer_append_char(out, '"');
}

static void print_cb(graph *g, const tsr_op *cb) {
  const char *name = tsr_op_get_text(cb, "name");
  begin_line(g);
  append_cb_name(g, g->out, name);
  tsr_buffer_append_str(g->out, " [shape=cylinder, label=\"@");
  append_escaped(g->out, name);
  tsr_buffer_printf(g->out,
                    ": buffer %lld\\n%lld batches of %lld pages of %lld B",
                    (long long)tsr_op_get_int(cb, "index", 0),
                    (long long)tsr_op_get_int(cb, "depth", 0),
                    (long long)tsr_op_get_int(cb, "batch", 0),
                    (long long)tsr_op_get_int(cb, "page_bytes", 0));
  append_cores(g, cb);
  tsr_buffer_append_str(g->out, "\"];\n");
}

// -- what runs ----------------------------------------------------------------

// Ops between which tensors go.
static bool is_of_tensors(const tsr_op *op) {
  return tsr_op_has_trait(op, TSR_TRAIT_TENSOR_MATH) ||
         tsr_op_is(op, TSR_OP_call);
}

// Ops that say what the program does; index arithmetic is left out.
static bool is_shown(const tsr_op *op) {
  return tsr_op_get_info(op)->effects != 0 ||
         tsr_op_has_trait(op, TSR_TRAIT_TILE_MATH) || is_of_tensors(op) ||
         tsr_op_is(op, TSR_OP_tile_generate);
}

// The circular buffer that the op fills or empties.
static void add_stream_edge(graph *g, const tsr_op *op, size_t node) {
  const char *cb = tsr_op_get_text(op, "cb");
  if (!cb)
    return;
  if (tsr_op_is(op, TSR_OP_cb_push)) {
    tsr_buffer_printf(&g->edges, "  n%zu -> ", node);
    append_cb_name(g, &g->edges, cb);
    tsr_buffer_append_str(&g->edges, ";\n");
  } else if (tsr_op_is(op, TSR_OP_cb_wait)) {
    tsr_buffer_append_str(&g->edges, "  ");
    append_cb_name(g, &g->edges, cb);
    tsr_buffer_printf(&g->edges, " -> n%zu;\n", node);
  }
}

// -- functions that have no kernels yet ---------------------------------------

static void add_edge(graph *g, size_t from, size_t to) {
  tsr_buffer_printf(&g->edges, "  n%zu -> n%zu;\n", from, to);
}

static bool find_node(const graph *g, const tsr_value *value, size_t *out) {
  size_t found = (size_t)(uintptr_t)tsr_map_find(&g->nodes, value);
  *out = found - 1;
  return found > 0;
}

static void set_node(graph *g, const tsr_value *value, size_t node) {
  tsr_map_set(&g->nodes, value, (void *)(uintptr_t)(node + 1));
}

// A node of its own for an argument or a buffer.
static void print_value(graph *g, const tsr_value *value) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_value_print(value, &text);
  tsr_buffer_append_str(&text, ": ");
  tsr_type_print(tsr_value_get_type(value), &text);
  begin_line(g);
  bool is_buffer =
      tsr_type_get_kind(tsr_value_get_type(value)) == TSR_TYPE_BUFFER;
  tsr_buffer_printf(g->out, "n%zu [shape=%s, label=\"", g->next_node,
                    is_buffer ? "cylinder" : "ellipse");
  append_escaped(g->out, tsr_buffer_str(&text));
  tsr_buffer_append_str(g->out, "\"];\n");
  tsr_buffer_deinit(&text);
  set_node(g, value, g->next_node++);
}

// From the stream or circular buffer `name` to the node, or into it.
static void add_named_edge(graph *g, const char *name, size_t node,
                           bool is_into) {
  tsr_buffer_append_str(&g->edges, "  ");
  if (is_into)
    tsr_buffer_printf(&g->edges, "n%zu -> ", node);
  append_cb_name(g, &g->edges, name);
  if (!is_into)
    tsr_buffer_printf(&g->edges, " -> n%zu", node);
  tsr_buffer_append_str(&g->edges, ";\n");
}

// The stream that brings what is stored, or NULL.
static const char *find_stored_stream(const tsr_op *store) {
  const tsr_value *value = tsr_op_operand(store, 0);
  const tsr_op *def = tsr_value_get_def(value);
  if (!def || !tsr_op_is(def, TSR_OP_dst_section))
    return def ? tsr_op_get_text(def, "stream") : NULL;
  const tsr_attr *streams = tsr_op_get_attr(def, "streams");
  return tsr_attr_get_text(tsr_attr_item(streams, tsr_value_get_number(value)));
}

// Between the op's node and the buffers, streams and tensors it takes and
// gives.
static void add_value_edges(graph *g, const tsr_op *op, size_t node) {
  bool is_store = tsr_op_is(op, TSR_OP_tile_store);
  const char *stream =
      is_store ? find_stored_stream(op) : tsr_op_get_text(op, "stream");
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    size_t other;
    const tsr_value *operand = tsr_op_operand(op, i);
    if (!find_node(g, operand, &other))
      continue;
    if (is_store && i > 0)
      add_edge(g, node, other);
    else if (!is_store)
      add_edge(g, other, node);
  }
  if (stream)
    add_named_edge(g, stream, node, !is_store);
  for (size_t i = 0; i < tsr_op_result_count(op); i++)
    if (is_of_tensors(op))
      set_node(g, tsr_op_result(op, i), node);
}

// What a section yields is packed at its end.
static void add_section_edges(graph *g, const tsr_op *section) {
  const tsr_attr *streams = tsr_op_get_attr(section, "streams");
  for (size_t i = 0; streams && i < tsr_attr_count(streams); i++)
    if (g->last_node > 0)
      add_named_edge(g, tsr_attr_get_text(tsr_attr_item(streams, i)),
                     g->last_node - 1, true);
}

static void print_stream(graph *g, const tsr_op *stream) {
  const char *name = tsr_op_get_text(stream, "name");
  begin_line(g);
  append_cb_name(g, g->out, name);
  tsr_buffer_append_str(g->out, " [shape=cylinder, label=\"@");
  append_escaped(g->out, name);
  tsr_buffer_printf(g->out, ": %s to %s\\n%lld tiles at a time",
                    tsr_op_get_text(stream, "from"),
                    tsr_op_get_text(stream, "to"),
                    (long long)tsr_op_get_int(stream, "batch", 0));
  append_cores(g, stream);
  tsr_buffer_append_str(g->out, "\"];\n");
}

// -- rows ---------------------------------------------------------------------

static void append_op(graph *g, const tsr_op *op) {
  bool is_call = tsr_op_is(op, TSR_OP_call);
  const char *symbol = tsr_op_get_text(op, is_call ? "callee" : "cb");
  append_escaped(g->out, tsr_op_get_mnemonic(op));
  if (symbol) {
    tsr_buffer_append_str(g->out, " @");
    append_escaped(g->out, symbol);
  }
  tsr_buffer_append_str(g->out, "\\l");
}

// One node for `op` and what follows it up to an op with blocks. Returns that,
// or NULL at the end.
static const tsr_op *print_row(graph *g, const tsr_op *op) {
  size_t node = g->next_node, count = 0;
  // Edges say what comes after what of tensors.
  bool is_tensor = is_of_tensors(op);
  for (; op && tsr_op_block_count(op) == 0; op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_stream) || tsr_op_is(op, TSR_OP_cb) ||
        tsr_op_is(op, TSR_OP_buffer_alloc))
      break;
    if (!is_shown(op))
      continue;
    // Tensors go from op to op, not from row to row.
    if (count > 0 && is_of_tensors(op))
      break;
    if (count++ == 0) {
      begin_line(g);
      tsr_buffer_printf(g->out, "n%zu [label=\"", node);
    }
    append_op(g, op);
    add_stream_edge(g, op, node);
    add_value_edges(g, op, node);
  }
  if (count == 0)
    return op;
  tsr_buffer_append_str(g->out, "\"];\n");
  if (g->last_node > 0 && !is_tensor)
    tsr_buffer_printf(&g->edges, "  n%zu -> n%zu [style=dashed];\n",
                      g->last_node - 1, node);
  g->last_node = ++g->next_node;
  return op;
}

static void append_head(graph *g, const tsr_op *op) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_append_str(&text, tsr_op_get_mnemonic(op));
  for (size_t i = 0; i < tsr_op_operand_count(op); i++) {
    tsr_buffer_append_char(&text, ' ');
    tsr_value_print(tsr_op_operand(op, i), &text);
  }
  if (tsr_op_is(op, TSR_OP_for_)) {
    tsr_buffer_clear(&text);
    tsr_buffer_append_str(&text, "for ");
    tsr_value_print(tsr_block_arg(tsr_op_block(op, 0), 0), &text);
    tsr_buffer_append_str(&text, " in ");
    tsr_value_print(tsr_op_operand(op, 0), &text);
    tsr_buffer_append_str(&text, " to ");
    tsr_value_print(tsr_op_operand(op, 1), &text);
  }
  append_escaped(g->out, tsr_buffer_str(&text));
  append_cores(g, op);
  tsr_buffer_deinit(&text);
}

// What is a node of its own.
static void print_declared(graph *g, const tsr_op *op) {
  if (tsr_op_is(op, TSR_OP_stream))
    print_stream(g, op);
  else if (tsr_op_is(op, TSR_OP_cb))
    print_cb(g, op);
  else if (tsr_op_is(op, TSR_OP_buffer_alloc))
    print_value(g, tsr_op_result(op, 0));
}

static void print_block(graph *g, const tsr_block *block) {
  const tsr_op *op = tsr_block_first(block);
  while (op) {
    op = print_row(g, op);
    if (!op)
      return;
    if (is_of_tensors(op))
      continue;
    print_declared(g, op);
    g->launches += tsr_op_is(op, TSR_OP_core_launch);
    for (size_t b = 0; b < tsr_op_block_count(op); b++) {
      open_box(g);
      append_head(g, op);
      tsr_buffer_append_str(g->out, b ? ", else\";\n" : "\";\n");
      print_block(g, tsr_op_block(op, b));
      close_box(g);
    }
    if (tsr_op_is(op, TSR_OP_dst_section))
      add_section_edges(g, op);
    op = tsr_op_next(op);
  }
}

static void print_kernel(graph *g, const tsr_op *kernel) {
  open_box(g);
  tsr_buffer_append_char(g->out, '@');
  append_escaped(g->out, tsr_op_get_text(kernel, "name"));
  const char *processor = tsr_op_get_text(kernel, "processor");
  if (processor)
    tsr_buffer_printf(g->out, ": %s", processor);
  append_cores(g, kernel);
  tsr_buffer_append_str(g->out, "\";\n");
  g->last_node = 0;
  print_block(g, tsr_op_block(kernel, 0));
  close_box(g);
}

static void print_program(graph *g, const tsr_op *program) {
  g->program = tsr_op_get_text(program, "name");
  open_box(g);
  tsr_buffer_append_char(g->out, '@');
  append_escaped(g->out, g->program);
  append_cores(g, program);
  tsr_buffer_append_str(g->out, "\";\n");
  for (const tsr_op *op = tsr_block_first(tsr_op_block(program, 0)); op;
       op = tsr_op_next(op)) {
    if (tsr_op_is(op, TSR_OP_cb))
      print_cb(g, op);
    else if (tsr_op_is(op, TSR_OP_kernel))
      print_kernel(g, op);
  }
  close_box(g);
}

// Its launches are boxes of their own, so each has its own names of streams.
static void print_function(graph *g, const tsr_op *function) {
  const tsr_block *body = tsr_op_block(function, 0);
  g->program = tsr_op_get_text(function, "name");
  for (size_t i = 0; i < tsr_block_arg_count(body); i++)
    print_value(g, tsr_block_arg(body, i));
  print_block(g, body);
}

tsr_result tsr_backend_print_dot(const tsr_emit_request *request,
                                 tsr_diag *diag, tsr_artifacts *out) {
  (void)diag;
  graph g = {.out = tsr_artifacts_add(out, "graph.dot"), .depth = 1};
  tsr_buffer_init(&g.edges);
  tsr_map_init(&g.nodes);
  tsr_arena arena;
  tsr_arena_init(&arena);
  size_t count = tsr_host_programs(request->host, NULL, 0);
  const tsr_op **programs = TSR_NEW_ARRAY(&arena, const tsr_op *, count + 1);
  tsr_host_programs(request->host, programs, count);
  tsr_buffer_append_str(g.out, "digraph \"");
  append_escaped(g.out, tsr_op_get_text(request->host, "name"));
  tsr_buffer_append_str(g.out,
                        "\" {\n  node [shape=box, fontname=monospace];\n");
  for (size_t i = 0; i < count; i++)
    if (!request->program ||
        strcmp(tsr_op_get_text(programs[i], "name"), request->program) == 0)
      print_program(&g, programs[i]);
  if (tsr_op_is(request->host, TSR_OP_func))
    print_function(&g, request->host);
  tsr_buffer_append(g.out, tsr_buffer_str(&g.edges), g.edges.size);
  tsr_buffer_append_str(g.out, "}\n");
  tsr_arena_deinit(&arena);
  tsr_map_deinit(&g.nodes);
  tsr_buffer_deinit(&g.edges);
  return TSR_OK;
}
