// A shared object as it lies in its file.

#ifndef TESSERA_RUNTIME_OBJECT_FILE_HPP
#define TESSERA_RUNTIME_OBJECT_FILE_HPP

#include <cstddef>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <string>
#include <string_view>
#include <vector>

namespace tessera {

struct object_file {
  // Empty where it cannot be read.
  explicit object_file(const std::string &path);

  // What lies at `at`; zeros, as far as that is behind the end.
  template <typename T> T read_at(std::size_t at) const {
    T value = {};
    if (at + sizeof value <= bytes.size())
      std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
  }
  // A text that ends before `end`.
  std::string text_at(std::size_t at, std::size_t end) const;

  ElfW(Ehdr) header() const { return read_at<ElfW(Ehdr)>(0); }
  ElfW(Phdr) part(std::size_t i) const;
  ElfW(Shdr) section(std::size_t i) const;
  // What is in the section of that name; empty: there is none, or not as it is.
  std::string_view content(const std::string &name) const;

  std::vector<char> bytes;
};

} // namespace tessera

#endif
