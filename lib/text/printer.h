// What the files of the printer share.
#ifndef TESSERA_TEXT_PRINTER_H
#define TESSERA_TEXT_PRINTER_H

#include "../ir/impl.h"
#include "syntax.h"

#include "tessera/buffer.h"
#include "tessera/ir.h"
#include "tessera/print.h"
#include "tessera/text.h"

typedef struct tsr_printer {
  tsr_buffer *out;
  tsr_arena arena;
  tsr_syntax_table syntax;
  bool locations;
  bool heads_only; // `{...}` for what is in a block
  uint32_t depth;
  // Where the text goes whenever there is enough of it; NULL: it stays in
  // `out`.
  tsr_write_fn *write;
  void *user;
  bool stopped; // `write` wants no more
} tsr_printer;

// Values separated by commas: operands `from` up to `to` of an op.
void tsr_printer_operands(tsr_printer *p, const tsr_op *op, size_t from,
                          size_t to);
// " {name = value, ...}" of the attributes without a place of their own, or
// nothing.
void tsr_printer_dict(tsr_printer *p, const tsr_op *op);
// ` : type, ...` when there are results.
void tsr_printer_types(tsr_printer *p, const tsr_op *op);
// ` { ... }`, the ops on lines of their own.
void tsr_printer_block(tsr_printer *p, const tsr_block *block);
// All of a custom op behind its mnemonic.
void tsr_printer_custom(tsr_printer *p, const tsr_op *op);

#endif
