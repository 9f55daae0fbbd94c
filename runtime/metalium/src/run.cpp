// Running programs, and the calls that do without a queue.

#include "buffers.hpp"

#include <cstring>
#include <map>

#include <tt-metalium/tt_metal.hpp>

namespace tessera {

void build(tt::tt_metal::Program &program) {
  const at_work alone(guard());
  tt::tt_metal::Program::Impl &what = program.impl();
  if (what.built)
    return;
  std::vector<kernel_source> sources = what.sources;
  for (kernel_source &source : sources)
    if (!source.is_compute)
      source.prelude += formats_for(what, source);
  build_kernels(*what.on, what.program, sources, what.profile);
  what.built = true;
}

void run(tt::tt_metal::Program &program) {
  const at_work alone(guard());
  build(program);
  program.impl().on->check([&] { return tsr_sim_run(program.impl().program); });
}

} // namespace tessera

namespace tt::tt_metal {

using tessera::fatal;

// -- Devices ------------------------------------------------------------------

namespace {

std::map<IDevice *, std::shared_ptr<IDevice>> &open_devices() {
  static std::map<IDevice *, std::shared_ptr<IDevice>> devices;
  return devices;
}

} // namespace

IDevice *CreateDevice(ChipId id, std::uint8_t num_command_queues,
                      std::size_t l1_small_size, std::size_t trace_region_size,
                      const DispatchCoreConfig &dispatch) {
  const tessera::at_work alone(tessera::guard());
  std::shared_ptr<IDevice> made = distributed::MeshDevice::create_unit_mesh(
      id, l1_small_size, trace_region_size, num_command_queues, dispatch);
  return open_devices().emplace(made.get(), made).first->first;
}

bool CloseDevice(IDevice *device) {
  const tessera::at_work alone(tessera::guard());
  auto found = open_devices().find(device);
  if (found == open_devices().end())
    return false;
  const bool was_open = device->close();
  open_devices().erase(found);
  return was_open;
}

// -- Buffers ------------------------------------------------------------------

namespace {

std::shared_ptr<Buffer> create(IDevice *device, DeviceAddr size,
                               DeviceAddr page_size, BufferType type,
                               const BufferShardingArgs &sharding) {
  if (!device)
    throw fatal("a buffer on no device");
  return BufferAccess::create(DeviceAccess::model_of(*device), size, page_size,
                              type, sharding);
}

} // namespace

std::shared_ptr<Buffer> CreateBuffer(const InterleavedBufferConfig &config) {
  return create(config.device, config.size, config.page_size,
                config.buffer_type, {});
}

std::shared_ptr<Buffer> CreateBuffer(const ShardedBufferConfig &config) {
  return create(
      config.device, config.size, config.page_size, config.buffer_type,
      BufferShardingArgs(config.shard_parameters, config.buffer_layout));
}

void DeallocateBuffer(Buffer &buffer) { BufferAccess::release(buffer); }

// -- Semaphores that outlive programs -----------------------------------------

namespace {

// One page on every core.
BufferDistributionSpec one_each(const CoreRangeSet &cores) {
  return BufferDistributionSpec(Shape({cores.num_cores()}), Shape({1}), cores,
                                ShardOrientation::ROW_MAJOR);
}

} // namespace

GlobalSemaphore::GlobalSemaphore(IDevice *device, const CoreRangeSet &cores,
                                 std::uint32_t initial_value, BufferType type)
    : device_(device) {
  if (type != BufferType::L1)
    throw fatal("a semaphore lies in L1");
  buffer_ = create(device, cores.num_cores() * sizeof(std::uint32_t),
                   sizeof(std::uint32_t), type, one_each(cores));
  reset_semaphore_value(initial_value);
}

void GlobalSemaphore::reset_semaphore_value(std::uint32_t value) const {
  const std::vector<std::uint32_t> values(buffer_->num_pages(), value);
  detail::WriteToBuffer(*buffer_, values);
}

// -- Without a queue ----------------------------------------------------------

namespace detail {

void WriteToBuffer(Buffer &buffer, std::span<const std::uint8_t> data) {
  const tessera::model &on = BufferAccess::model_of(buffer);
  on.check([&] {
    return tsr_sim_upload(on.sim, BufferAccess::memory_of(buffer),
                          buffer.address(), data.data(), data.size());
  });
}

void ReadFromBuffer(Buffer &buffer, std::uint8_t *data) {
  const tessera::model &on = BufferAccess::model_of(buffer);
  on.check([&] {
    return tsr_sim_download(on.sim, BufferAccess::memory_of(buffer),
                            buffer.address(), data, buffer.size());
  });
}

namespace {

void *l1_of(IDevice *device, const CoreCoord &core, std::uint32_t address,
            std::size_t bytes) {
  const tessera::at_work alone(tessera::guard());
  const std::shared_ptr<tessera::model> on = DeviceAccess::model_of(*device);
  void *at = tsr_sim_l1(on->sim, static_cast<std::uint32_t>(core.x),
                        static_cast<std::uint32_t>(core.y), address,
                        static_cast<std::uint32_t>(bytes));
  if (!at)
    throw fatal(tsr_sim_error(on->sim));
  return at;
}

} // namespace

bool WriteToDeviceL1(IDevice *device, const CoreCoord &core,
                     std::uint32_t address,
                     std::span<const std::uint8_t> data) {
  std::memcpy(l1_of(device, core, address, data.size()), data.data(),
              data.size());
  return true;
}

bool WriteToDeviceL1(IDevice *device, const CoreCoord &core,
                     std::uint32_t address, std::vector<std::uint32_t> &data) {
  const std::size_t bytes = data.size() * sizeof(std::uint32_t);
  std::memcpy(l1_of(device, core, address, bytes), data.data(), bytes);
  return true;
}

bool ReadFromDeviceL1(IDevice *device, const CoreCoord &core,
                      std::uint32_t address, std::span<std::uint8_t> data) {
  std::memcpy(data.data(), l1_of(device, core, address, data.size()),
              data.size());
  return true;
}

bool ReadFromDeviceL1(IDevice *device, const CoreCoord &core,
                      std::uint32_t address, std::uint32_t bytes,
                      std::vector<std::uint32_t> &data) {
  data.resize((bytes + sizeof(std::uint32_t) - 1) / sizeof(std::uint32_t));
  std::memcpy(data.data(), l1_of(device, core, address, bytes), bytes);
  return true;
}

void LaunchProgram(IDevice *device, Program &program, bool, bool) {
  DeviceAccess::model_of(*device);
  tessera::run(program);
}

void CompileProgram(IDevice *device, Program &program, bool) {
  DeviceAccess::model_of(*device);
  tessera::build(program);
}

} // namespace detail
} // namespace tt::tt_metal
