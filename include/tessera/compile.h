// The way from text to files: what is before the passes and behind them.
//
//   tsr_module *module = tsr_module_load(context, "f.tt", text, bytes,
//   &options,
//                                        diag, &target, NULL);
//   ... tsr_pipeline_run(&pipeline, module, diag, &run) ...
//   tsr_module_emit(module, &emit, diag, &files);
#ifndef TESSERA_COMPILE_H
#define TESSERA_COMPILE_H

#include "tessera/backend.h"
#include "tessera/diag.h"
#include "tessera/ir.h"
#include "tessera/target.h"

TSR_BEGIN_DECLS

// -- from text ----------------------------------------------------------------

// How far a text is on its way to a module, for who has to tell at any moment,
// as a handler of signals has.
typedef struct tsr_load_progress {
  const char *step; // "parsing", "verifying"; NULL: not begun
  const char *file; // as given, with the text
  const char *text;
  size_t at;           // where the op starts that is being parsed
  uint32_t first_line; // of the text
} tsr_load_progress;

// What goes before what the text says. NULL: nothing.
typedef struct tsr_load_options {
  const char *target;  // name or JSON file
  const char *grid;    // rows x columns, "8x8"
  uint32_t first_line; // of the text, for messages; 0: 1
  bool skip_stage;     // verify ops, but not what the stage promises
  bool leave_rules;    // as in tsr_module_verify_stage
  // As in tsr_parse_defaults.
  void (*passed)(void *user, size_t offset);
  void *user;
  tsr_load_progress *progress; // kept up to date; or NULL
} tsr_load_options;

// Parses a text, gives the module its target and grid, and verifies it.
//
// A module without a target is for wormhole_b0, one without a grid uses all
// workers of its target.
//
// in     `file` names the text in messages; `text` must outlive `diag`
// out    the module and its target. Attributes target and grid are always there
// fails  NULL, reported to `diag`; messages about `options` are located in
//        texts called "--target" and "--grid", and `*out_bad_option` (may be
//        NULL) is then true
// owns   the caller destroys the module
tsr_module *tsr_module_load(tsr_context *context, const char *file,
                            const char *text, size_t bytes,
                            const tsr_load_options *options, tsr_diag *diag,
                            tsr_target *out_target, bool *out_bad_option);

// The same for a module that was built by hand: gives it version, target and
// grid, and verifies it.
//
// fails  as tsr_module_load; the module stays the caller's
TSR_MUST_USE tsr_result tsr_module_settle(tsr_module *module,
                                          const tsr_load_options *options,
                                          tsr_diag *diag,
                                          tsr_target *out_target,
                                          bool *out_bad_option);

// -- to files -----------------------------------------------------------------

// What is printed of a module.
typedef struct tsr_emit_options {
  const tsr_target *target;
  const tsr_backend *const *backends; // see tsr_backend_find
  size_t backend_count;
  const char *func;    // only this function; NULL: all
  const char *program; // only this program; NULL: all
  tsr_metalium metalium;
} tsr_emit_options;

// Prints a fully lowered module. One with several functions gets a folder for
// each, named after it.
//
// out    files are added to `out`
// fails  the module is not fully lowered (the message names the pass that is
//        missing), has no such function or program, or a backend cannot print
//        what is in it: reported to `diag`; what is in `out` is then of no use
TSR_MUST_USE tsr_result tsr_module_emit(tsr_module *module,
                                        const tsr_emit_options *options,
                                        tsr_diag *diag, tsr_artifacts *out);

// Writes every file below `folder`, which is made if missing, or none. A file
// that has its text already keeps its time, one that is replaced its
// permissions.
//
// in     `folder`: "." is the working folder, "" an error: it is what a name
//        that somebody forgot looks like
// fails  one cannot be written, reported to `diag`; what was there before is as
//        it was
TSR_MUST_USE tsr_result tsr_artifacts_write(const tsr_artifacts *files,
                                            const char *folder, tsr_diag *diag);

TSR_END_DECLS

#endif
