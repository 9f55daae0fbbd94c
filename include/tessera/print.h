// Types, attributes and values as text: what both the printer of modules and
// the messages of verifiers are made of.
#ifndef TESSERA_PRINT_H
#define TESSERA_PRINT_H

#include "tessera/attr.h"
#include "tessera/buffer.h"
#include "tessera/ir.h"
#include "tessera/type.h"

TSR_BEGIN_DECLS

// Appends what the printer of modules writes for it.
void tsr_type_print(const tsr_type *type, tsr_buffer *out);
void tsr_attr_print(const tsr_attr *attr, tsr_buffer *out);
void tsr_value_print(const tsr_value *value, tsr_buffer *out);

// The type as text, interned.
const char *tsr_type_text(const tsr_type *type);

// A string in quotes of the given kind.
void tsr_string_print(const char *text, char quote, tsr_buffer *out);

TSR_END_DECLS

#endif
