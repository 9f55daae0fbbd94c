// The compile-time arguments that a kernel's TensorAccessorArgs reads.

#ifndef TESSERA_TT_METALIUM_TENSOR_ACCESSOR_ARGS_HPP
#define TESSERA_TT_METALIUM_TENSOR_ACCESSOR_ARGS_HPP

#include <cstdint>
#include <vector>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/distributed.hpp>

#include "tessera_profile.h"

namespace tt::tt_metal {

class TensorAccessorArgs {
public:
  TensorAccessorArgs() = default;
  TensorAccessorArgs(const Buffer &buffer) : buffer_(&buffer) {}
  TensorAccessorArgs(const Buffer *buffer) : buffer_(buffer) {}
  TensorAccessorArgs(const distributed::MeshBuffer &buffer)
      : buffer_(buffer.get_backing_buffer()) {}

  std::vector<std::uint32_t> get_compile_time_args() const {
    return words(TESSERA_METALIUM_PROFILE);
  }

  void append_to(std::vector<std::uint32_t> &compile_time_args) const {
    for (std::uint32_t word : get_compile_time_args())
      compile_time_args.push_back(word);
  }

private:
  // As many as the kernels of that tt-metal read.
  std::vector<std::uint32_t> words(const char *profile) const;

  const Buffer *buffer_ = nullptr;
};

} // namespace tt::tt_metal

#endif
