// Passes that come from a file of their own: a shared object that a tool loads
// with `--load-pass=FILE.so`, and a program with tsr_registry_load.
//
// A plug-in is written against the public headers and linked with nothing: the
// tool, or libtessera.so, has what it calls. It ends with one line that names
// the function which adds its passes:
//
//   static tsr_result add_passes(tsr_registry *registry, tsr_diag *diag) {
//     static const tsr_pass pass = {.name = "count-loads", .run = count_loads,
//                                   .summary = "Say how much is loaded"};
//     return tsr_registry_add_pass(registry, &pass, diag);
//   }
//   TSR_PLUGIN("count-loads", add_passes)
#ifndef TESSERA_PLUGIN_H
#define TESSERA_PLUGIN_H

#include "tessera/analyses.h"
#include "tessera/ir.h"
#include "tessera/pass_report.h"
#include "tessera/registry.h"
#include "tessera/rewrite.h"
#include "tessera/target.h"
#include "tessera/version.h"

TSR_BEGIN_DECLS

// Counts changes to what a plug-in can call that the compiler cannot see in
// the tables and sizes below.
#define TSR_PLUGIN_ABI 1

enum { TSR_PLUGIN_SIZES = 16 };

// What a plug-in says of itself. `abi` stays the first field for ever.
typedef struct tsr_plugin {
  uint32_t abi;
  // What its headers were like: all must be as in the library that loads it.
  const char *version; // TSR_VERSION
  const char *tables;  // ids of ops, types and states, in order
  uint32_t sizes[TSR_PLUGIN_SIZES];
  const char *name;
  // Adds passes and pipelines. What it points them to may lie in the plug-in,
  // which stays loaded as long as the registry is there.
  //
  // fails  reported to `diag`; nothing of the registry is used then
  tsr_result (*add)(tsr_registry *registry, tsr_diag *diag);
} tsr_plugin;

// The only symbol of a plug-in that anybody looks for.
#define TSR_PLUGIN_SYMBOL "tsr_plugin_info"

// The numbers of enumerators are in the code of a plug-in.
#define TSR_OP(id, ...)       #id " "
#define TSR_TYPE(id, ...)     #id " "
#define TSR_ANALYSIS(id, ...) #id " "
#define TSR_ELEMENT(id, ...)  #id " "
#define TSR_STATE(id, ...)    #id " "
static const char tsr_plugin_tables[] TSR_UNUSED =
#include "tessera/analyses.def"
#include "tessera/ops.def"
#include "tessera/passes.def"
#include "tessera/types.def"
    ;

// So are the places of fields.
#define TSR_PLUGIN_SIZES_HERE                                                  \
  {sizeof(tsr_pass),                                                           \
   sizeof(tsr_pass_option),                                                    \
   sizeof(tsr_option_value),                                                   \
   sizeof(tsr_pass_env),                                                       \
   sizeof(tsr_pass_run),                                                       \
   sizeof(tsr_named_pipeline),                                                 \
   sizeof(tsr_run_options),                                                    \
   sizeof(tsr_op_info),                                                        \
   sizeof(tsr_op_desc),                                                        \
   sizeof(tsr_builder),                                                        \
   sizeof(tsr_target),                                                         \
   sizeof(tsr_pass_counter),                                                   \
   sizeof(tsr_pipeline_option),                                                \
   sizeof(tsr_run_hooks),                                                      \
   sizeof(tsr_rewriter),                                                       \
   sizeof(tsr_type_desc)}

#ifdef __cplusplus
#define TSR_PLUGIN_EXTERN extern "C"
#else
#define TSR_PLUGIN_EXTERN extern
#endif

// Makes the shared object a plug-in; once, at the end of one of its files.
#define TSR_PLUGIN(plugin_name, add_function)                                  \
  TSR_SHOW TSR_PLUGIN_EXTERN const tsr_plugin tsr_plugin_info;                 \
  TSR_HIDE const tsr_plugin tsr_plugin_info = {                                \
      TSR_PLUGIN_ABI,        TSR_VERSION, tsr_plugin_tables,                   \
      TSR_PLUGIN_SIZES_HERE, plugin_name, add_function};

// Loads a plug-in and adds what it has.
//
// in     `path`: of the file, relative to the current folder
// fails  it is not there, no plug-in, made for another Tessera, or what it adds
//        is refused: reported to `diag`. The registry is then fit for nothing
//        but tsr_registry_destroy
// owns   the registry unloads it at its end; modules and messages that its
//        passes made must be gone by then
TSR_MUST_USE tsr_result tsr_registry_load(tsr_registry *registry,
                                          const char *path, tsr_diag *diag);

TSR_END_DECLS

#endif
