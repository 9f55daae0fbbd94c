// From a file to a verified module with its target: what every tool that reads
// IR does first.
#ifndef TESSERA_TOOLS_LOAD_H
#define TESSERA_TOOLS_LOAD_H

#include "tessera/buffer.h"
#include "tessera/compile.h"
#include "tessera/registry.h"

// Reads a whole file, "-" for standard input, and says on stderr why not.
// Returns an exit code. `path` NULL: the tool was not given an input.
int tsr_load_text(const char *tool, const char *path, tsr_buffer *out);

// The same, for a text that may be large. Closed by the caller in any case.
int tsr_load_file(const char *tool, const char *path, tsr_file *out);

// What messages call that file: its path, or "<stdin>".
const char *tsr_load_name(const char *path);

// Adds the passes of a plug-in, and says on stderr what is wrong with it; one
// that crashes while it does so ends the tool. Returns an exit code.
int tsr_load_plugin(const char *tool, tsr_registry *registry, const char *path);

// tsr_module_load, with the exit code that goes with its outcome.
tsr_module *tsr_load_module(tsr_context *context, const char *file,
                            const char *text, size_t bytes,
                            const tsr_load_options *options, tsr_diag *diag,
                            tsr_target *out_target, int *out_exit_code);

// Prints all of `diag`: to stderr, or where tsr_load_set_sink says. Every
// message of a tool comes through here.
void tsr_load_print_diag(const tsr_diag *diag);

// Has `sink` take what would be printed, from now on; NULL: stderr again.
typedef void tsr_load_sink(void *user, const tsr_diag *diag);
void tsr_load_set_sink(tsr_load_sink *sink, void *user);

#endif
