// distributed.hpp: the device, its buffers, and running programs. Everything
// is done when it is enqueued.

#include "buffers.hpp"

#include <cstring>
#include <string>

#include <tt-metalium/distributed.hpp>

namespace tt::tt_metal {

using tessera::fatal;
using tessera::model;

namespace distributed {

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

std::pair<bool, bool> ShardedBufferConfig::replicated_dims() const {
  return {shard_shape.height() == 0, shard_shape.width() == 0};
}

Shape2D ShardedBufferConfig::physical_shard_shape() const {
  return Shape2D(shard_shape.height() ? shard_shape.height()
                                      : global_buffer_shape.height(),
                 shard_shape.width() ? shard_shape.width()
                                     : global_buffer_shape.width());
}

std::uint32_t ShardedBufferConfig::compute_datum_size_bytes() const {
  const std::size_t elements =
      global_buffer_shape.height() * global_buffer_shape.width();
  return elements ? static_cast<std::uint32_t>(global_size / elements) : 0;
}

namespace {

// Bytes on the one device.
DeviceAddr local_size(const MeshBufferConfig &global) {
  if (const auto *copy = std::get_if<ReplicatedBufferConfig>(&global))
    return copy->size;
  const auto &cut = std::get<ShardedBufferConfig>(global);
  if (cut.physical_shard_shape() != cut.global_buffer_shape)
    throw fatal("a mesh buffer in several shards: the model's mesh has one "
                "device");
  return cut.global_size;
}

} // namespace

std::shared_ptr<MeshBuffer>
MeshBuffer::create(const MeshBufferConfig &global,
                   const DeviceLocalBufferConfig &local, MeshDevice *device,
                   std::optional<DeviceAddr> address) {
  if (address)
    throw fatal("the model places buffers itself");
  open_model(device->model_);
  std::shared_ptr<MeshBuffer> made(new MeshBuffer);
  made->buffer_ = BufferAccess::create(
      std::static_pointer_cast<model>(device->model_), local_size(global),
      local.page_size, local.buffer_type, local.sharding_args);
  made->global_ = global;
  made->local_ = local;
  made->device_ = device;
  return made;
}

const ShardedBufferConfig &MeshBuffer::global_shard_spec() const {
  if (const auto *cut = std::get_if<ShardedBufferConfig>(&global_))
    return *cut;
  throw fatal("the mesh buffer is replicated");
}

void MeshBuffer::deallocate() { BufferAccess::release(*buffer_); }

void MeshCommandQueue::enqueue_write_mesh_buffer(
    const std::shared_ptr<MeshBuffer> &buffer, const void *data, bool) {
  open_model(device_->model_);
  const Buffer &to = *buffer->get_backing_buffer();
  const model &on = BufferAccess::model_of(to);
  on.check(tsr_sim_upload(on.sim, BufferAccess::memory_of(to), to.address(),
                          data, to.size()));
}

void MeshCommandQueue::enqueue_read_mesh_buffer(
    void *data, const std::shared_ptr<MeshBuffer> &buffer, bool) {
  open_model(device_->model_);
  const Buffer &from = *buffer->get_backing_buffer();
  const model &on = BufferAccess::model_of(from);
  on.check(tsr_sim_download(on.sim, BufferAccess::memory_of(from),
                            from.address(), data, from.size()));
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
