// What the files of the command line share.
#ifndef TESSERA_TOOLS_CLI_IMPL_H
#define TESSERA_TOOLS_CLI_IMPL_H

#include "cli.h"

#include "tessera/buffer.h"

// "-" for letters, "--" for words.
const char *cli_dashes(const char *name);

// TSR_CLI_FLAG and its like.
bool cli_is_flag(tsr_cli_kind kind);
// Its value may stand in the next argument, and must stand somewhere.
bool cli_needs_value(tsr_cli_kind kind);
// It may be given more than once.
bool cli_is_list(tsr_cli_kind kind);

// The name in --name=value, -name=value, -o: words take either number of
// dashes, as LLVM's tools have it, and letters one. NULL when it is no option.
//
// out    what stands behind '='; NULL: nothing
const char *cli_read_name(tsr_cli *cli, const char *argument,
                          const char **out_value);
// By its name; NULL: there is none.
const tsr_cli_option *cli_find_option(const tsr_cli *cli, const char *name);

// Adds the passes of plug-ins that a command line of `count` words names, up to
// the first that does not load.
void cli_load_plugins(tsr_cli *cli, int count, char **values);

// -- Help (help.c) ------------------------------------------------------------

// How an option is written, value included: "--grid=RxC", "-o FILE".
const char *cli_form(tsr_cli *cli, const tsr_cli_option *option);
// Categories come in the order in which the table has them first.
bool cli_is_first_of_category(const tsr_cli *cli, size_t i);
void cli_append_help(tsr_cli *cli, tsr_buffer *out);

// -- Files to write (outputs.c) -----------------------------------------------

// No two options write to one file, nor one into the folder of another, nor any
// to what is read. Returns an exit code.
int cli_check_outputs(tsr_cli *cli);

// -- What may have been meant (suggest.c) -------------------------------------

// Says that `argument`, an option called `name`, is none. Returns
// TSR_EXIT_COMMAND.
int cli_unknown_option(tsr_cli *cli, const char *argument, const char *name);

// -- What a name means (topics.c) ---------------------------------------------

// Explains an option, pass, pipeline, op, type, element format or message.
// Returns an exit code.
int cli_append_topic(tsr_cli *cli, const char *name, tsr_buffer *out);
// The names of all that it explains.
//
// owns   as long as `cli`
const char *const *cli_list_topics(tsr_cli *cli, size_t *out_count);
// What is written behind '=': "1..64", "a|b", "[a|b,...]" for a list, "VALUE".
const char *cli_show_values(tsr_cli *cli, const tsr_pass_option *option);
// The row of an option; NULL: `pass` is none or has none so called.
const tsr_pass_option *cli_find_pass_option(const tsr_pass *pass,
                                            const char *name);

// -- For shells and man (completion.c, complete.c, manual.c) ------------------

// `shell`: bash, zsh or fish; false when it is none of them.
bool cli_append_completion(const tsr_cli *cli, const char *shell,
                           tsr_buffer *out);
// What may stand for the last word of `line`, a command line up to the cursor.
void cli_complete(tsr_cli *cli, const char *line, tsr_buffer *out);
void cli_append_manual(tsr_cli *cli, tsr_buffer *out);

#endif
