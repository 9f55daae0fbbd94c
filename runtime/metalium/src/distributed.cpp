// distributed.hpp: the device, its buffers, and running programs. Everything
// is done when it is enqueued.

#include "model.hpp"

#include <cstring>
#include <string>

#include <tt-metalium/distributed.hpp>

namespace tt::tt_metal {

using tessera::fatal;
using tessera::model;

// Lets the runtime fill in what a program only reads.
struct BufferAccess {
  static void fill(Buffer &buffer, DeviceAddr address, DeviceAddr size,
                   DeviceAddr page_size, DeviceAddr align, BufferType type) {
    buffer.address_ = address;
    buffer.size_ = size;
    buffer.page_size_ = page_size;
    buffer.aligned_page_size_ = (page_size + align - 1) / align * align;
    buffer.type_ = type;
  }
};

namespace distributed {

namespace {

std::shared_ptr<model> as_model(const std::shared_ptr<void> &pointer) {
  return std::static_pointer_cast<model>(pointer);
}

tsr_sim_memory memory_of(const Buffer &buffer) {
  return buffer.is_dram() ? TSR_SIM_DRAM : TSR_SIM_L1;
}

} // namespace

// -- Device -------------------------------------------------------------------

std::shared_ptr<MeshDevice>
MeshDevice::create_unit_mesh(int device_id, std::size_t, std::size_t,
                             std::size_t, const DispatchCoreConfig &) {
  if (device_id != 0)
    throw fatal("device " + std::to_string(device_id) +
                ": the model has one device, number 0");
  std::shared_ptr<MeshDevice> device(new MeshDevice);
  device->model_ = model::get();
  device->queue_.device_ = device.get();
  return device;
}

MeshDevice::~MeshDevice() = default;

namespace {
const model &open_model(const std::shared_ptr<void> &pointer) {
  if (!pointer)
    throw fatal("the device is closed");
  return *static_cast<const model *>(pointer.get());
}
} // namespace

CoreCoord MeshDevice::compute_with_storage_grid_size() const {
  const model &on = open_model(model_);
  return CoreCoord(on.target.grid_cols, on.target.grid_rows);
}

CoreCoord MeshDevice::logical_grid_size() const {
  return compute_with_storage_grid_size();
}

CoreCoord
MeshDevice::worker_core_from_logical_core(const CoreCoord &core) const {
  const model &on = open_model(model_);
  std::uint32_t x = 0, y = 0;
  on.check(tsr_sim_noc_of_core(on.sim, static_cast<std::uint32_t>(core.x),
                               static_cast<std::uint32_t>(core.y), &x, &y));
  return CoreCoord(x, y);
}

std::uint32_t MeshDevice::l1_size_per_core() const {
  return open_model(model_).target.l1_bytes;
}

std::uint32_t MeshDevice::dram_size_per_channel() const {
  return static_cast<std::uint32_t>(open_model(model_).target.dram_bank_bytes);
}

int MeshDevice::num_dram_channels() const {
  return static_cast<int>(open_model(model_).target.dram_banks);
}

tt::ARCH MeshDevice::arch() const {
  return std::strcmp(open_model(model_).target.arch, "blackhole") == 0
             ? tt::ARCH::BLACKHOLE
             : tt::ARCH::WORMHOLE_B0;
}

bool MeshDevice::close() {
  bool was_open = model_ != nullptr;
  model_.reset();
  return was_open;
}

// -- Buffers ------------------------------------------------------------------

std::shared_ptr<MeshBuffer>
MeshBuffer::create(const ReplicatedBufferConfig &size,
                   const DeviceLocalBufferConfig &config, MeshDevice *device,
                   std::optional<DeviceAddr> address) {
  if (address)
    throw fatal("the model places buffers itself");
  if (config.buffer_type != BufferType::DRAM &&
      config.buffer_type != BufferType::L1)
    throw fatal("the model has buffers in DRAM and L1");
  if (config.page_size == 0 || config.page_size > 0xffffffffu)
    throw fatal("a buffer's page size is between 1 B and 4 GiB");
  const model &on = open_model(device->model_);
  std::shared_ptr<MeshBuffer> made(new MeshBuffer);
  made->device_ = device;
  made->model_ = device->model_;
  const bool is_dram = config.buffer_type == BufferType::DRAM;
  std::uint64_t at = 0;
  on.check(tsr_sim_alloc(on.sim, is_dram ? TSR_SIM_DRAM : TSR_SIM_L1, size.size,
                         static_cast<std::uint32_t>(config.page_size), &at));
  made->allocated_ = true;
  BufferAccess::fill(made->buffer_, at, size.size, config.page_size,
                     is_dram ? on.target.dram_read_align
                             : on.target.l1_read_align,
                     config.buffer_type);
  return made;
}

void MeshBuffer::deallocate() {
  if (allocated_)
    tsr_sim_free(as_model(model_)->sim, memory_of(buffer_), buffer_.address());
  allocated_ = false;
}

MeshBuffer::~MeshBuffer() { deallocate(); }

void MeshCommandQueue::enqueue_write_mesh_buffer(
    const std::shared_ptr<MeshBuffer> &buffer, const void *data, bool) {
  const model &on = open_model(device_->model_);
  const Buffer &to = *buffer->get_backing_buffer();
  on.check(
      tsr_sim_upload(on.sim, memory_of(to), to.address(), data, to.size()));
}

void MeshCommandQueue::enqueue_read_mesh_buffer(
    void *data, const std::shared_ptr<MeshBuffer> &buffer, bool) {
  const model &on = open_model(device_->model_);
  const Buffer &from = *buffer->get_backing_buffer();
  on.check(tsr_sim_download(on.sim, memory_of(from), from.address(), data,
                            from.size()));
}

void detail::fail_upload_size(std::size_t bytes, DeviceAddr size) {
  throw fatal("a vector of " + std::to_string(bytes) + " B for a buffer of " +
              std::to_string(size) + " B");
}

// -- Running ------------------------------------------------------------------

void MeshWorkload::add_program(const MeshCoordinateRange &, Program &&program) {
  program.impl(); // an empty program is an error here
  programs_.push_back(std::move(program));
}

namespace {

void run(Program &program) {
  Program::Impl &what = program.impl();
  if (!what.built)
    tessera::build_kernels(*what.on, what.program, what.sources, what.profile);
  what.built = true;
  what.on->check(tsr_sim_run(what.program));
}

} // namespace

void MeshCommandQueue::enqueue_mesh_workload(MeshWorkload &workload, bool) {
  open_model(device_->model_);
  for (Program &program : workload.programs())
    run(program);
}

void EnqueueMeshWorkload(MeshCommandQueue &queue, MeshWorkload &workload,
                         bool blocking) {
  queue.enqueue_mesh_workload(workload, blocking);
}

void Finish(MeshCommandQueue &queue) { queue.finish(); }

} // namespace distributed
} // namespace tt::tt_metal
