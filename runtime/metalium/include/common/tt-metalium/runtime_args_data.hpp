// The runtime arguments of a kernel on a core, to read and to change. They are
// the program's, and stay where they are as long as it does.

#ifndef TESSERA_TT_METALIUM_RUNTIME_ARGS_DATA_HPP
#define TESSERA_TT_METALIUM_RUNTIME_ARGS_DATA_HPP

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace tt::tt_metal {

struct RuntimeArgsData {
  std::uint32_t *rt_args_data = nullptr;
  std::size_t rt_args_count = 0;

  std::uint32_t &operator[](std::size_t index) const { return at(index); }
  std::uint32_t &at(std::size_t index) const {
    if (index >= rt_args_count)
      throw std::out_of_range("runtime argument " + std::to_string(index) +
                              ", but there are " +
                              std::to_string(rt_args_count));
    return rt_args_data[index];
  }
  std::uint32_t *data() const { return rt_args_data; }
  std::size_t size() const { return rt_args_count; }
  std::uint32_t *begin() const { return rt_args_data; }
  std::uint32_t *end() const { return rt_args_data + rt_args_count; }
};

} // namespace tt::tt_metal

#endif
