// Building programs.

#ifndef TESSERA_TT_METALIUM_HOST_API_HPP
#define TESSERA_TT_METALIUM_HOST_API_HPP

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <hostdevcommon/common_values.hpp>
#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/buffer.hpp>
#include <tt-metalium/circular_buffer_config.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/distributed.hpp>
#include <tt-metalium/global_semaphore.hpp>
#include <tt-metalium/kernel_types.hpp>
#include <tt-metalium/program.hpp>
#include <tt-metalium/runtime_args_data.hpp>

#include "tessera_profile.h"

namespace tessera {
[[noreturn]] void refuse_ethernet_kernel(const std::string &file_name);
}

namespace tt::tt_metal {

using CoreSpec = std::variant<CoreCoord, CoreRange, CoreRangeSet>;
using KernelConfig = std::variant<DataMovementConfig, ComputeConfig>;

// -- Devices ------------------------------------------------------------------

inline std::size_t GetNumAvailableDevices() { return 1; }
inline std::size_t GetNumPCIeDevices() { return 1; }

// The device stays open until it is closed.
IDevice *CreateDevice(ChipId id, std::uint8_t num_command_queues = 1,
                      std::size_t l1_small_size = DEFAULT_L1_SMALL_SIZE,
                      std::size_t trace_region_size = DEFAULT_TRACE_REGION_SIZE,
                      const DispatchCoreConfig &dispatch = {});
bool CloseDevice(IDevice *device);

// TESSERA_TIMING and TESSERA_TRACE say what is measured and where it goes.
inline void ReadMeshDeviceProfilerResults(distributed::MeshDevice &) {}

// -- Buffers of one device ----------------------------------------------------

struct BufferConfig {
  IDevice *device;
  DeviceAddr size;
  DeviceAddr page_size;
  BufferType buffer_type;
};
using InterleavedBufferConfig = BufferConfig;

struct ShardedBufferConfig {
  IDevice *device = nullptr;
  DeviceAddr size = 0;
  DeviceAddr page_size = 0;
  BufferType buffer_type = BufferType::L1;
  TensorMemoryLayout buffer_layout = TensorMemoryLayout::HEIGHT_SHARDED;
  ShardSpecBuffer shard_parameters;
};

std::shared_ptr<Buffer> CreateBuffer(const InterleavedBufferConfig &config);
std::shared_ptr<Buffer> CreateBuffer(const ShardedBufferConfig &config);
void DeallocateBuffer(Buffer &buffer);

// -- Kernels ------------------------------------------------------------------

inline Program CreateProgram() { return Program(); }

// The file is looked for as given, in the current directory, in
// TT_METAL_KERNEL_PATH and in TT_METAL_HOME.
KernelHandle CreateKernel(Program &program, const std::string &file_name,
                          const CoreSpec &cores, const KernelConfig &config);
KernelHandle CreateKernelFromString(Program &program, const std::string &source,
                                    const CoreSpec &cores,
                                    const KernelConfig &config);

#if TESSERA_METALIUM_MONTH <= 202602
// tt-metal had kernels for Ethernet cores until March 2026.
enum Eth : std::uint8_t { SENDER = 0, RECEIVER = 1, IDLE = 2 };

struct EthernetConfig {
  Eth eth_mode = Eth::SENDER;
  NOC noc = NOC::NOC_0;
  DataMovementProcessor processor = DataMovementProcessor::RISCV_0;
  std::vector<std::uint32_t> compile_args = {};
  std::map<std::string, std::string> defines = {};
  std::unordered_map<std::string, std::uint32_t> named_compile_args = {};
  KernelBuildOptLevel opt_level = KernelBuildOptLevel::Os;
};

inline KernelHandle CreateKernel(Program &, const std::string &file_name,
                                 const CoreSpec &, const EthernetConfig &) {
  tessera::refuse_ethernet_kernel(file_name);
}
#endif

// -- Circular buffers ---------------------------------------------------------

CBHandle CreateCircularBuffer(Program &program, const CoreSpec &cores,
                              const CircularBufferConfig &config);
const CircularBufferConfig &GetCircularBufferConfig(Program &program,
                                                    CBHandle handle);
// Changes for the next run.
void UpdateCircularBufferTotalSize(Program &program, CBHandle handle,
                                   std::uint32_t total_size);
void UpdateCircularBufferPageSize(Program &program, CBHandle handle,
                                  std::uint8_t index, std::uint32_t page_size);
// Of one that was placed on a buffer: on another one.
void UpdateDynamicCircularBufferAddress(Program &program, CBHandle handle,
                                        const Buffer &buffer);
void UpdateDynamicCircularBufferAddressAndTotalSize(Program &program,
                                                    CBHandle handle,
                                                    const Buffer &buffer,
                                                    std::uint32_t total_size);

// -- Semaphores ---------------------------------------------------------------

std::uint32_t
CreateSemaphore(Program &program,
                const std::variant<CoreRange, CoreRangeSet> &cores,
                std::uint32_t initial_value);

inline GlobalSemaphore
CreateGlobalSemaphore(IDevice *device, const CoreRangeSet &cores,
                      std::uint32_t initial_value,
                      BufferType buffer_type = BufferType::L1) {
  return GlobalSemaphore(device, cores, initial_value, buffer_type);
}

// -- Arguments ----------------------------------------------------------------
// Of one core or several; a second time, as many as before.

void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    ttsl::Span<const std::uint32_t> args);
void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    std::initializer_list<std::uint32_t> args);
void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const std::vector<CoreCoord> &cores,
                    const std::vector<std::vector<std::uint32_t>> &args);
void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          ttsl::Span<const std::uint32_t> args);
void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          std::initializer_list<std::uint32_t> args);

// What was set, to read and to change for the next run; of all cores by x and
// y.
RuntimeArgsData &GetRuntimeArgs(const Program &program, KernelHandle kernel,
                                const CoreCoord &core);
std::vector<std::vector<RuntimeArgsData>> &
GetRuntimeArgs(const Program &program, KernelHandle kernel);
RuntimeArgsData &GetCommonRuntimeArgs(const Program &program,
                                      KernelHandle kernel);

} // namespace tt::tt_metal

#endif
