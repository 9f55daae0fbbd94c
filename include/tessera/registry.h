// The passes and named pipelines there are.
//
// Nothing of this is kept for the whole process: each registry stands for
// itself, and one that is not being added to may be read by several threads at
// once. Rows are refused when they are wrong, so that a pass of somebody else's
// is as sound as one of passes.def.
#ifndef TESSERA_REGISTRY_H
#define TESSERA_REGISTRY_H

#include "tessera/pass.h"

TSR_BEGIN_DECLS

// An empty registry.
//
// owns   the caller destroys it, after the pipelines that were parsed with it
tsr_registry *tsr_registry_create(void);

// Ends the passes' own data (tsr_pass.destroy), the last one added first. NULL
// is fine.
void tsr_registry_destroy(tsr_registry *registry);

// Adds the passes and pipelines of passes.def; `registry` must be empty.
void tsr_registry_add_builtin(tsr_registry *registry);

// Adds a pass.
//
// in     `pass` is copied; what it points to must outlive the registry
// fails  a name that is taken, or a row that is wrong: no function, summary or
//        help; an option that is there twice, whose range or list of words
//        cannot be read, or whose default is not one of its values
// owns   `pass->user` is the registry's from here on, also when this fails
TSR_MUST_USE tsr_result tsr_registry_add_pass(tsr_registry *registry,
                                              const tsr_pass *pass,
                                              tsr_diag *diag);

// Adds a pipeline. Its runs are read when it is used, so that they may name
// passes that are added later; tsr_registry_check looks at them before that.
//
// in     `pipeline` is copied; what it points to must outlive the registry
// fails  a name that is taken, or a pipeline without passes
TSR_MUST_USE tsr_result tsr_registry_add_pipeline(
    tsr_registry *registry, const tsr_named_pipeline *pipeline, tsr_diag *diag);

// Reads the runs of all pipelines.
//
// fails  one that cannot be read; located in its own text
TSR_MUST_USE tsr_result tsr_registry_check(const tsr_registry *registry,
                                           tsr_diag *diag);

// Passes in the order in which they were added.
size_t tsr_registry_pass_count(const tsr_registry *registry);
const tsr_pass *tsr_registry_pass(const tsr_registry *registry, size_t i);
// By name, or NULL.
const tsr_pass *tsr_registry_find_pass(const tsr_registry *registry,
                                       const char *name);

// Named pipelines in the order in which they were added.
size_t tsr_registry_pipeline_count(const tsr_registry *registry);
const tsr_named_pipeline *tsr_registry_pipeline(const tsr_registry *registry,
                                                size_t i);
// By name, or NULL.
const tsr_named_pipeline *
tsr_registry_find_pipeline(const tsr_registry *registry, const char *name);

TSR_END_DECLS

#endif
