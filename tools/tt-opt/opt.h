// What the files of tt-opt share.
#ifndef TESSERA_TOOLS_TT_OPT_H
#define TESSERA_TOOLS_TT_OPT_H

#include "common/cli.h"

#include "tessera/buffer.h"
#include "tessera/registry.h"

// -- Reproducers (reproducer.c) -----------------------------------------------

// Adds the options that `text`, what `file` holds, says. Returns an exit code.
int reproducer_read_options(tsr_cli *cli, const char *file,
                            const tsr_file *text);

// -- Documentation (docs.c, docs_diags.c) -------------------------------------

void docs_list_passes(const tsr_registry *registry, tsr_buffer *out);
void docs_passes(const tsr_registry *registry, tsr_buffer *out); // Markdown
void docs_list_ops(tsr_buffer *out);
void docs_list_types(tsr_buffer *out);
void docs_types(tsr_buffer *out); // Markdown
void docs_ops(tsr_buffer *out);   // Markdown
void docs_list_diagnostics(tsr_buffer *out);
void docs_diagnostics(tsr_buffer *out); // Markdown

#endif
