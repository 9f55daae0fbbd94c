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
                             std::size_t num_command_queues,
                             const DispatchCoreConfig &) {
  if (device_id != 0)
    throw fatal("device " + std::to_string(device_id) +
                ": the model has one device, number 0");
  if (num_command_queues < 1 || num_command_queues > 2)
    throw fatal(std::to_string(num_command_queues) +
                " command queues, but a device has 1 or 2");
  std::shared_ptr<MeshDevice> device(new MeshDevice);
  const std::shared_ptr<model> on = model::get();
  device->model_ = on;
  device->allocator_ = std::make_unique<Allocator>(
      on->target.dram_read_align, on->target.l1_read_align,
      on->target.dram_banks, on->target.grid_rows * on->target.grid_cols);
  for (std::uint32_t i = 0; i < num_command_queues; ++i) {
    device->queues_.push_back(std::make_unique<MeshCommandQueue>());
    device->queues_.back()->device_ = device.get();
    device->queues_.back()->id_ = i;
  }
  return device;
}

std::shared_ptr<MeshDevice>
MeshDevice::create(const MeshDeviceConfig &config, std::size_t l1_small_size,
                   std::size_t trace_region_size,
                   std::size_t num_command_queues,
                   const DispatchCoreConfig &dispatch) {
  const MeshShape &shape = config.mesh_shape;
  if (!(shape == MeshShape(1, 1)))
    throw fatal("a mesh of " + std::to_string(shape[0]) + " x " +
                std::to_string(shape[1]) +
                " devices: the model's mesh has one device");
  return create_unit_mesh(0, l1_small_size, trace_region_size,
                          num_command_queues, dispatch);
}

MeshCommandQueue &MeshDevice::mesh_command_queue(std::size_t queue) {
  if (queue >= queues_.size())
    throw fatal("command queue " + std::to_string(queue) +
                ", but the device was given " + std::to_string(queues_.size()));
  return *queues_[queue];
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
  on.check([&] {
    return tsr_sim_noc_of_core(on.sim, static_cast<std::uint32_t>(core.x),
                               static_cast<std::uint32_t>(core.y), &x, &y);
  });
  return CoreCoord(x, y);
}

std::vector<CoreCoord> MeshDevice::worker_cores_from_logical_cores(
    const std::vector<CoreCoord> &cores) const {
  std::vector<CoreCoord> out;
  for (const CoreCoord &core : cores)
    out.push_back(worker_core_from_logical_core(core));
  return out;
}

CoreCoord MeshDevice::dram_grid_size() const {
  return CoreCoord(open_model(model_).target.dram_banks, 1);
}

CoreCoord
MeshDevice::logical_core_from_dram_channel(std::uint32_t channel) const {
  if (channel >= open_model(model_).target.dram_banks)
    throw fatal("DRAM channel " + std::to_string(channel) + ", but there are " +
                std::to_string(open_model(model_).target.dram_banks));
  return CoreCoord(channel, 0);
}

int MeshDevice::get_clock_rate_mhz() const {
  return static_cast<int>(open_model(model_).target.clock_mhz);
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
  on.check([&] {
    return tsr_sim_upload(on.sim, BufferAccess::memory_of(to), to.address(),
                          data, to.size());
  });
}

void MeshCommandQueue::enqueue_read_mesh_buffer(
    void *data, const std::shared_ptr<MeshBuffer> &buffer, bool) {
  open_model(device_->model_);
  const Buffer &from = *buffer->get_backing_buffer();
  const model &on = BufferAccess::model_of(from);
  on.check([&] {
    return tsr_sim_download(on.sim, BufferAccess::memory_of(from),
                            from.address(), data, from.size());
  });
}

void detail::write(MeshCommandQueue &queue,
                   const std::shared_ptr<MeshBuffer> &buffer, const void *data,
                   std::size_t bytes, bool may_be_less) {
  if (bytes < buffer->size() && !may_be_less)
    throw fatal("a vector of " + std::to_string(bytes) + " B for a buffer of " +
                std::to_string(buffer->size()) + " B");
  if (bytes >= buffer->size()) {
    queue.enqueue_write_mesh_buffer(buffer, data, false);
    return;
  }
  const Buffer &to = *buffer->get_backing_buffer();
  const model &on = BufferAccess::model_of(to);
  on.check([&] {
    return tsr_sim_upload(on.sim, BufferAccess::memory_of(to), to.address(),
                          data, bytes);
  });
}

void detail::check_coordinate(const MeshCoordinate &at) {
  if (!(at == MeshCoordinate(0, 0)))
    throw fatal("device (" + std::to_string(at[0]) + "," +
                std::to_string(at[1]) + "): the model's mesh has one device");
}

// -- Running ------------------------------------------------------------------

void MeshWorkload::add_program(const MeshCoordinateRange &range,
                               Program &&program) {
  program.impl(); // an empty program is an error here
  for (const MeshCoordinate &at : range)
    detail::check_coordinate(at);
  programs_.list_.push_back({range, std::move(program)});
}

Program &MeshWorkload::Programs::at(const MeshCoordinateRange &range) {
  for (value_type &entry : list_)
    if (entry.first == range)
      return entry.second;
  throw fatal("the workload has no program for those devices");
}

void MeshCommandQueue::enqueue_mesh_workload(MeshWorkload &workload, bool) {
  open_model(device_->model_);
  for (auto &[id, trace] : device_->traces_)
    if (trace.recording) {
      trace.workloads.push_back(&workload);
      return;
    }
  for (auto &entry : workload.get_programs())
    tessera::run(entry.second);
}

void EnqueueMeshWorkload(MeshCommandQueue &queue, MeshWorkload &workload,
                         bool blocking) {
  queue.enqueue_mesh_workload(workload, blocking);
}

void Finish(MeshCommandQueue &queue, const std::vector<SubDeviceId> &) {
  queue.finish();
}

void Synchronize(MeshDevice *device, std::optional<std::uint8_t> queue,
                 const std::vector<SubDeviceId> &) {
  device->mesh_command_queue(queue.value_or(0)).finish();
}

// -- Events -------------------------------------------------------------------

MeshEvent MeshCommandQueue::enqueue_record_event() {
  return MeshEvent(++events_, device_, id_,
                   MeshCoordinateRange(device_->shape()));
}

MeshEvent MeshCommandQueue::enqueue_record_event_to_host() {
  return enqueue_record_event();
}

void MeshCommandQueue::enqueue_wait_for_event(const MeshEvent &event) {
  if (event.device() != device_)
    throw fatal("an event of another device");
}

void EventSynchronize(const MeshEvent &) {}
bool EventQuery(const MeshEvent &) { return true; }

// -- Traces -------------------------------------------------------------------

MeshTraceId MeshDevice::begin_mesh_trace(std::uint8_t queue) {
  mesh_command_queue(queue);
  for (const auto &[id, trace] : traces_)
    if (trace.recording)
      throw fatal("a trace is being captured already");
  const MeshTraceId id{trace_count_++};
  traces_[id] = {};
  return id;
}

void MeshDevice::end_mesh_trace(std::uint8_t, const MeshTraceId &trace) {
  auto found = traces_.find(trace);
  if (found == traces_.end() || !found->second.recording)
    throw fatal("trace " + std::to_string(*trace) + " is not being captured");
  found->second.recording = false;
}

void MeshDevice::replay_mesh_trace(std::uint8_t queue, const MeshTraceId &trace,
                                   bool blocking) {
  auto found = traces_.find(trace);
  if (found == traces_.end() || found->second.recording)
    throw fatal("trace " + std::to_string(*trace) + " was not captured");
  for (MeshWorkload *workload : found->second.workloads)
    mesh_command_queue(queue).enqueue_mesh_workload(*workload, blocking);
}

void MeshDevice::release_mesh_trace(const MeshTraceId &trace) {
  traces_.erase(trace);
}

MeshTraceId BeginTraceCapture(MeshDevice *device, std::uint8_t queue) {
  return device->begin_mesh_trace(queue);
}

} // namespace distributed
} // namespace tt::tt_metal
