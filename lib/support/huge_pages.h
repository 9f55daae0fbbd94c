// Pages of 2 MiB, for memory that is large.
#ifndef TESSERA_LIB_SUPPORT_HUGE_PAGES_H
#define TESSERA_LIB_SUPPORT_HUGE_PAGES_H

#include <stddef.h>

enum { HUGE_PAGE_BYTES = 2 << 20 };

// Asks for huge pages where whole ones fit; without them it is only slower.
void huge_pages_advise(void *data, size_t bytes);

#endif
