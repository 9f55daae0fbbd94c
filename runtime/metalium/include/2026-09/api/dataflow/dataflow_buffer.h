// What newer kernels call a circular buffer.

#ifndef TESSERA_2026_09_API_DATAFLOW_DATAFLOW_BUFFER_H
#define TESSERA_2026_09_API_DATAFLOW_DATAFLOW_BUFFER_H

#include "tessera_metalium/dataflow_buffer.h"

#endif
