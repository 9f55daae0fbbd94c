#include "outside.hpp"

#include "model.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cxxabi.h>
#include <dlfcn.h>
#include <gnu/lib-names.h>
#include <link.h>
#include <sstream>
#include <string_view>
#include <unordered_set>

namespace tessera {

namespace {

// -- Names --------------------------------------------------------------------

const std::string_view known_prefixes[] = {
#define TSR_KERNEL_SYMBOLS_OF(prefix) #prefix,
#define TSR_KERNEL_SYMBOL(name)
#define TSR_KERNEL_NUMBER(name)
#define TSR_HOST_SYMBOLS_OF(prefix)
#include "kernel_symbols.def"
};

const std::string_view host_prefixes[] = {
#define TSR_KERNEL_SYMBOLS_OF(prefix)
#define TSR_KERNEL_SYMBOL(name)
#define TSR_KERNEL_NUMBER(name)
#define TSR_HOST_SYMBOLS_OF(prefix) #prefix,
#include "kernel_symbols.def"
};

template <std::size_t count>
bool begins_with_any(const std::string &name,
                     const std::string_view (&prefixes)[count]) {
  return std::any_of(std::begin(prefixes), std::end(prefixes),
                     [&](std::string_view prefix) {
                       return name.compare(0, prefix.size(), prefix) == 0;
                     });
}

// Whether the host's library of <math.h> defines it, and not what that needs
// itself. Which functions there are is the library's to say: compilers and
// headers call those that it has.
bool is_of_libm(const std::string &name) {
  static void *const libm = dlopen(LIBM_SO, RTLD_LAZY);
  link_map *own = nullptr, *owner = nullptr;
  Dl_info info;
  void *const found = libm ? dlsym(libm, name.c_str()) : nullptr;
  return found && dlinfo(libm, RTLD_DI_LINKMAP, &own) == 0 &&
         dladdr1(found, &info, reinterpret_cast<void **>(&owner),
                 RTLD_DL_LINKMAP) != 0 &&
         owner == own;
}

bool is_known(const std::string &name) {
  static const std::unordered_set<std::string_view> known = {
#define TSR_KERNEL_SYMBOLS_OF(prefix)
#define TSR_KERNEL_SYMBOL(name) #name,
#define TSR_KERNEL_NUMBER(name) #name, "__isoc23_" #name,
#define TSR_HOST_SYMBOLS_OF(prefix)
#include "kernel_symbols.def"
  };
  return known.count(name) != 0 || begins_with_any(name, known_prefixes) ||
         (!begins_with_any(name, host_prefixes) && is_of_libm(name));
}

// As it is written in C++.
std::string readable(const std::string &name) {
  int status = 0;
  char *text = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  const std::string made = status == 0 ? text : name;
  std::free(text);
  return made;
}

bool is_of_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The word by which a kernel names what `text` says: "join" of
// "std::thread::join()", "new" of "operator new(unsigned long)".
std::string word_of(const std::string &text) {
  std::size_t end = std::min(text.find('('), text.find('['));
  end = std::min(end, text.size());
  std::size_t begin = end;
  while (begin > 0 && is_of_word(text[begin - 1]))
    --begin;
  return text.substr(begin, end - begin);
}

// -- Places -------------------------------------------------------------------

struct place {
  std::string file; // empty: none
  unsigned line = 0;
};

// Where the word or number ends that begins at `at`. A number may have single
// quotes between its digits.
std::size_t end_of_word(const std::string &line, std::size_t at) {
  const bool is_number =
      std::isdigit(static_cast<unsigned char>(line[at])) != 0;
  auto is_separator = [&](std::size_t i) {
    return is_number && line[i] == '\'' && i + 1 < line.size() &&
           is_of_word(line[i + 1]);
  };
  while (at < line.size() && (is_of_word(line[at]) || is_separator(at)))
    ++at;
  return at;
}

// Whether the word stands in a line, other than in a text or as part of one.
bool has_word(const std::string &line, const std::string &word) {
  char quote = '\0';
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (quote) {
      at += c == '\\';
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (is_of_word(c)) {
      const std::size_t end = end_of_word(line, at);
      if (line.compare(at, end - at, word) == 0)
        return true;
      at = end - 1;
    }
  }
  return false;
}

// Reads `# 12 "file" 3`, which says where the next line is from. False: it is
// no such line.
bool read_marker(const std::string &line, place &out, bool &out_is_system) {
  std::istringstream in(line);
  char hash = '\0';
  std::string quoted, flag;
  if (line.compare(0, 2, "# ") != 0 || !(in >> hash >> out.line))
    return false;
  std::getline(in, quoted, '"');
  std::getline(in, out.file, '"');
  out_is_system = false;
  while (in >> flag)
    out_is_system = out_is_system || flag == "3";
  return true;
}

// Of the compiler, the standard library or the model, not of the kernel.
bool is_elsewhere(const compiler &with, const std::string &file) {
  return file.empty() || file[0] == '<' ||
         std::any_of(with.includes.begin(), with.includes.end(),
                     [&](const std::string &root) {
                       return file.compare(0, root.size(), root) == 0;
                     });
}

// The first place where the kernel, or a header of its own, has the word.
place find_word(const compiler &with, const compile_job &job,
                const std::string &word) {
  const std::set<std::string> own = own_files(with, job);
  std::istringstream in(job.expanded);
  place at;
  bool is_own = false, is_system = false;
  for (std::string line; !word.empty() && std::getline(in, line);) {
    if (read_marker(line, at, is_system)) {
      is_own = own.count(at.file) != 0;
      continue;
    }
    if (is_own && has_word(line, word))
      return at;
    ++at.line;
  }
  return {};
}

} // namespace

// Files are marked as the system's or not where they begin, and later so is
// what a macro becomes, by where that is from.
std::set<std::string> own_files(const compiler &with, const compile_job &job) {
  std::set<std::string> own, seen;
  const std::string &text = job.expanded;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    place at;
    bool is_system = false;
    if (text[begin] == '#' &&
        read_marker(text.substr(begin, end - begin), at, is_system) &&
        seen.insert(at.file).second && !is_system &&
        !is_elsewhere(with, at.file))
      own.insert(at.file);
  }
  return own;
}

void check_names(const compiler &with, const compile_job &job,
                 const std::vector<std::string> &names) {
  std::string outside;
  place at;
  for (const std::string &name : names) {
    if (is_known(name))
      continue;
    const std::string text = readable(name);
    const place found = find_word(with, job, word_of(text));
    // One that the kernel names itself says more than what that needs, and
    // "operator new" more than what else a container needs.
    if (outside.empty() || (!found.file.empty() && at.file.empty()) ||
        (found.file.empty() == at.file.empty() &&
         text.compare(0, 12, "operator new") == 0))
      outside = text, at = found;
  }
  if (outside.empty())
    return;
  const std::string where =
      at.file.empty() ? "" : at.file + ":" + std::to_string(at.line) + ": ";
  throw fatal(
      where + job.label + " uses '" + outside +
      "', which is outside of the model's surface: a processor of the chip has "
      "no operating system, heap, files or threads; docs/model.md, "
      "\"Surface\", lists what kernels may call");
}

} // namespace tessera
