// Loops, streams and cores as a graph, for Graphviz.
//
// A program is a box, its kernels and their loops are boxes in it, and what
// runs in a row without a loop between is one node. Edges go from where a
// circular buffer is filled to it, and from it to where it is waited for;
// dashed ones say what runs next.

#include "tessera/backend.h"
#include "tessera/print.h"

#include <string.h>

typedef struct graph {
  tsr_buffer *out;
  tsr_buffer edges;    // printed behind the nodes
  const char *program; // the name of the one that is printed
  size_t next_node, next_box;
  size_t last_node; // that ran before, plus 1; 0: none
  size_t depth;
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

// Ops that say what the program does; index arithmetic is left out.
static bool is_shown(const tsr_op *op) {
  return tsr_op_get_info(op)->effects != 0;
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

static void append_op(graph *g, const tsr_op *op) {
  const char *cb = tsr_op_get_text(op, "cb");
  append_escaped(g->out, tsr_op_get_mnemonic(op));
  if (cb) {
    tsr_buffer_append_str(g->out, " @");
    append_escaped(g->out, cb);
  }
  tsr_buffer_append_str(g->out, "\\l");
}

// One node for `op` and what follows it up to an op with blocks. Returns that,
// or NULL at the end.
static const tsr_op *print_row(graph *g, const tsr_op *op) {
  size_t node = g->next_node, count = 0;
  for (; op && tsr_op_block_count(op) == 0; op = tsr_op_next(op)) {
    if (!is_shown(op))
      continue;
    if (count++ == 0) {
      begin_line(g);
      tsr_buffer_printf(g->out, "n%zu [label=\"", node);
    }
    append_op(g, op);
    add_stream_edge(g, op, node);
  }
  if (count == 0)
    return op;
  tsr_buffer_append_str(g->out, "\"];\n");
  if (g->last_node > 0)
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
  tsr_buffer_deinit(&text);
}

static void print_block(graph *g, const tsr_block *block) {
  const tsr_op *op = tsr_block_first(block);
  while (op) {
    op = print_row(g, op);
    if (!op)
      return;
    for (size_t b = 0; b < tsr_op_block_count(op); b++) {
      open_box(g);
      append_head(g, op);
      tsr_buffer_append_str(g->out, b ? ", else\";\n" : "\";\n");
      print_block(g, tsr_op_block(op, b));
      close_box(g);
    }
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

tsr_result tsr_backend_print_dot(const tsr_emit_request *request,
                                 tsr_diag *diag, tsr_artifacts *out) {
  (void)diag;
  graph g = {.out = tsr_artifacts_add(out, "graph.dot"), .depth = 1};
  tsr_buffer_init(&g.edges);
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
  tsr_buffer_append(g.out, tsr_buffer_str(&g.edges), g.edges.size);
  tsr_buffer_append_str(g.out, "}\n");
  tsr_arena_deinit(&arena);
  tsr_buffer_deinit(&g.edges);
  return TSR_OK;
}
