// Small helpers without a home of their own: checked arithmetic, numbers from
// text whatever the locale, suggestions for misspelt names, differences of
// texts, places of files.

#ifndef TESSERA_SUPPORT_H
#define TESSERA_SUPPORT_H

#include "tessera/base.h"
#include "tessera/buffer.h"

TSR_BEGIN_DECLS

// Checked arithmetic: true and `*out` set, or false and `*out` untouched when
// the result does not fit.
TSR_MUST_USE bool tsr_add_u64(uint64_t a, uint64_t b, uint64_t *out);
TSR_MUST_USE bool tsr_mul_u64(uint64_t a, uint64_t b, uint64_t *out);
TSR_MUST_USE bool tsr_add_i64(int64_t a, int64_t b, int64_t *out);
TSR_MUST_USE bool tsr_sub_i64(int64_t a, int64_t b, int64_t *out);
TSR_MUST_USE bool tsr_mul_i64(int64_t a, int64_t b, int64_t *out);

// a / b rounded up; `b` is not 0. Cannot overflow.
uint64_t tsr_ceil_div_u64(uint64_t a, uint64_t b);

// Reads a whole text as a number.
//
// in     decimal digits with an optional '-' (i64), a decimal number with an
//        optional point and exponent (f64); no blanks, the point is '.' in
//        every locale
// fails  false when the text is anything else or the number does not fit;
//        `*out` is then untouched
TSR_MUST_USE bool tsr_parse_u64(const char *text, size_t bytes, uint64_t *out);
TSR_MUST_USE bool tsr_parse_i64(const char *text, size_t bytes, int64_t *out);
TSR_MUST_USE bool tsr_parse_f64(const char *text, size_t bytes, double *out);

// Reads true or false, on or off, 1 or 0.
//
// fails  false when the text is anything else; `*out` is then untouched
TSR_MUST_USE bool tsr_parse_bool(const char *text, bool *out);

// Returns the candidate that `word` was most likely meant to be, the first one
// of several equally close, or NULL when none is close.
const char *tsr_closest(const char *word, const char *const *candidates,
                        size_t candidate_count);

// Appends what differs between two texts, line by line, in the unified form
// with three lines around each change; nothing when they are equal. A last line
// that does not end in a newline is said to be one.
//
// The fewest lines that can be called changed, by Myers' algorithm, as long as
// that takes less than a fixed effort per line; beyond it some more.
void tsr_append_diff(const char *old_text, const char *new_text,
                     tsr_buffer *out);

// Appends the folder that holds Tessera's bin/, include/ and lib/, in a build
// tree as in an installation: where the library was loaded from or, when it is
// part of a program, where the program is.
//
// fails  false when the system does not say where the program is
TSR_MUST_USE bool tsr_append_root(tsr_buffer *out);

// Appends the folder of what is kept between runs: TESSERA_CACHE, else
// ${XDG_CACHE_HOME:-~/.cache}/tessera. It need not be there yet.
void tsr_append_cache_folder(tsr_buffer *out);

// Appends a file name for content: 128 bits of it, in hexadecimal.
void tsr_append_content_name(tsr_buffer *out, const void *data, size_t bytes);

// Makes the folders that the file at `path` is to lie in.
//
// fails  false when one is not there and cannot be made; errno says why
bool tsr_make_folders_for(const char *path);

TSR_END_DECLS

#endif
