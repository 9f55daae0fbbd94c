// What a kernel is created with. The fields keep their order: designated
// initialisers depend on it.

#ifndef TESSERA_TT_METALIUM_KERNEL_TYPES_HPP
#define TESSERA_TT_METALIUM_KERNEL_TYPES_HPP

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include <tt-metalium/base_types.hpp>
#include <tt-metalium/data_types.hpp>

namespace tt::tt_metal {

using KernelHandle = std::uint32_t;

// Of one kernel on one core, its own and the common ones together.
constexpr std::uint32_t max_runtime_args = 341;

// The model compiles kernels its own way; the level is accepted.
enum class KernelBuildOptLevel : std::uint8_t { O1, O2, O3, O0, Os, Ofast, Oz };

struct DataMovementConfig {
  DataMovementProcessor processor = DataMovementProcessor::RISCV_0;
  NOC noc = NOC::RISCV_0_default;
  NOC_MODE noc_mode = NOC_MODE::DM_DEDICATED_NOC;
  std::vector<std::uint32_t> compile_args = {};
  std::map<std::string, std::string> defines = {};
  std::unordered_map<std::string, std::uint32_t> named_compile_args = {};
  KernelBuildOptLevel opt_level = KernelBuildOptLevel::O2;
};

// Readers run on NCRISC over NoC 0, writers on BRISC over NoC 1.
struct ReaderDataMovementConfig : public DataMovementConfig {
  ReaderDataMovementConfig(
      std::vector<std::uint32_t> compile_args = {},
      std::map<std::string, std::string> defines = {},
      std::unordered_map<std::string, std::uint32_t> named_compile_args = {},
      KernelBuildOptLevel opt_level = KernelBuildOptLevel::O2);
};

struct WriterDataMovementConfig : public DataMovementConfig {
  WriterDataMovementConfig(
      std::vector<std::uint32_t> compile_args = {},
      std::map<std::string, std::string> defines = {},
      std::unordered_map<std::string, std::uint32_t> named_compile_args = {},
      KernelBuildOptLevel opt_level = KernelBuildOptLevel::O2);
};

struct ComputeConfig {
  MathFidelity math_fidelity = MathFidelity::HiFi4;
  bool fp32_dest_acc_en = false;
  bool dst_full_sync_en = false;
  std::vector<UnpackToDestMode> unpack_to_dest_mode = {};
  bool bfp8_pack_precise = false;
  bool math_approx_mode = false;
  std::vector<std::uint32_t> compile_args = {};
  std::map<std::string, std::string> defines = {};
  std::unordered_map<std::string, std::uint32_t> named_compile_args = {};
  KernelBuildOptLevel opt_level = KernelBuildOptLevel::O3;
};

} // namespace tt::tt_metal

#endif
