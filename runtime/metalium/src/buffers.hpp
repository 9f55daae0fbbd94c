// Buffers as the rest of the runtime makes and uses them.

#ifndef TESSERA_RUNTIME_BUFFERS_HPP
#define TESSERA_RUNTIME_BUFFERS_HPP

#include <tt-metalium/buffer.hpp>

#include "model.hpp"

namespace tt::tt_metal {

namespace distributed {
struct DeviceAccess {
  // Throws when the device is closed.
  static std::shared_ptr<tessera::model> model_of(const MeshDevice &device) {
    if (!device.model_)
      throw tessera::fatal("the device is closed");
    return std::static_pointer_cast<tessera::model>(device.model_);
  }
};
} // namespace distributed
using distributed::DeviceAccess;

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
