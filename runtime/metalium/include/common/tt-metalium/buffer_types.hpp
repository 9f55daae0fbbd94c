// Where buffers lie.

#ifndef TESSERA_TT_METALIUM_BUFFER_TYPES_HPP
#define TESSERA_TT_METALIUM_BUFFER_TYPES_HPP

#include <cstdint>

namespace tt::tt_metal {

using DeviceAddr = std::uint64_t;

enum class BufferType { DRAM, L1, SYSTEM_MEMORY, L1_SMALL, TRACE };

} // namespace tt::tt_metal

#endif
