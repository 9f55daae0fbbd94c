// What differs between two texts, line by line.
#ifndef TESSERA_TOOLS_DIFF_H
#define TESSERA_TOOLS_DIFF_H

#include "tessera/buffer.h"

// Appends the difference in the unified form, with three lines around each
// change; nothing when the texts are equal.
//
// The fewest lines that can be called changed, by Myers' algorithm, as long as
// that takes less than a fixed effort per line; beyond it some more.
void tsr_append_diff(const char *old_text, const char *new_text,
                     tsr_buffer *out);

#endif
