#include "image.hpp"

#include "model.hpp"
#include "outside.hpp"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

namespace tessera {

namespace {

using address = ElfW(Addr);

// -- Before it is loaded ------------------------------------------------------

// How many bytes of addresses of functions the loader would call.
std::size_t initialiser_bytes(const object_file &file,
                              const ElfW(Phdr) & dynamic) {
  for (std::size_t at = 0; at < dynamic.p_filesz; at += sizeof(ElfW(Dyn))) {
    const auto entry = file.read_at<ElfW(Dyn)>(dynamic.p_offset + at);
    if (entry.d_tag == DT_INIT_ARRAYSZ)
      return entry.d_un.d_val;
  }
  return 0;
}

// Names that the object uses and does not define.
std::vector<std::string> undefined_names(const object_file &file,
                                         const ElfW(Shdr) & symbols,
                                         const ElfW(Shdr) & strings) {
  std::vector<std::string> names;
  for (std::size_t at = sizeof(ElfW(Sym)); at < symbols.sh_size;
       at += sizeof(ElfW(Sym))) {
    const auto symbol = file.read_at<ElfW(Sym)>(symbols.sh_offset + at);
    if (symbol.st_shndx == SHN_UNDEF)
      names.push_back(file.text_at(strings.sh_offset + symbol.st_name,
                                   strings.sh_offset + strings.sh_size));
  }
  return names;
}

std::vector<std::string> undefined_names(const object_file &file) {
  for (std::size_t i = 0; i < file.header().e_shnum; ++i)
    if (const auto found = file.section(i); found.sh_type == SHT_DYNSYM)
      return undefined_names(file, found, file.section(found.sh_link));
  return {};
}

} // namespace

void check_object(const compiler &with, const compile_job &job,
                  const object_file &file) {
  check_names(with, job, undefined_names(file));
  for (std::size_t i = 0; i < file.header().e_phnum; ++i) {
    const auto part = file.part(i);
    if (part.p_type == PT_TLS)
      throw fatal(job.label +
                  " has thread_local variables; every processor of a core "
                  "has variables of its own, so leave the word out");
    // The one that is always there begins the sanitizer (pointers.cpp).
    if (part.p_type == PT_DYNAMIC &&
        initialiser_bytes(file, part) > sizeof(address))
      throw fatal(job.label +
                  " has variables whose constructors run before kernel_main, "
                  "which tt-metal does not call: give them their values in "
                  "kernel_main, or make them constexpr");
  }
}

// -- Once it is loaded --------------------------------------------------------

namespace {

struct found_object {
  address base;
  const ElfW(Phdr) * headers;
  std::size_t header_count;
};

int find_object(dl_phdr_info *info, std::size_t, void *context) {
  auto *into = static_cast<found_object *>(context);
  if (info->dlpi_addr != into->base)
    return 0;
  into->headers = info->dlpi_phdr;
  into->header_count = info->dlpi_phnum;
  return 1;
}

} // namespace

kernel_image::kernel_image(void *handle, const void *entry_address) {
  link_map *object = nullptr;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &object) != 0)
    throw fatal(std::string("a kernel's shared object: ") + dlerror());
  found_object found = {object->l_addr, nullptr, 0};
  dl_iterate_phdr(find_object, &found);
  start = reinterpret_cast<const char *>(found.base);
  entry = static_cast<std::size_t>(static_cast<const char *>(entry_address) -
                                   start);
  add_parts(found.headers, found.header_count);
  add_pointers(object->l_ld);
  measure_variables();
}

void kernel_image::add_parts(const void *headers, std::size_t count) {
  const auto *all = static_cast<const ElfW(Phdr) *>(headers);
  for (const ElfW(Phdr) *part = all; part != all + count; ++part) {
    if (part->p_type == PT_GNU_RELRO)
      read_only_end = part->p_vaddr + part->p_memsz;
    if (part->p_type != PT_LOAD)
      continue;
    parts.push_back({part->p_vaddr, part->p_memsz, (part->p_flags & PF_X) != 0,
                     (part->p_flags & PF_W) != 0});
    bytes = std::max<std::size_t>(bytes, part->p_vaddr + part->p_memsz);
  }
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  bytes = (bytes + page - 1) / page * page;
}

// Notes a word that holds an address, if that is one of the object.
void kernel_image::add_pointer(std::size_t at) {
  address value = 0;
  std::memcpy(&value, start + at, sizeof value);
  const auto base = reinterpret_cast<address>(start);
  if (value >= base && value <= base + bytes)
    pointers.push_back(at);
}

void kernel_image::add_pointers(const void *dynamic) {
  const ElfW(Rela) * tables[2] = {};
  std::size_t table_bytes[2] = {}, packed_bytes = 0;
  const address *packed = nullptr;
  const auto base = reinterpret_cast<address>(start);
  // Some loaders leave addresses in this table as they are in the file.
  auto place = [&](address at) { return at < base ? at + base : at; };
  for (auto *at = static_cast<const ElfW(Dyn) *>(dynamic); at->d_tag; ++at) {
    const auto tag = static_cast<std::size_t>(at->d_tag);
    if (tag == DT_RELA)
      tables[0] = reinterpret_cast<const ElfW(Rela) *>(place(at->d_un.d_ptr));
    else if (tag == DT_RELASZ)
      table_bytes[0] = at->d_un.d_val;
    else if (tag == DT_JMPREL)
      tables[1] = reinterpret_cast<const ElfW(Rela) *>(place(at->d_un.d_ptr));
    else if (tag == DT_PLTRELSZ)
      table_bytes[1] = at->d_un.d_val;
    else if (tag == DT_RELR)
      packed = reinterpret_cast<const address *>(place(at->d_un.d_ptr));
    else if (tag == DT_RELRSZ)
      packed_bytes = at->d_un.d_val;
  }
  for (int t = 0; t < 2; ++t)
    for (std::size_t i = 0; i < table_bytes[t] / sizeof(ElfW(Rela)); ++i)
      add_pointer(tables[t][i].r_offset);
  // An even word is where a pointer lies; an odd one says by its other bits
  // which of the words behind that are pointers, too.
  constexpr std::size_t words = 8 * sizeof(address) - 1;
  std::size_t next = 0;
  for (std::size_t i = 0; i < packed_bytes / sizeof(address); ++i) {
    if ((packed[i] & 1) == 0) {
      add_pointer(packed[i]);
      next = packed[i] + sizeof(address);
      continue;
    }
    for (std::size_t bit = 0; bit < words; ++bit)
      if ((packed[i] >> (bit + 1) & 1) != 0)
        add_pointer(next + bit * sizeof(address));
    next += words * sizeof(address);
  }
}

void kernel_image::measure_variables() {
  for (const tsr_sim_image_part &part : parts) {
    const std::size_t first = std::max(part.start, read_only_end);
    if (part.is_writable && part.start + part.bytes > first)
      variable_bytes += part.start + part.bytes - first;
  }
  constexpr std::size_t chip_pointer_bytes = 4;
  for (std::size_t at : pointers)
    if (variable_bytes && at >= read_only_end)
      variable_bytes -= sizeof(address) - chip_pointer_bytes;
}

tsr_sim_image kernel_image::view() const {
  return {start,           bytes,           parts.data(), parts.size(),
          pointers.data(), pointers.size(), entry};
}

} // namespace tessera
