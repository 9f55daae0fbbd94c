// What the files that print the host program share.
#ifndef TESSERA_LIB_BACKEND_METALIUM_HOST_H
#define TESSERA_LIB_BACKEND_METALIUM_HOST_H

#include "metalium.h"
#include "pieces.h"
#include "tessera/hash.h"

// An argument of the function as the outside knows it.
typedef struct host_argument {
  const tsr_value *value;
  const char *input;  // name for --input, NULL for what is only written
  const char *output; // "out0", ..., NULL for what is only read
} host_argument;

typedef struct host_printer {
  tsr_emit *out;
  tsr_diag *diag;
  tsr_arena scratch;
  const tsr_emit_request *request;
  const tsr_op *reference; // or NULL
  host_argument *arguments;
  size_t argument_count;
  const tsr_op **programs;
  size_t program_count;
  double multiply_adds; // of the whole reference
  tsr_map needed_whole; // reference values of which no row can be left out
  tsr_bytes_map rows;   // how many, and wanted of them -> variable
  tsr_result result;
} host_printer;

// Functions that build the programs (host_programs.c).
void print_programs(host_printer *printer);
// "bf16_tile_bytes", declared by print_programs.
const char *tile_bytes(host_printer *printer, const tsr_type *type);
// "create_gemm_0", declared by print_programs.
const char *program_function(host_printer *printer, const tsr_op *program);

// The reference and the functions it needs (host_reference.c).
void print_reference_functions(host_printer *printer, tsr_buffer *text);
// Statements that evaluate the reference and compare each result with it.
void print_check(host_printer *printer);
bool reference_uses(const host_printer *printer, host_piece piece);

#endif
