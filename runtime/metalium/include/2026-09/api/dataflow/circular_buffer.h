// Circular buffers as objects.

#ifndef TESSERA_2026_09_API_DATAFLOW_CIRCULAR_BUFFER_H
#define TESSERA_2026_09_API_DATAFLOW_CIRCULAR_BUFFER_H

#include "tessera_metalium/circular_buffer.h"

#endif
