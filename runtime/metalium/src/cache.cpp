#include "cache.hpp"

#include "model.hpp"

#include "tessera/hash.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace tessera {

namespace {

namespace fs = std::filesystem;

fs::path cache_folder() {
  const char *own = std::getenv("TESSERA_CACHE");
  if (own && *own)
    return own;
  const char *xdg = std::getenv("XDG_CACHE_HOME");
  if (xdg && *xdg)
    return fs::path(xdg) / "tessera";
  const char *home = std::getenv("HOME");
  if (home && *home)
    return fs::path(home) / ".cache/tessera";
  return fs::temp_directory_path() / "tessera-cache";
}

fs::path ready_folder() {
  static const fs::path folder = [] {
    const fs::path made = fs::absolute(cache_folder()) / "kernels";
    std::error_code error;
    fs::create_directories(made, error);
    if (error)
      die("cannot create '" + made.string() + "': " + error.message() +
          "; TESSERA_CACHE names another folder");
    return made;
  }();
  return folder;
}

// The name in an #include line, or "".
std::string included_name(const std::string &line) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == std::string::npos || line[at] != '#')
    return "";
  at = line.find_first_not_of(" \t", at + 1);
  if (at == std::string::npos || line.compare(at, 7, "include") != 0)
    return "";
  const std::size_t open = line.find_first_of("\"<", at + 7);
  if (open == std::string::npos)
    return "";
  const std::size_t close = line.find_first_of("\">", open + 1);
  return close == std::string::npos ? ""
                                    : line.substr(open + 1, close - open - 1);
}

// Appends the text of every header that lies with the kernel and that it
// includes, directly or not. Conditions are not looked at: a header too many
// only costs a compilation.
void append_own_headers(const std::string &text, const fs::path &folder,
                        std::set<fs::path> &seen, std::string &key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::string name = included_name(line);
    if (name.empty())
      continue;
    std::error_code ignored;
    const fs::path path = folder / name;
    if (!fs::is_regular_file(path, ignored) || !seen.insert(path).second)
      continue;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    key += "\n" + name + "\n" + content.str();
    append_own_headers(content.str(), path.parent_path(), seen, key);
  }
}

} // namespace

bool find_cached(const compiler &with, compile_job &job) {
  std::string key = with.identity + "\n" + job.text;
  std::set<fs::path> seen;
  if (!job.folder.empty())
    append_own_headers(job.text, job.folder, seen, key);
  // 128 bits: the text, and the text behind its own hash.
  const std::uint64_t first = tsr_hash_bytes(key.data(), key.size());
  const std::string again = std::to_string(first) + key;
  const std::uint64_t second = tsr_hash_bytes(again.data(), again.size());
  char name[48];
  std::snprintf(name, sizeof name, "%016llx%016llx.so",
                static_cast<unsigned long long>(first),
                static_cast<unsigned long long>(second));
  job.object = ready_folder() / name;
  return fs::exists(job.object);
}

} // namespace tessera
