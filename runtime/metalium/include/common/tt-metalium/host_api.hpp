// Building programs.

#ifndef TESSERA_TT_METALIUM_HOST_API_HPP
#define TESSERA_TT_METALIUM_HOST_API_HPP

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/circular_buffer_config.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/kernel_types.hpp>
#include <tt-metalium/program.hpp>

namespace tt::tt_metal {

using CoreSpec = std::variant<CoreCoord, CoreRange, CoreRangeSet>;
using KernelConfig = std::variant<DataMovementConfig, ComputeConfig>;

inline Program CreateProgram() { return Program(); }

// The file is looked for as given, in the current directory, in
// TT_METAL_KERNEL_PATH and in TT_METAL_HOME.
KernelHandle CreateKernel(Program &program, const std::string &file_name,
                          const CoreSpec &cores, const KernelConfig &config);
KernelHandle CreateKernelFromString(Program &program, const std::string &source,
                                    const CoreSpec &cores,
                                    const KernelConfig &config);

CBHandle CreateCircularBuffer(Program &program, const CoreSpec &cores,
                              const CircularBufferConfig &config);

std::uint32_t
CreateSemaphore(Program &program,
                const std::variant<CoreRange, CoreRangeSet> &cores,
                std::uint32_t initial_value);

void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    const std::vector<std::uint32_t> &args);
void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    std::initializer_list<std::uint32_t> args);
void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const std::vector<CoreCoord> &cores,
                    const std::vector<std::vector<std::uint32_t>> &args);
void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          const std::vector<std::uint32_t> &args);
void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          std::initializer_list<std::uint32_t> args);

} // namespace tt::tt_metal

#endif
