// A circular buffer as an object.

#ifndef TESSERA_2026_02_EXPERIMENTAL_CIRCULAR_BUFFER_H
#define TESSERA_2026_02_EXPERIMENTAL_CIRCULAR_BUFFER_H

#ifndef COMPILE_FOR_TRISC
#include "experimental/noc.h"
#endif
#include "tessera_metalium/circular_buffer.h"

namespace experimental {

using ::CircularBuffer;
#ifndef COMPILE_FOR_TRISC
using ::CircularBufferView;
using ::use;
#endif

} // namespace experimental

#endif
