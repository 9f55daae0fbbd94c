// A mesh of one device, its buffers, and running programs on it.

#ifndef TESSERA_TT_METALIUM_DISTRIBUTED_HPP
#define TESSERA_TT_METALIUM_DISTRIBUTED_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/program.hpp>
#include <tt-metalium/shape2d.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal {

// Accepted and not modelled.
struct DispatchCoreConfig {};

namespace distributed {

class MeshDevice;

class MeshCoordinate {
public:
  MeshCoordinate(std::uint32_t row, std::uint32_t col) : row_(row), col_(col) {}
  std::uint32_t operator[](std::size_t dim) const { return dim ? col_ : row_; }

private:
  std::uint32_t row_;
  std::uint32_t col_;
};

class MeshShape {
public:
  MeshShape(std::uint32_t rows, std::uint32_t cols)
      : rows_(rows), cols_(cols) {}
  std::uint32_t operator[](std::size_t dim) const {
    return dim ? cols_ : rows_;
  }
  std::size_t mesh_size() const { return std::size_t(rows_) * cols_; }

private:
  std::uint32_t rows_;
  std::uint32_t cols_;
};

class MeshCoordinateRange {
public:
  explicit MeshCoordinateRange(const MeshShape &shape)
      : start_(0, 0), end_(shape[0] - 1, shape[1] - 1) {}
  MeshCoordinateRange(const MeshCoordinate &start, const MeshCoordinate &end)
      : start_(start), end_(end) {}

private:
  MeshCoordinate start_;
  MeshCoordinate end_;
};

struct DeviceLocalBufferConfig {
  DeviceAddr page_size = 0;
  BufferType buffer_type = BufferType::DRAM;
  BufferShardingArgs sharding_args = {};
  std::optional<bool> bottom_up = std::nullopt;
  std::optional<SubDeviceId> sub_device_id = std::nullopt;
};

// On every device the same.
struct ReplicatedBufferConfig {
  DeviceAddr size = 0;
};

// A matrix cut into one piece per device: the model's mesh has one. A side of 0
// of the shard is that of the whole.
struct ShardedBufferConfig {
  DeviceAddr global_size = 0;
  Shape2D global_buffer_shape = {0, 0};
  Shape2D shard_shape = {0, 0};
  ShardOrientation shard_orientation = ShardOrientation::ROW_MAJOR;

  std::uint32_t compute_datum_size_bytes() const;
  std::pair<bool, bool> replicated_dims() const;
  Shape2D physical_shard_shape() const;
};

enum class MeshBufferLayout : std::uint8_t { REPLICATED, SHARDED };
using MeshBufferConfig =
    std::variant<ReplicatedBufferConfig, ShardedBufferConfig>;

class MeshBuffer {
public:
  static std::shared_ptr<MeshBuffer>
  create(const MeshBufferConfig &global, const DeviceLocalBufferConfig &local,
         MeshDevice *device, std::optional<DeviceAddr> address = std::nullopt);
  ~MeshBuffer() = default;
  MeshBuffer(const MeshBuffer &) = delete;
  MeshBuffer &operator=(const MeshBuffer &) = delete;

  DeviceAddr address() const { return buffer_->address(); }
  DeviceAddr size() const { return buffer_->size(); }
  DeviceAddr device_local_size() const { return buffer_->size(); }
  std::uint32_t page_size() const {
    return static_cast<std::uint32_t>(buffer_->page_size());
  }
  std::uint32_t num_pages() const { return buffer_->num_pages(); }
  MeshBufferLayout global_layout() const {
    return static_cast<MeshBufferLayout>(global_.index());
  }
  const MeshBufferConfig &global_config() const { return global_; }
  const ShardedBufferConfig &global_shard_spec() const;
  const DeviceLocalBufferConfig &device_local_config() const { return local_; }
  MeshDevice *device() const { return device_; }
  Buffer *get_backing_buffer() const { return buffer_.get(); }
  Buffer *get_reference_buffer() const { return buffer_.get(); }
  Buffer *get_device_buffer(const MeshCoordinate &) const {
    return buffer_.get();
  }
  bool is_allocated() const { return buffer_->is_allocated(); }
  void deallocate();

private:
  MeshBuffer() = default;
  std::shared_ptr<Buffer> buffer_;
  MeshBufferConfig global_;
  DeviceLocalBufferConfig local_;
  MeshDevice *device_ = nullptr;
};

// Programs to be run one after the other; may be run again.
class MeshWorkload {
public:
  MeshWorkload() = default;
  void add_program(const MeshCoordinateRange &range, Program &&program);
  std::vector<Program> &programs() { return programs_; }

private:
  std::vector<Program> programs_;
};

// Work is done when it is enqueued, so nothing is ever left to wait for.
class MeshCommandQueue {
public:
  void enqueue_write_mesh_buffer(const std::shared_ptr<MeshBuffer> &buffer,
                                 const void *data, bool blocking);
  void enqueue_read_mesh_buffer(void *data,
                                const std::shared_ptr<MeshBuffer> &buffer,
                                bool blocking);
  void enqueue_mesh_workload(MeshWorkload &workload, bool blocking);
  void finish() {}
  MeshDevice *device() const { return device_; }

private:
  friend class MeshDevice;
  MeshDevice *device_ = nullptr;
};

class MeshDevice {
public:
  static std::shared_ptr<MeshDevice>
  create_unit_mesh(int device_id, std::size_t l1_small_size = 0,
                   std::size_t trace_region_size = 0,
                   std::size_t num_command_queues = 1,
                   const DispatchCoreConfig &dispatch = {});
  ~MeshDevice();
  MeshDevice(const MeshDevice &) = delete;
  MeshDevice &operator=(const MeshDevice &) = delete;

  MeshCommandQueue &mesh_command_queue(std::size_t = 0) { return queue_; }
  MeshShape shape() const { return MeshShape(1, 1); }
  std::size_t num_devices() const { return 1; }
  int id() const { return 0; }
  CoreCoord compute_with_storage_grid_size() const;
  CoreCoord logical_grid_size() const;
  CoreCoord worker_core_from_logical_core(const CoreCoord &core) const;
  std::uint32_t l1_size_per_core() const;
  std::uint32_t dram_size_per_channel() const;
  int num_dram_channels() const;
  tt::ARCH arch() const;
  bool close();

private:
  MeshDevice() = default;
  friend class MeshBuffer;
  friend class MeshCommandQueue;
  std::shared_ptr<void> model_;
  MeshCommandQueue queue_;
};

void EnqueueMeshWorkload(MeshCommandQueue &queue, MeshWorkload &workload,
                         bool blocking);
void Finish(MeshCommandQueue &queue);

namespace detail {
[[noreturn]] void fail_upload_size(std::size_t bytes, DeviceAddr size);
}

template <typename T>
void EnqueueWriteMeshBuffer(MeshCommandQueue &queue,
                            std::shared_ptr<MeshBuffer> &buffer,
                            const std::vector<T> &data, bool blocking = false) {
  if (data.size() * sizeof(T) < buffer->size())
    detail::fail_upload_size(data.size() * sizeof(T), buffer->size());
  queue.enqueue_write_mesh_buffer(buffer, data.data(), blocking);
}

template <typename T>
void EnqueueReadMeshBuffer(MeshCommandQueue &queue, std::vector<T> &data,
                           std::shared_ptr<MeshBuffer> &buffer,
                           bool blocking = true) {
  data.resize(buffer->size() / sizeof(T));
  queue.enqueue_read_mesh_buffer(data.data(), buffer, blocking);
}

} // namespace distributed
} // namespace tt::tt_metal

#endif
