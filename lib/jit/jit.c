// Kernels to native code: built as LLVM IR, compiled or taken from the cache,
// linked by ORC.

#include "jit.h"

#include "tessera/fingerprint.h"
#include "tessera/vector.h"
#include "tessera/version.h"

#include <llvm-c/LLJIT.h>

#include <string.h>

// A compiled kernel: its code by thread.
typedef struct native_kernel {
  const tsr_op *op;
  tsr_native_entry *entries[TSR_SIM_PROCESSOR_COUNT];
} native_kernel;

struct tsr_native {
  LLVMOrcLLJITRef linker; // owns the code
  tsr_arena arena;
  native_kernel *kernels;
  size_t kernel_count;
};

// A compilation at work.
typedef struct job {
  const tsr_native_request *request;
  tsr_diag *diag;
  tsr_native *native;
  host_machine host;
  unit *units;
  size_t unit_count;
} job;

static tsr_result fail(job *j, const char *what, const char *why) {
  return tsr_diag_error(j->diag, j->request->program, TSR_DIAG(native_failed),
                        what, why);
}

static tsr_result check(job *j, const char *what, LLVMErrorRef error) {
  if (!error)
    return TSR_OK;
  char *message = LLVMGetErrorMessage(error);
  fail(j, what, message);
  LLVMDisposeErrorMessage(message);
  return TSR_FAILED;
}

// -- units --------------------------------------------------------------------

static size_t list_kernels(const tsr_op *program, const tsr_op **kernels) {
  size_t count = 0;
  const tsr_block *body = tsr_op_block(program, 0);
  for (const tsr_op *op = tsr_block_first(body); op; op = tsr_op_next(op)) {
    if (!tsr_op_is(op, TSR_OP_kernel))
      continue;
    if (kernels)
      kernels[count] = op;
    count++;
  }
  return count;
}

static tsr_result build_units(job *j) {
  tsr_arena *arena = &j->native->arena;
  size_t count = list_kernels(j->request->program, NULL);
  const tsr_op **kernels = TSR_NEW_ARRAY(arena, const tsr_op *, count + 1);
  list_kernels(j->request->program, kernels);
  j->units = TSR_NEW_ARRAY(arena, unit, count + 1);
  for (; j->unit_count < count; j->unit_count++) {
    unit *u = &j->units[j->unit_count];
    u->kernel = kernels[j->unit_count];
    tsr_buffer_init(&u->path);
    u->context = LLVMContextCreate();
    // Names of values, lines in them, are no part of what is compiled.
    LLVMContextSetDiscardValueNames(u->context, true);
    u->module = tsr_llvm_build(u->context, "kernel", &u->kernel, 1, j->diag);
    if (!u->module) {
      j->unit_count++;
      return TSR_FAILED;
    }
  }
  return TSR_OK;
}

static void drop_units(job *j) {
  for (size_t i = 0; i < j->unit_count; i++) {
    unit *u = &j->units[i];
    if (u->object)
      LLVMDisposeMemoryBuffer(u->object);
    if (u->error)
      LLVMDisposeMessage(u->error);
    if (u->module)
      LLVMDisposeModule(u->module);
    LLVMContextDispose(u->context);
    tsr_buffer_deinit(&u->path);
  }
}

static tsr_result compile_all(job *j) {
  tsr_buffer identity;
  tsr_buffer_init(&identity);
  print_identity(&j->host, &identity);
  bool *cached = TSR_NEW_ARRAY(&j->native->arena, bool, j->unit_count + 1);
  for (size_t i = 0; i < j->unit_count; i++) {
    cache_find(&j->units[i], &identity);
    cached[i] = j->units[i].object != NULL;
  }
  tsr_buffer_deinit(&identity);
  compile_units(&j->host, j->units, j->unit_count);
  for (size_t i = 0; i < j->unit_count; i++) {
    if (j->units[i].error)
      return fail(j, "compile", j->units[i].error);
    if (!cached[i])
      cache_store(&j->units[i]);
  }
  return TSR_OK;
}

// -- linking ------------------------------------------------------------------

static tsr_result define_symbols(job *j, LLVMOrcJITDylibRef library) {
  size_t count = j->request->symbol_count;
  LLVMOrcCSymbolMapPair *pairs =
      TSR_NEW_ARRAY(&j->native->arena, LLVMOrcCSymbolMapPair, count + 1);
  for (size_t i = 0; i < count; i++) {
    const tsr_native_symbol *symbol = &j->request->symbols[i];
    pairs[i].Name =
        LLVMOrcLLJITMangleAndIntern(j->native->linker, symbol->name);
    pairs[i].Sym.Address = (LLVMOrcExecutorAddress)(uintptr_t)symbol->address;
    pairs[i].Sym.Flags.GenericFlags =
        LLVMJITSymbolGenericFlagsExported | LLVMJITSymbolGenericFlagsCallable;
  }
  return check(
      j, "link",
      LLVMOrcJITDylibDefine(library, LLVMOrcAbsoluteSymbols(pairs, count)));
}

static tsr_result find_entries(job *j, native_kernel *kernel) {
  tsr_sim_processor at, last;
  tsr_kernel_processors(kernel->op, &at, &last);
  for (; at <= last; at++) {
    LLVMOrcExecutorAddress address = 0;
    const char *name =
        tsr_llvm_function_name(kernel->op, at, &j->native->arena);
    if (check(j, "link",
              LLVMOrcLLJITLookup(j->native->linker, &address, name)) != TSR_OK)
      return TSR_FAILED;
    uintptr_t code = (uintptr_t)address;
    memcpy(&kernel->entries[at], &code, sizeof code);
  }
  return TSR_OK;
}

static tsr_result link_units(job *j) {
  tsr_native *native = j->native;
  if (check(j, "link", LLVMOrcCreateLLJIT(&native->linker, NULL)) != TSR_OK)
    return TSR_FAILED;
  LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(native->linker);
  if (define_symbols(j, library) != TSR_OK)
    return TSR_FAILED;
  for (size_t i = 0; i < j->unit_count; i++) {
    LLVMMemoryBufferRef object = j->units[i].object;
    j->units[i].object = NULL; // the linker takes it
    if (check(j, "link",
              LLVMOrcLLJITAddObjectFile(native->linker, library, object)) !=
        TSR_OK)
      return TSR_FAILED;
  }
  native->kernels =
      TSR_NEW_ARRAY(&native->arena, native_kernel, j->unit_count + 1);
  for (; native->kernel_count < j->unit_count; native->kernel_count++) {
    native_kernel *kernel = &native->kernels[native->kernel_count];
    kernel->op = j->units[native->kernel_count].kernel;
    if (find_entries(j, kernel) != TSR_OK)
      return TSR_FAILED;
  }
  return TSR_OK;
}

// -- what the module offers ---------------------------------------------------

static void destroy(tsr_native *native) {
  if (!native)
    return;
  tsr_llvm_enter();
  if (native->linker)
    LLVMConsumeError(LLVMOrcDisposeLLJIT(native->linker));
  tsr_arena_deinit(&native->arena);
  tsr_mem_resize(native, 0);
  tsr_llvm_leave();
}

static tsr_result compile(const tsr_native_request *request, tsr_diag *diag,
                          tsr_native **out) {
  tsr_llvm_enter();
  job j = {.request = request, .diag = diag};
  j.native = tsr_mem_resize(NULL, sizeof *j.native);
  *j.native = (tsr_native){.linker = NULL};
  tsr_arena_init(&j.native->arena);
  char *error = NULL;
  tsr_result result = host_machine_init(&j.host, &error);
  if (result != TSR_OK) {
    fail(&j, "compile", error);
    LLVMDisposeMessage(error);
  }
  if (result == TSR_OK)
    result = build_units(&j);
  if (result == TSR_OK)
    result = compile_all(&j);
  if (result == TSR_OK)
    result = link_units(&j);
  drop_units(&j);
  host_machine_deinit(&j.host);
  if (result != TSR_OK) {
    destroy(j.native);
    j.native = NULL;
  }
  *out = j.native;
  tsr_llvm_leave();
  return result;
}

static tsr_native_entry *find(const tsr_native *native, const tsr_op *kernel,
                              uint32_t processor) {
  for (size_t i = 0; i < native->kernel_count; i++)
    if (native->kernels[i].op == kernel)
      return native->kernels[i].entries[processor];
  return NULL;
}

TSR_SHOW
extern const tsr_llvm_module tsr_llvm_module_table;
TSR_HIDE
const tsr_llvm_module tsr_llvm_module_table = {.version = TSR_VERSION,
                                               .fingerprint = TSR_FINGERPRINT,
                                               .set_host = tsr_llvm_set_host,
                                               .print = tsr_llvm_print,
                                               .compile = compile,
                                               .destroy = destroy,
                                               .find = find};
