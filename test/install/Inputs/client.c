// A program of someone else's that links the library.
#include "tessera/buffer.h"

#include <stdio.h>

int main(void) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_buffer_append_str(&text, "tessera");
  puts(tsr_buffer_str(&text));
  tsr_buffer_deinit(&text);
  return 0;
}
