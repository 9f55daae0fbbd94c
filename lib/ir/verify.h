// Verifiers of single ops, named in ops.def.
#ifndef TESSERA_LIB_IR_VERIFY_H
#define TESSERA_LIB_IR_VERIFY_H

#include "tessera/diag.h"
#include "tessera/ir.h"

tsr_op_verify_fn tsr_verify_module, tsr_verify_func, tsr_verify_program,
    tsr_verify_call, tsr_verify_kernel, tsr_verify_launch, tsr_verify_return,
    tsr_verify_yield, tsr_verify_index_math, tsr_verify_cmp, tsr_verify_select,
    tsr_verify_for, tsr_verify_if, tsr_verify_tensor_matmul,
    tsr_verify_tensor_elementwise, tsr_verify_buffer_dim,
    tsr_verify_buffer_alloc, tsr_verify_parallel, tsr_verify_core_launch,
    tsr_verify_tile_load, tsr_verify_tile_store, tsr_verify_tile_contract,
    tsr_verify_tile_mma, tsr_verify_tile_elementwise, tsr_verify_tile_result,
    tsr_verify_tile_cast, tsr_verify_tile_mask, tsr_verify_tile_generate,
    tsr_verify_tile_where, tsr_verify_tile_extract, tsr_verify_tile_insert,
    tsr_verify_dst_section, tsr_verify_stream, tsr_verify_cb,
    tsr_verify_semaphore, tsr_verify_core_param, tsr_verify_noc_accessor,
    tsr_verify_cb_use, tsr_verify_cb_ptr, tsr_verify_l1_generate,
    tsr_verify_noc_transfer, tsr_verify_machine_op;

// What all calls of a module must be. Functions may be wrong otherwise.
tsr_result tsr_verify_calls(const tsr_module *module, tsr_diag *diag);

// -- shared checks: report on `op` and return TSR_FAILED ----------------------

// "; did you mean @x?" for a symbol that no op which fits defines, or "". Looks
// where tsr_op_find_symbol does; what holds `from` itself is not proposed.
const char *tsr_verify_symbol_hint(const tsr_op *from,
                                   bool (*fits)(const tsr_op *op),
                                   const char *name);
// Operand `i` has the kind; `what` names it in the message.
tsr_result tsr_verify_operand_kind(const tsr_op *op, tsr_diag *diag, size_t i,
                                   tsr_type_kind kind);
// Every operand of a group has the kind.
tsr_result tsr_verify_group_kind(const tsr_op *op, tsr_diag *diag, size_t group,
                                 tsr_type_kind kind);
tsr_result tsr_verify_result_kind(const tsr_op *op, tsr_diag *diag, size_t i,
                                  tsr_type_kind kind);
// Attribute `name` is one of the words in `choices`, "a|b|c"; absent is fine.
tsr_result tsr_verify_choice(const tsr_op *op, tsr_diag *diag, const char *name,
                             const char *choices);
// Attribute `name`, if there, is an integer in [low, high].
tsr_result tsr_verify_range(const tsr_op *op, tsr_diag *diag, const char *name,
                            int64_t low, int64_t high);

#endif
