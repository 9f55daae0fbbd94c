// The arguments that a kernel's TensorAccessorArgs reads: what the buffer is
// and how it lies, at compile time or, where asked for, among the common
// runtime arguments.

#ifndef TESSERA_TT_METALIUM_TENSOR_ACCESSOR_ARGS_HPP
#define TESSERA_TT_METALIUM_TENSOR_ACCESSOR_ARGS_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <hostdevcommon/tensor_accessor/arg_config.hpp>
#include <tt-metalium/buffer.hpp>
#include <tt-metalium/distributed.hpp>

#include "tessera_profile.h"

namespace tt::tt_metal {

class TensorAccessorArgs {
public:
  using Config = tensor_accessor::ArgsConfig;
  static constexpr std::size_t MAX_NUM_DIMENSIONS = 8;

  TensorAccessorArgs() = default;
  // A buffer of nullptr: an interleaved one in L1.
  explicit TensorAccessorArgs(const Buffer *buffer, Config fields = {});
  explicit TensorAccessorArgs(const Buffer &buffer, Config fields = {})
      : TensorAccessorArgs(&buffer, fields) {}
  explicit TensorAccessorArgs(const std::shared_ptr<Buffer> &buffer,
                              Config fields = {})
      : TensorAccessorArgs(buffer.get(), fields) {}
  explicit TensorAccessorArgs(const distributed::MeshBuffer *buffer,
                              Config fields = {})
      : TensorAccessorArgs(buffer ? buffer->get_backing_buffer() : nullptr,
                           fields) {}
  explicit TensorAccessorArgs(const distributed::MeshBuffer &buffer,
                              Config fields = {})
      : TensorAccessorArgs(&buffer, fields) {}
  explicit TensorAccessorArgs(
      const std::shared_ptr<distributed::MeshBuffer> &buffer,
      Config fields = {})
      : TensorAccessorArgs(buffer.get(), fields) {}

  static TensorAccessorArgs create_dram_interleaved();
  static TensorAccessorArgs create_l1_interleaved() { return {}; }

  std::vector<std::uint32_t> get_compile_time_args() const {
    return compile_time_words(TESSERA_METALIUM_PROFILE);
  }
  std::vector<std::uint32_t> get_common_runtime_args() const;

  // Throws when some of the fields are runtime arguments.
  void append_to(std::vector<std::uint32_t> &compile_time_args) const {
    check_compile_time_only();
    append(compile_time_args, get_compile_time_args());
  }
  void append_to(std::vector<std::uint32_t> &compile_time_args,
                 std::vector<std::uint32_t> &common_runtime_args) const {
    append(compile_time_args, get_compile_time_args());
    append(common_runtime_args, get_common_runtime_args());
  }

private:
  static void append(std::vector<std::uint32_t> &to,
                     const std::vector<std::uint32_t> &words) {
    to.insert(to.end(), words.begin(), words.end());
  }

  void check_compile_time_only() const;

  // As many as the kernels of that tt-metal read.
  std::vector<std::uint32_t> compile_time_words(const char *profile) const;
  // The fields that come at run time, or the others.
  std::vector<std::uint32_t> fields(bool at_run_time) const;

  const Buffer *buffer_ = nullptr;
  Config config_;
};

} // namespace tt::tt_metal

#endif
