// A mesh of one device, its buffers, and running programs on it.

#ifndef TESSERA_TT_METALIUM_DISTRIBUTED_HPP
#define TESSERA_TT_METALIUM_DISTRIBUTED_HPP

#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <tt-metalium/allocator.hpp>
#include <tt-metalium/buffer.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/program.hpp>
#include <tt-metalium/shape2d.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>
#include <tt_stl/assert.hpp>
#include <tt_stl/span.hpp>

namespace tt::tt_metal {

// Accepted and not modelled: nothing is dispatched.
enum class DispatchCoreType : std::uint32_t { WORKER, ETH, COUNT };
enum class DispatchCoreAxis { ROW, COL, COUNT };
struct DispatchCoreConfig {
  DispatchCoreConfig(DispatchCoreType = DispatchCoreType::WORKER,
                     DispatchCoreAxis = DispatchCoreAxis::ROW) {}
};

namespace distributed {
class MeshDevice;
}
// The model's one device and the mesh of it are the same.
using IDevice = distributed::MeshDevice;
using ChipId = int;

namespace distributed {

class MeshDevice;

class MeshCoordinate {
public:
  MeshCoordinate(std::uint32_t row, std::uint32_t col) : row_(row), col_(col) {}
  std::uint32_t operator[](std::size_t dim) const { return dim ? col_ : row_; }
  static MeshCoordinate zero_coordinate(std::size_t) { return {0, 0}; }

  friend bool operator==(const MeshCoordinate &a, const MeshCoordinate &b) {
    return a.row_ == b.row_ && a.col_ == b.col_;
  }
  friend bool operator<(const MeshCoordinate &a, const MeshCoordinate &b) {
    return a.row_ < b.row_ || (a.row_ == b.row_ && a.col_ < b.col_);
  }

private:
  std::uint32_t row_;
  std::uint32_t col_;
};

class MeshShape {
public:
  explicit MeshShape(std::uint32_t cols) : MeshShape(1, cols) {}
  MeshShape(std::uint32_t rows, std::uint32_t cols)
      : rows_(rows), cols_(cols) {}
  std::uint32_t operator[](std::size_t dim) const {
    return dim ? cols_ : rows_;
  }
  std::size_t dims() const { return 2; }
  std::size_t mesh_size() const { return std::size_t(rows_) * cols_; }

  friend bool operator==(const MeshShape &a, const MeshShape &b) {
    return a.rows_ == b.rows_ && a.cols_ == b.cols_;
  }

private:
  std::uint32_t rows_;
  std::uint32_t cols_;
};

// Both corners included.
class MeshCoordinateRange {
public:
  explicit MeshCoordinateRange(const MeshShape &shape)
      : start_(0, 0), end_(shape[0] - 1, shape[1] - 1) {}
  explicit MeshCoordinateRange(const MeshCoordinate &at)
      : start_(at), end_(at) {}
  MeshCoordinateRange(const MeshCoordinate &start, const MeshCoordinate &end)
      : start_(start), end_(end) {}

  const MeshCoordinate &start_coord() const { return start_; }
  const MeshCoordinate &end_coord() const { return end_; }
  friend bool operator==(const MeshCoordinateRange &a,
                         const MeshCoordinateRange &b) {
    return a.start_ == b.start_ && a.end_ == b.end_;
  }

  // Row by row.
  class Iterator {
  public:
    Iterator(const MeshCoordinateRange &range, std::uint32_t row,
             std::uint32_t col)
        : range_(&range), at_(row, col) {}
    const MeshCoordinate &operator*() const { return at_; }
    Iterator &operator++() {
      at_ = at_[1] < range_->end_[1]
                ? MeshCoordinate(at_[0], at_[1] + 1)
                : MeshCoordinate(at_[0] + 1, range_->start_[1]);
      return *this;
    }
    bool operator!=(const Iterator &other) const { return !(at_ == other.at_); }
    bool operator==(const Iterator &other) const { return at_ == other.at_; }

  private:
    const MeshCoordinateRange *range_;
    MeshCoordinate at_;
  };
  Iterator begin() const { return Iterator(*this, start_[0], start_[1]); }
  Iterator end() const { return Iterator(*this, end_[0] + 1, start_[1]); }

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
  // By the devices they are for.
  class Programs {
  public:
    struct value_type {
      MeshCoordinateRange first;
      Program second;
    };
    std::vector<value_type>::iterator begin() { return list_.begin(); }
    std::vector<value_type>::iterator end() { return list_.end(); }
    std::size_t size() const { return list_.size(); }
    Program &at(const MeshCoordinateRange &range);
    Program &operator[](const MeshCoordinateRange &range) { return at(range); }

  private:
    friend class MeshWorkload;
    std::vector<value_type> list_;
  };
  Programs &get_programs() { return programs_; }

private:
  Programs programs_;
};

// A place in a queue. Work is done when it is enqueued, so every event has
// happened.
class MeshEvent {
public:
  MeshEvent(std::uint32_t id, MeshDevice *device, std::uint32_t queue,
            const MeshCoordinateRange &range)
      : id_(id), device_(device), queue_(queue), range_(range) {}

  std::uint32_t id() const { return id_; }
  MeshDevice *device() const { return device_; }
  std::uint32_t mesh_cq_id() const { return queue_; }
  const MeshCoordinateRange &device_range() const { return range_; }

private:
  std::uint32_t id_;
  MeshDevice *device_;
  std::uint32_t queue_;
  MeshCoordinateRange range_;
};

class MeshCommandQueue {
public:
  void enqueue_write_mesh_buffer(const std::shared_ptr<MeshBuffer> &buffer,
                                 const void *data, bool blocking);
  void enqueue_read_mesh_buffer(void *data,
                                const std::shared_ptr<MeshBuffer> &buffer,
                                bool blocking);
  void enqueue_mesh_workload(MeshWorkload &workload, bool blocking);

  MeshEvent enqueue_record_event();
  MeshEvent enqueue_record_event_to_host();
  // Throws when the event is another device's.
  void enqueue_wait_for_event(const MeshEvent &event);
  void finish() {}

  std::uint32_t id() const { return id_; }
  MeshDevice *device() const { return device_; }

private:
  friend class MeshDevice;
  MeshDevice *device_ = nullptr;
  std::uint32_t id_ = 0;
  std::uint32_t events_ = 0;
};

struct MeshDeviceConfig {
  explicit MeshDeviceConfig(const MeshShape &shape) : mesh_shape(shape) {}
  MeshShape mesh_shape;
};

// Workloads recorded instead of run, to be run as often as wanted.
struct MeshTraceId {
  std::uint32_t value = 0;
  std::uint32_t operator*() const { return value; }
  friend bool operator<(MeshTraceId a, MeshTraceId b) {
    return a.value < b.value;
  }
};

class MeshDevice {
public:
  static std::shared_ptr<MeshDevice>
  create_unit_mesh(int device_id, std::size_t l1_small_size = 0,
                   std::size_t trace_region_size = 0,
                   std::size_t num_command_queues = 1,
                   const DispatchCoreConfig &dispatch = {});
  // Throws when the mesh is to have more than one device.
  static std::shared_ptr<MeshDevice>
  create(const MeshDeviceConfig &config, std::size_t l1_small_size = 0,
         std::size_t trace_region_size = 0, std::size_t num_command_queues = 1,
         const DispatchCoreConfig &dispatch = {});
  ~MeshDevice();
  MeshDevice(const MeshDevice &) = delete;
  MeshDevice &operator=(const MeshDevice &) = delete;

  MeshCommandQueue &mesh_command_queue(std::size_t queue = 0);
  MeshShape shape() const { return MeshShape(1, 1); }
  std::size_t num_devices() const { return 1; }
  std::size_t num_rows() const { return 1; }
  std::size_t num_cols() const { return 1; }
  std::uint8_t num_hw_cqs() const {
    return static_cast<std::uint8_t>(queues_.size());
  }
  int id() const { return 0; }
  bool is_initialized() const { return model_ != nullptr; }
  std::vector<IDevice *> get_devices() { return {this}; }
  IDevice *get_device(const MeshCoordinate &) { return this; }

  // The model has none.
  std::unordered_set<CoreCoord> get_active_ethernet_cores(bool = false) const {
    return {};
  }
  CoreCoord compute_with_storage_grid_size() const;
  CoreCoord logical_grid_size() const;
  CoreCoord dram_grid_size() const;
  CoreCoord worker_core_from_logical_core(const CoreCoord &core) const;
  std::vector<CoreCoord>
  worker_cores_from_logical_cores(const std::vector<CoreCoord> &cores) const;
  CoreCoord logical_core_from_dram_channel(std::uint32_t channel) const;
  std::uint32_t l1_size_per_core() const;
  std::uint32_t dram_size_per_channel() const;
  int num_dram_channels() const;
  int get_clock_rate_mhz() const;
  const std::unique_ptr<Allocator> &allocator() const { return allocator_; }
  tt::ARCH arch() const;

  MeshTraceId begin_mesh_trace(std::uint8_t queue);
  void end_mesh_trace(std::uint8_t queue, const MeshTraceId &trace);
  void replay_mesh_trace(std::uint8_t queue, const MeshTraceId &trace,
                         bool blocking);
  void release_mesh_trace(const MeshTraceId &trace);

  void enable_program_cache() {}
  void disable_and_clear_program_cache() {}
  bool close();

private:
  MeshDevice() = default;
  friend class MeshBuffer;
  friend class MeshCommandQueue;
  friend struct DeviceAccess;

  struct Trace {
    bool recording = true;
    std::vector<MeshWorkload *> workloads;
  };

  std::shared_ptr<void> model_;
  std::unique_ptr<Allocator> allocator_;
  std::vector<std::unique_ptr<MeshCommandQueue>> queues_;
  std::map<MeshTraceId, Trace> traces_;
  std::uint32_t trace_count_ = 0;
};

void EnqueueMeshWorkload(MeshCommandQueue &queue, MeshWorkload &workload,
                         bool blocking);
void Finish(MeshCommandQueue &queue,
            const std::vector<SubDeviceId> &sub_devices = {});
void Synchronize(MeshDevice *device, std::optional<std::uint8_t> queue,
                 const std::vector<SubDeviceId> &sub_devices = {});
void EventSynchronize(const MeshEvent &event);
bool EventQuery(const MeshEvent &event);
MeshTraceId BeginTraceCapture(MeshDevice *device, std::uint8_t queue);

namespace detail {
// Writes all of a buffer. Until mid 2026 data may be less: then its start.
void write(MeshCommandQueue &queue, const std::shared_ptr<MeshBuffer> &buffer,
           const void *data, std::size_t bytes,
           bool may_be_less = TESSERA_METALIUM_MONTH < 202608);
void check_coordinate(const MeshCoordinate &at);
} // namespace detail

template <typename T>
void EnqueueWriteMeshBuffer(MeshCommandQueue &queue,
                            std::shared_ptr<MeshBuffer> &buffer,
                            const std::vector<T> &data, bool blocking = false) {
  static_cast<void>(blocking);
  detail::write(queue, buffer, data.data(), data.size() * sizeof(T));
}

template <typename T>
void EnqueueReadMeshBuffer(MeshCommandQueue &queue, std::vector<T> &data,
                           std::shared_ptr<MeshBuffer> &buffer,
                           bool blocking = true) {
  data.resize(buffer->size() / sizeof(T));
  queue.enqueue_read_mesh_buffer(data.data(), buffer, blocking);
}

// The part of a buffer on one device: here, all of it.
template <typename T>
void WriteShard(MeshCommandQueue &queue,
                const std::shared_ptr<MeshBuffer> &buffer, std::vector<T> &data,
                const MeshCoordinate &at, bool blocking = false) {
  detail::check_coordinate(at);
  static_cast<void>(blocking);
  detail::write(queue, buffer, data.data(), data.size() * sizeof(T));
}

template <typename T>
void ReadShard(MeshCommandQueue &queue, std::vector<T> &data,
               const std::shared_ptr<MeshBuffer> &buffer,
               const MeshCoordinate &at, bool blocking = true) {
  detail::check_coordinate(at);
  data.resize(buffer->size() / sizeof(T));
  queue.enqueue_read_mesh_buffer(data.data(), buffer, blocking);
}

} // namespace distributed
} // namespace tt::tt_metal

// As tt-metal's header does: kernels and circular buffers come with it.
#include <tt-metalium/host_api.hpp>

#endif
