#include "cache.hpp"

#include "model.hpp"

#include "tessera/support.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

namespace tessera {

namespace {

namespace fs = std::filesystem;

// What one of the C functions appends.
template <typename Function, typename... Arguments>
std::string text_of(Function append, Arguments... arguments) {
  tsr_buffer buffer;
  tsr_buffer_init(&buffer);
  append(&buffer, arguments...);
  const std::string text = tsr_buffer_str(&buffer);
  tsr_buffer_deinit(&buffer);
  return text;
}

fs::path ready_folder() {
  static const fs::path folder = [] {
    const fs::path made =
        fs::absolute(text_of(tsr_append_cache_folder)) / "kernels";
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

// The folders that the compiler's flags add: -Ifolder, or -I folder.
std::vector<fs::path> flagged_folders(const compiler &with) {
  std::vector<fs::path> folders;
  for (std::size_t i = 0; i < with.flags.size(); ++i)
    for (const std::string option : {"-I", "-iquote", "-isystem"}) {
      const std::string &flag = with.flags[i];
      if (flag == option && i + 1 < with.flags.size())
        folders.push_back(with.flags[i + 1]);
      else if (flag.compare(0, option.size(), option) == 0)
        folders.push_back(flag.substr(option.size()));
    }
  return folders;
}

// Appends the text of every header that is not the runtime's and that the
// kernel includes, directly or not: from its own folder, the including header's
// or those of the flags. Conditions are not looked at: a header too many only
// costs a compilation.
void append_headers(const std::string &text, const fs::path &folder,
                    const std::vector<fs::path> &more, std::set<fs::path> &seen,
                    std::string &key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::string name = included_name(line);
    if (name.empty())
      continue;
    std::vector<fs::path> places = {folder / name};
    for (const fs::path &other : more)
      places.push_back(other / name);
    for (const fs::path &path : places) {
      std::error_code ignored;
      if (!fs::is_regular_file(path, ignored) || !seen.insert(path).second)
        continue;
      std::ifstream in(path, std::ios::binary);
      std::ostringstream content;
      content << in.rdbuf();
      key += "\n" + path.string() + "\n" + content.str();
      append_headers(content.str(), path.parent_path(), more, seen, key);
    }
  }
}

} // namespace

bool find_cached(const compiler &with, compile_job &job) {
  std::string key = with.identity + "\n" + job.text;
  std::set<fs::path> seen;
  std::vector<fs::path> more = flagged_folders(with);
  if (!job.folder.empty())
    more.push_back(job.folder);
  append_headers(job.text, job.folder, more, seen, key);
  job.object = ready_folder() /
               (text_of(tsr_append_content_name,
                        static_cast<const void *>(key.data()), key.size()) +
                ".so");
  return fs::exists(job.object);
}

} // namespace tessera
