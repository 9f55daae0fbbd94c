#include "object_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace tessera {

object_file::object_file(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(in), {});
}

std::string object_file::text_at(std::size_t at, std::size_t end) const {
  end = std::min(end, bytes.size());
  if (at >= end)
    return {};
  return std::string(bytes.data() + at, strnlen(bytes.data() + at, end - at));
}

ElfW(Phdr) object_file::part(std::size_t i) const {
  const auto all = header();
  return read_at<ElfW(Phdr)>(all.e_phoff +
                             i * static_cast<std::size_t>(all.e_phentsize));
}

ElfW(Shdr) object_file::section(std::size_t i) const {
  const auto all = header();
  return read_at<ElfW(Shdr)>(all.e_shoff +
                             i * static_cast<std::size_t>(all.e_shentsize));
}

std::string_view object_file::content(const std::string &name) const {
  const auto all = header();
  const auto names = section(all.e_shstrndx);
  for (std::size_t i = 0; i < all.e_shnum; ++i) {
    const auto found = section(i);
    if (text_at(names.sh_offset + found.sh_name,
                names.sh_offset + names.sh_size) != name)
      continue;
    const bool is_plain = (found.sh_flags & SHF_COMPRESSED) == 0;
    if (is_plain && found.sh_offset + found.sh_size <= bytes.size())
      return {bytes.data() + found.sh_offset, found.sh_size};
  }
  return {};
}

} // namespace tessera
