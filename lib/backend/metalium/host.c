// The host program: options, data, programs, launch, check.

#include "host.h"

#include "tessera/analysis.h"

#include <inttypes.h>
#include <string.h>

// Where the pieces stand in the file; the generated functions come between.
static const host_piece pieces_before[] = {HOST_common, HOST_options, HOST_npy,
                                           HOST_data, HOST_cores};
static const host_piece pieces_reference[] = {
    HOST_bounded, HOST_reference, HOST_source,  HOST_matmul,
    HOST_unary,   HOST_binary,    HOST_rounded, HOST_compare};

// -- arguments ----------------------------------------------------------------

static void collect_arguments(host_printer *printer) {
  const tsr_block *body = tsr_op_block(printer->request->host, 0);
  size_t count = tsr_block_arg_count(body), outputs = 0;
  printer->arguments =
      TSR_NEW_ARRAY(&printer->scratch, host_argument, count + 1);
  printer->argument_count = count;
  for (size_t i = 0; i < count; i++) {
    const tsr_value *value = tsr_block_arg(body, i);
    const char *modifier = tsr_value_get_modifier(value);
    host_argument *argument = &printer->arguments[i];
    argument->value = value;
    if (!modifier || strcmp(modifier, "inout") == 0)
      argument->input = tsr_value_get_name(value);
    if (modifier)
      argument->output =
          tsr_arena_printf(&printer->scratch, "out%zu", outputs++);
  }
}

static const tsr_type_desc *buffer_desc(const tsr_value *value) {
  return tsr_type_get_desc(tsr_value_get_type(value));
}

static bool is_bf16(const tsr_value *value) {
  return buffer_desc(value)->element == TSR_ELEMENT_BF16;
}

static const char *element_type(const tsr_value *value) {
  return is_bf16(value) ? "bfloat16" : "float";
}

// -- sections of run() --------------------------------------------------------

static void print_shape(host_printer *printer, const tsr_value *value) {
  const tsr_type_desc *desc = buffer_desc(value);
  const char *extents = "";
  for (uint32_t i = 0; i < desc->rank; i++)
    extents = tsr_arena_printf(&printer->scratch, "%s%s%" PRIu64, extents,
                               i ? ", " : "", desc->extents[i]);
  tsr_emit_stmt(printer->out, "const Shape %s_shape{{%s}}",
                tsr_emit_name(printer->out, value), extents);
}

// Names a buffer so that the variables derived from it are free as well.
static void name_buffer(host_printer *printer, const tsr_value *value) {
  const char *name =
      tsr_emit_declare(printer->out, value, tsr_value_get_name(value));
  static const char *const suffixes[] = {"shape", "values", "results", "tiles"};
  for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
    tsr_emit_reserve(printer->out, tsr_arena_printf(&printer->scratch, "%s_%s",
                                                    name, suffixes[i]));
}

static void print_inputs(host_printer *printer) {
  tsr_emit_comment(printer->out, "Arguments and results.");
  for (size_t i = 0; i < printer->argument_count; i++) {
    const tsr_value *value = printer->arguments[i].value;
    name_buffer(printer, value);
    print_shape(printer, value);
  }
  tsr_emit_blank(printer->out);
  for (size_t i = 0; i < printer->argument_count; i++) {
    const host_argument *argument = &printer->arguments[i];
    const char *name = tsr_emit_name(printer->out, argument->value);
    if (argument->input)
      tsr_emit_stmt(printer->out,
                    "const std::vector<float> %s_values = read_input(options, "
                    "\"%s\", %s_shape, %zu, %s)",
                    name, argument->input, name, i,
                    is_bf16(argument->value) ? "true" : "false");
    if (argument->output)
      tsr_emit_stmt(printer->out, "std::vector<float> %s_results", name);
  }
}

// Columns and rows that the programs reach.
static void find_extent(const host_printer *printer, uint32_t *cols,
                        uint32_t *rows) {
  *cols = *rows = 1;
  for (size_t i = 0; i < printer->program_count; i++) {
    const tsr_attr *cores = tsr_op_get_attr(printer->programs[i], "cores");
    for (size_t k = 0; k < tsr_attr_count(cores); k++) {
      const tsr_core_range *range = &tsr_attr_core_ranges(cores)[k];
      *cols = range->x1 + 1 > *cols ? range->x1 + 1 : *cols;
      *rows = range->y1 + 1 > *rows ? range->y1 + 1 : *rows;
    }
  }
}

static void print_device(host_printer *printer) {
  uint32_t cols, rows;
  find_extent(printer, &cols, &rows);
  tsr_emit_blank(printer->out);
  tsr_emit_stmt(printer->out, "const auto mesh = "
                              "distributed::MeshDevice::create_unit_mesh(0)");
  tsr_emit_stmt(
      printer->out,
      "const CoreCoord grid = mesh->compute_with_storage_grid_size()");
  tsr_emit_open(printer->out, "if (grid.y < %u || grid.x < %u)", rows, cols);
  tsr_emit_stmt(printer->out,
                "fail(\"the programs need a grid of %ux%u cores (rows x "
                "columns); \" \"this device has \" + std::to_string(grid.y) + "
                "\"x\" + std::to_string(grid.x))",
                rows, cols);
  tsr_emit_close(printer->out);
}

static void print_buffer(host_printer *printer, const tsr_value *value) {
  const char *name = tsr_emit_name(printer->out, value);
  const tsr_type_desc *desc = buffer_desc(value);
  if (desc->layout != TSR_LAYOUT_TILED || desc->memory != TSR_MEMORY_DRAM ||
      desc->sharding.sharded ||
      (!is_bf16(value) && desc->element != TSR_ELEMENT_F32))
    printer->result = tsr_diag_error(printer->diag, printer->request->host,
                                     TSR_DIAG(metalium_buffer_layout), name);
  tsr_emit_stmt(printer->out, "auto %s = create_buffer(*mesh, %s_shape, %s)",
                name, name, tile_bytes(printer, tsr_value_get_type(value)));
}

static void print_buffers(host_printer *printer) {
  tsr_emit_comment(printer->out, "Buffers in DRAM, and the inputs into them.");
  tsr_emit_stmt(printer->out, "distributed::MeshCommandQueue &queue = "
                              "mesh->mesh_command_queue()");
  for (size_t i = 0; i < printer->argument_count; i++) {
    const host_argument *argument = &printer->arguments[i];
    print_buffer(printer, argument->value);
    if (!argument->input)
      continue;
    const char *name = tsr_emit_name(printer->out, argument->value);
    const tsr_pad *pad = &buffer_desc(argument->value)->pad;
    tsr_buffer padding;
    tsr_buffer_init(&padding);
    tsr_buffer_append_f32(&padding, pad->is_known ? (float)pad->value : 0.0f);
    bool is_infinite = strstr(tsr_buffer_str(&padding), "inf") != NULL;
    tsr_emit_stmt(printer->out,
                  "distributed::EnqueueWriteMeshBuffer(queue, %s, "
                  "to_tiles<%s>(%s_values, %s_shape, %s%s), true)",
                  name, element_type(argument->value), name, name,
                  is_infinite ? (pad->value < 0 ? "-INFINITY" : "INFINITY")
                              : tsr_buffer_str(&padding),
                  is_infinite ? "" : "f");
    tsr_buffer_deinit(&padding);
  }
  const tsr_block *body = tsr_op_block(printer->request->host, 0);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_buffer_alloc))
      continue;
    name_buffer(printer, tsr_op_result(op, 0));
    print_shape(printer, tsr_op_result(op, 0));
    print_buffer(printer, tsr_op_result(op, 0));
  }
}

static void print_launches(host_printer *printer) {
  const tsr_op *host = printer->request->host;
  const tsr_block *body = tsr_op_block(host, 0);
  tsr_emit_blank(printer->out);
  tsr_emit_comment(printer->out, "The programs, in order.");
  tsr_emit_stmt(
      printer->out,
      "const distributed::MeshCoordinateRange devices(mesh->shape())");
  size_t count = 0;
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_launch))
      continue;
    const char *symbol = tsr_op_get_text(op, "program");
    const tsr_op *program = tsr_block_find_symbol(
        tsr_module_block(tsr_op_get_module(host)), symbol);
    const char *args = "";
    for (size_t i = 0; i < tsr_op_operand_count(op); i++)
      args =
          tsr_arena_printf(&printer->scratch, "%s, *%s", args,
                           tsr_emit_name(printer->out, tsr_op_operand(op, i)));
    const char *name = tsr_emit_declare(printer->out, op, symbol);
    tsr_emit_stmt(printer->out, "distributed::MeshWorkload %s", name);
    tsr_emit_stmt(printer->out, "%s.add_program(devices, %s(*mesh%s))", name,
                  program_function(printer, program), args);
    count++;
  }
  if (!count)
    return;
  tsr_emit_begin_scope(printer->out);
  const char *round = tsr_emit_unique(printer->out, "round");
  tsr_emit_open(printer->out,
                "for (uint64_t %s = 0; %s < options.repeat; ++%s)", round,
                round, round);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op))
    if (tsr_op_is(op, TSR_OP_launch))
      tsr_emit_stmt(printer->out,
                    "distributed::EnqueueMeshWorkload(queue, %s, false)",
                    tsr_emit_name(printer->out, op));
  tsr_emit_close(printer->out);
}

static void print_results(host_printer *printer) {
  tsr_emit_blank(printer->out);
  tsr_emit_comment(printer->out, "The results.");
  for (size_t i = 0; i < printer->argument_count; i++) {
    const host_argument *argument = &printer->arguments[i];
    if (!argument->output)
      continue;
    const char *name = tsr_emit_name(printer->out, argument->value);
    tsr_emit_stmt(printer->out, "std::vector<%s> %s_tiles",
                  element_type(argument->value), name);
    tsr_emit_stmt(printer->out,
                  "distributed::EnqueueReadMeshBuffer(queue, %s_tiles, %s, "
                  "true)",
                  name, name);
    tsr_emit_stmt(printer->out, "%s_results = from_tiles(%s_tiles, %s_shape)",
                  name, name, name);
  }
}

static void print_saves(host_printer *printer) {
  for (size_t i = 0; i < printer->argument_count; i++) {
    const host_argument *argument = &printer->arguments[i];
    if (!argument->output)
      continue;
    const char *name = tsr_emit_name(printer->out, argument->value);
    tsr_emit_open(printer->out, "if (options.outputs.count(\"%s\"))",
                  argument->output);
    tsr_emit_stmt(printer->out,
                  "save_npy(options.outputs.at(\"%s\"), %s_shape, %s_results, "
                  "%s)",
                  argument->output, name, name,
                  is_bf16(argument->value) ? "options.raw" : "false");
    tsr_emit_close(printer->out);
  }
}

static void print_run(host_printer *printer) {
  tsr_emit_comment(printer->out, "Runs the programs once and checks what came "
                                 "out; true if all is well.");
  tsr_emit_begin_scope(printer->out);
  static const char *const locals[] = {"options", "mesh",    "grid",
                                       "queue",   "devices", "passes"};
  for (size_t i = 0; i < sizeof locals / sizeof locals[0]; i++)
    tsr_emit_reserve(printer->out, locals[i]);
  tsr_emit_open(printer->out, "bool run(const Options &options)");
  print_inputs(printer);
  print_device(printer);
  tsr_emit_begin_scope(printer->out);
  tsr_emit_open(printer->out, "%s", "");
  print_buffers(printer);
  print_launches(printer);
  print_results(printer);
  tsr_emit_close(printer->out);
  tsr_emit_stmt(printer->out, "mesh->close()");
  print_saves(printer);
  tsr_emit_blank(printer->out);
  if (printer->reference) {
    tsr_emit_open(printer->out, "if (!options.check)");
    tsr_emit_stmt(printer->out, "return true");
    tsr_emit_close(printer->out);
    print_check(printer);
    tsr_emit_stmt(printer->out,
                  "std::printf(\"%%s\\n\", passes ? \"PASS\" : \"FAIL\")");
    tsr_emit_stmt(printer->out, "return passes");
  } else {
    tsr_emit_stmt(
        printer->out,
        "std::printf(\"no reference in the module: not checked\\n\")");
    tsr_emit_stmt(printer->out, "return true");
  }
  tsr_emit_close(printer->out);
}

static const char *list_names(host_printer *printer, bool outputs) {
  const char *text = "";
  for (size_t i = 0; i < printer->argument_count; i++) {
    const char *name =
        outputs ? printer->arguments[i].output : printer->arguments[i].input;
    if (name)
      text = tsr_arena_printf(&printer->scratch, "%s%s\"%s\"", text,
                              *text ? ", " : "", name);
  }
  return text;
}

static void print_main(host_printer *printer) {
  tsr_emit *out = printer->out;
  tsr_emit_open(out, "int main(int argc, char **argv)");
  tsr_emit_open(out, "try");
  tsr_emit_stmt(out,
                "const bool passes = run(parse_options(argc, argv, {%s}, "
                "{%s}))",
                list_names(printer, false), list_names(printer, true));
  tsr_emit_stmt(out, "check_stdout()");
  tsr_emit_stmt(out, "return passes ? 0 : 1");
  tsr_emit_reopen(out, "catch (const std::exception &error)");
  tsr_emit_stmt(out, "std::fprintf(stderr, \"error: %%s\\n\", error.what())");
  tsr_emit_stmt(out, "return 1");
  tsr_emit_close(out);
  tsr_emit_close(out);
}

// -- the whole file -----------------------------------------------------------

static void print_head(host_printer *printer, tsr_buffer *text) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CPP);
  tsr_emit_banner(out,
                  "Host program of %s: sends the inputs to the device, "
                  "runs the programs, %s. See --help for its options.",
                  tsr_op_get_text(printer->request->host, "name"),
                  printer->reference
                      ? "and compares the results with a reference"
                      : "and fetches the results");
  static const char *const headers[] = {
      "algorithm", "cmath",        "cstdint", "cstdio", "cstdlib",
      "cstring",   "filesystem",   "map",     "memory", "stdexcept",
      "string",    "system_error", "utility", "vector"};
  for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
    tsr_emit_include_system(out, headers[i]);
  static const char *const api[] = {
      "bfloat16", "core_coord",           "device",       "distributed",
      "host_api", "tensor_accessor_args", "tilize_utils",
  };
  for (size_t i = 0; i < sizeof api / sizeof api[0]; i++)
    tsr_emit_include_system(
        out, tsr_arena_printf(&printer->scratch, "tt-metalium/%s.hpp", api[i]));
  tsr_emit_directive(out, "ifndef KERNEL_DIR");
  tsr_emit_directive(out, "define KERNEL_DIR \".\"");
  tsr_emit_directive(out, "endif");
  tsr_emit_blank(out);
  tsr_emit_stmt(out, "using namespace tt");
  tsr_emit_stmt(out, "using namespace tt::tt_metal");
  tsr_emit_finish(out, text);
  tsr_emit_destroy(out);
}

static void print_pieces(host_printer *printer, const host_piece *pieces,
                         size_t count, tsr_buffer *text) {
  for (size_t i = 0; i < count; i++) {
    if (!reference_uses(printer, pieces[i]))
      continue;
    const char *piece = host_pieces[pieces[i]];
    // Pieces that continue a section begin with their own empty line.
    if (piece[0] != '\n')
      tsr_buffer_append_char(text, '\n');
    tsr_buffer_append_str(text, piece);
    if (pieces[i] == HOST_bounded)
      print_reference_functions(printer, text);
  }
}

// Names that the pieces and the API use, which no variable may take.
static void reserve_names(tsr_emit *out) {
  static const char *const names[] = {"tt",
                                      "std",
                                      "distributed",
                                      "Shape",
                                      "Options",
                                      "Run",
                                      "Order",
                                      "Bounded",
                                      "Reference",
                                      "Rows",
                                      "Correlation",
                                      "Distance",
                                      "Spread",
                                      "Parts",
                                      "fail",
                                      "check_stdout",
                                      "in_tiles",
                                      "tile_count",
                                      "round_to_bf16",
                                      "has_name",
                                      "read_count",
                                      "read_file_option",
                                      "NpyHeader",
                                      "load_npy",
                                      "save_npy",
                                      "parse_options",
                                      "read_input",
                                      "to_tiles",
                                      "from_tiles",
                                      "create_buffer",
                                      "per_core",
                                      "in_order",
                                      "from_input",
                                      "choose_rows",
                                      "narrow",
                                      "source",
                                      "matmul",
                                      "map",
                                      "rounded",
                                      "flush",
                                      "in_range",
                                      "place",
                                      "compare",
                                      "run",
                                      "main",
                                      "add",
                                      "subtract",
                                      "maximum",
                                      "multiply",
                                      "relu",
                                      "exponential",
                                      "square_root",
                                      "negative",
                                      "Program",
                                      "CreateProgram",
                                      "CoreCoord",
                                      "CoreRange",
                                      "CoreRangeSet",
                                      "CBIndex",
                                      "DataFormat",
                                      "KernelHandle",
                                      "CreateKernel",
                                      "CreateSemaphore",
                                      "CreateCircularBuffer",
                                      "CircularBufferConfig",
                                      "SetRuntimeArgs",
                                      "SetCommonRuntimeArgs",
                                      "DataMovementConfig",
                                      "DataMovementProcessor",
                                      "ComputeConfig",
                                      "NOC",
                                      "MathFidelity",
                                      "UnpackToDestMode",
                                      "NUM_CIRCULAR_BUFFERS",
                                      "TensorAccessorArgs",
                                      "KERNEL_DIR",
                                      "bfloat16",
                                      "uint32_t",
                                      "uint64_t",
                                      "size_t",
                                      "INFINITY",
                                      "NAN"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    tsr_emit_reserve(out, names[i]);
#define TSR_CHECK_NUMBER(name, value) tsr_emit_reserve(out, #name);
#include "tessera/bounds.def"
}

static void print_file(host_printer *printer, tsr_buffer *text) {
  print_head(printer, text);
  tsr_buffer_append_str(text, "\nnamespace {\n");
  print_pieces(printer, pieces_before,
               sizeof pieces_before / sizeof pieces_before[0], text);
  print_pieces(printer, pieces_reference,
               sizeof pieces_reference / sizeof pieces_reference[0], text);
  tsr_buffer_append_char(text, '\n');
  reserve_names(printer->out);
  tsr_emit_comment(printer->out, "-- Programs %s",
                   "---------------------------------------------------------"
                   "--------");
  tsr_emit_blank(printer->out);
  print_programs(printer);
  print_run(printer);
  tsr_emit_finish(printer->out, text);
  tsr_emit_destroy(printer->out);
  tsr_buffer_append_str(text, "\n} // namespace\n\n");
  printer->out = tsr_emit_create(TSR_EMIT_CPP);
  print_main(printer);
  tsr_emit_finish(printer->out, text);
}

tsr_result print_host(const tsr_emit_request *request, tsr_diag *diag,
                      tsr_buffer *text) {
  host_printer printer = {.out = tsr_emit_create(TSR_EMIT_CPP),
                          .diag = diag,
                          .request = request,
                          .reference = tsr_function_reference(request->host),
                          .result = TSR_OK};
  tsr_arena_init(&printer.scratch);
  tsr_map_init(&printer.needed_whole);
  tsr_bytes_map_init(&printer.rows);
  collect_arguments(&printer);
  printer.program_count = tsr_host_programs(request->host, NULL, 0);
  printer.programs =
      TSR_NEW_ARRAY(&printer.scratch, const tsr_op *, printer.program_count);
  tsr_host_programs(request->host, printer.programs, printer.program_count);
  print_file(&printer, text);
  tsr_emit_destroy(printer.out);
  tsr_map_deinit(&printer.needed_whole);
  tsr_bytes_map_deinit(&printer.rows);
  tsr_arena_deinit(&printer.scratch);
  return printer.result;
}
