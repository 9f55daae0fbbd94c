// Buffers as the rest of the runtime makes and uses them.

#ifndef TESSERA_RUNTIME_BUFFERS_HPP
#define TESSERA_RUNTIME_BUFFERS_HPP

#include <tt-metalium/buffer.hpp>

#include "model.hpp"

namespace tt::tt_metal {

struct BufferAccess {
  // Allocates; throws what is wrong.
  static std::shared_ptr<Buffer>
  create(const std::shared_ptr<tessera::model> &on, DeviceAddr size,
         DeviceAddr page_size, BufferType type, const BufferShardingArgs &args);

  // Throws when the buffer was deallocated.
  static const tessera::model &model_of(const Buffer &buffer);

  static tsr_sim_memory memory_of(const Buffer &buffer) {
    return buffer.is_dram() ? TSR_SIM_DRAM : TSR_SIM_L1;
  }

  static void release(Buffer &buffer);
};

} // namespace tt::tt_metal

#endif
