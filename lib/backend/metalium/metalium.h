// What the files of this backend share.
#ifndef TESSERA_LIB_BACKEND_METALIUM_H
#define TESSERA_LIB_BACKEND_METALIUM_H

#include "tessera/backend.h"
#include "tessera/emit.h"

// The printing of one kernel.
typedef struct kernel_printer {
  tsr_emit *out;
  tsr_diag *diag;
  tsr_arena scratch;
  const tsr_op *kernel;
  tsr_metalium metalium;
  bool is_compute;
  tsr_result result;
} kernel_printer;

// How tightly an expression binds, weakest first.
typedef enum binding {
  BIND_SELECT,
  BIND_COMPARE,
  BIND_SUM,
  BIND_PRODUCT,
  BIND_ATOM
} binding;

// -- expressions (expr.c) -----------------------------------------------------

// `value` as C++, in parentheses when it binds weaker than `around`.
const char *print_value(kernel_printer *printer, const tsr_value *value,
                        binding around);
// Index math whose value is written out where it is used: it has no name of
// its own in the IR and one use.
bool is_inlined(const tsr_op *op);
// The value of an index op as an expression of its operands.
const char *print_math(kernel_printer *printer, const tsr_op *op,
                       binding around);

// -- calls (calls.c) ----------------------------------------------------------

// Prints the calls of `op` by its row; diagnoses an op without one.
void print_calls(kernel_printer *printer, const tsr_op *op);
// Keeps the names of every API function in the table from being given out.
void reserve_call_names(tsr_emit *out);
// "DataFormat::Float16_b"; the format of a tile type.
const char *data_format(const tsr_type *type);

// -- files --------------------------------------------------------------------

tsr_result print_kernel(const tsr_emit_request *request, const tsr_op *kernel,
                        tsr_diag *diag, tsr_buffer *out);
tsr_result print_host(const tsr_emit_request *request, tsr_diag *diag,
                      tsr_buffer *out);

// Text of "250x256 bf16", of a buffer or tensor type. In `scratch`.
const char *describe_shape(const tsr_type *type, tsr_arena *scratch);
// "8x10": extents in tiles. In `scratch`.
const char *describe_tiles(const tsr_type *type, tsr_arena *scratch);
// The program-level buffer that an operand of a noc op stands for.
const tsr_value *trace_buffer(const tsr_op *kernel, const tsr_value *value);

#endif
