// Backends: what a fully lowered module is printed as.
//
// A backend turns one function of the module into files. Files of a function
// form a folder; paths here are relative to it.
#ifndef TESSERA_BACKEND_H
#define TESSERA_BACKEND_H

#include "tessera/arena.h"
#include "tessera/buffer.h"
#include "tessera/diag.h"
#include "tessera/ir.h"
#include "tessera/target.h"

TSR_BEGIN_DECLS

// API names of tt-metal by date; rows of metalium_profiles.def.
typedef enum tsr_metalium {
#define TSR_METALIUM_PROFILE(id, ...) TSR_METALIUM_##id,
#include "tessera/metalium_profiles.def"
  TSR_METALIUM_COUNT
} tsr_metalium;

typedef struct tsr_metalium_profile {
  const char *name; // "2026-08"
  // A header that trees of this profile have, and one that they have not: how
  // printed code recognises its tree. NULL: no such mark.
  const char *present, *absent;
  const char *summary;
} tsr_metalium_profile;

// The row of a profile; lasts for ever.
const tsr_metalium_profile *tsr_metalium_get_profile(tsr_metalium id);
// Returns false when `name` is no profile.
bool tsr_metalium_find(const char *name, tsr_metalium *out);

// What is to be printed.
typedef struct tsr_emit_request {
  tsr_module *module;
  // The function: a `host` op, or a `func` for a backend that takes any stage.
  const tsr_op *host;
  const tsr_target *target;
  tsr_metalium metalium;
  const char *kernel;  // only this kernel ("reader"), or NULL: every file
  const char *program; // only this program, or NULL
} tsr_emit_request;

// One file: `path` is relative, with '/'; both live in the list.
typedef struct tsr_artifact {
  char *path;
  tsr_buffer text;
} tsr_artifact;

typedef struct tsr_artifacts {
  tsr_artifact *items;
  size_t count, capacity;
} tsr_artifacts;

// A list without files, and its end.
void tsr_artifacts_init(tsr_artifacts *list);
void tsr_artifacts_deinit(tsr_artifacts *list);
// Appends an empty file and returns its text, valid until the next call.
tsr_buffer *tsr_artifacts_add(tsr_artifacts *list, const char *path);

// Prints files into `out`.
//
// fails  something in the module has no form in this backend: diagnosed
typedef tsr_result tsr_backend_fn(const tsr_emit_request *request,
                                  tsr_diag *diag, tsr_artifacts *out);

// One row of backends.def: what `--emit=NAME` prints.
typedef struct tsr_backend {
  const char *name;
  tsr_backend_fn *print;
  bool needs_llvm;      // see tsr_llvm_load
  bool takes_any_stage; // not only what is fully lowered
  const char *summary;
} tsr_backend;

// The rows of backends.def, and the one of a name.
const tsr_backend *tsr_backends(size_t *out_count);
const tsr_backend *tsr_backend_find(const char *name); // or NULL

// Opens what needs LLVM, a module of its own beside the library. That happens
// by itself where it is needed; this says beforehand whether it will.
//
// fails  this build has none, or it does not load; `out_message` gets why
TSR_MUST_USE tsr_result tsr_llvm_load(tsr_buffer *out_message);

// -- what printers share ------------------------------------------------------

// The programs that a host function launches, in order, each once.
//
// out    the number; `programs` (room for `capacity`) gets the first of them
size_t tsr_host_programs(const tsr_op *host, const tsr_op **programs,
                         size_t capacity);
// Path of a kernel's file within the function's folder: "reader.cpp", or
// "gemm_1/reader.cpp" when the function has several programs. In `scratch`.
const char *tsr_kernel_path(const tsr_op *host, const tsr_op *kernel,
                            tsr_arena *scratch);
// An op of the kernel, or an argument, names the circular buffer `cb`.
bool tsr_kernel_uses_cb(const tsr_op *kernel, const char *cb);

// One row of a kernel's argument table.
typedef struct tsr_kernel_arg {
  const char *name;   // of the value inside the kernel
  const char *kind;   // const, per_core, address, accessor, cb, semaphore, ...
  const char *place;  // runtime, common, compile_time
  uint32_t index;     // among the arguments of that place
  tsr_value *value;   // inside the kernel
  tsr_value *source;  // outside: what it is given; NULL for cb and semaphore
  const char *symbol; // cb and semaphore
  bool is_read;       // the kernel uses it
} tsr_kernel_arg;

// The rows of a kernel's table, in the order of the IR.
size_t tsr_kernel_arg_count(const tsr_op *kernel);
tsr_kernel_arg tsr_kernel_get_arg(const tsr_op *kernel, size_t i);

TSR_END_DECLS

// The rows' functions are the library's own.
#define TSR_BACKEND(id, ...)      tsr_backend_fn tsr_backend_print_##id;
#define TSR_BACKEND_ANY(id, ...)  tsr_backend_fn tsr_backend_print_##id;
#define TSR_BACKEND_LLVM(id, ...) tsr_backend_fn tsr_backend_print_##id;
#include "tessera/backends.def"

#endif
