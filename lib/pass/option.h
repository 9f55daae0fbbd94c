// Values of options: from text to what a pass reads.
#ifndef TESSERA_LIB_PASS_OPTION_H
#define TESSERA_LIB_PASS_OPTION_H

#include "tessera/pass.h"

// Reads a value; false when it is not one of the option's. What the value
// points to is in `arena`.
bool option_read_value(const tsr_pass_option *option, const char *text,
                       tsr_arena *arena, tsr_option_value *out);

// Characters of the quoted text that `text` begins with, both quotes counted;
// 0 when it does not end.
size_t option_quoted_size(const char *text);

// `text`, a value of TSR_OPTION_STRING, so that it stands in one line: in
// quotes with `\n` where a line ends in it.
const char *option_one_line(const char *text, tsr_arena *arena);

// What would have been right: "a number in 1..64".
const char *option_wanted(const tsr_pass_option *option, tsr_arena *arena);

// What is wrong with the row itself; NULL when nothing is.
const char *option_find_flaw(const tsr_pass_option *option);

#endif
