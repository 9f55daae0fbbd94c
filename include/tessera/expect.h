// Comments in a text that say which messages must come about it: how tests of
// messages are written.
//
//   // expected-error@+1 {{part of the text}}
//   // expected-error-re {{needs {{[0-9]+}} bytes}}
//   // expected-note@below 2 {{which comes twice}}
//
// Severity is error, warning, note or remark; behind `-re`, what stands in
// inner braces is a POSIX extended regular expression. The place is the
// comment's own line, or @+N, @-N lines from it, @above or @below the block of
// such comments, or @unknown for a message without a place in the file. Every
// error, warning and remark must be expected; a note only if it is expected to
// come.
#ifndef TESSERA_EXPECT_H
#define TESSERA_EXPECT_H

#include "tessera/diag.h"

TSR_BEGIN_DECLS

// The text that has the comments.
typedef struct tsr_expect_text {
  const char *file; // as in the messages' places
  const char *text;
  size_t bytes;
  uint32_t first_line; // of the text, in the file; 0: 1
} tsr_expect_text;

// Compares what was reported to `diag` with the comments of a text.
//
// fails  a message that nothing expects, an expected one that did not come, or
//        a comment that cannot be read: each is an error of `out_wrong`, which
//        has to know the source (tsr_diag_add_source) to show its lines
TSR_MUST_USE tsr_result tsr_diag_expect(const tsr_diag *diag,
                                        const tsr_expect_text *text,
                                        tsr_diag *out_wrong);

TSR_END_DECLS

#endif
