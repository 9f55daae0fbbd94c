#include "cache.hpp"

#include "model.hpp"

#include "tessera/hash.h"
#include "tessera/support.h"

#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

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

// -- Whole objects ------------------------------------------------------------

// What follows the object in its file.
struct seal {
  char magic[8];
  std::uint64_t bytes, hash; // of the object
};

seal make_seal(const char *object, std::size_t bytes) {
  return {{'t', 's', 'r', 's', 'o', '1'}, bytes, tsr_hash_bytes(object, bytes)};
}

std::string read_all(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool is_whole(const std::string &path) {
  const std::string file = read_all(path);
  if (file.size() < sizeof(seal))
    return false;
  const std::size_t bytes = file.size() - sizeof(seal);
  const seal want = make_seal(file.data(), bytes);
  return std::memcmp(file.data() + bytes, &want, sizeof want) == 0;
}

bool append_seal(const std::string &path) {
  const std::string object = read_all(path);
  const seal end = make_seal(object.data(), object.size());
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out.write(reinterpret_cast<const char *>(&end), sizeof end);
  out.close();
  return static_cast<bool>(out);
}

// -- Names --------------------------------------------------------------------

// A name of our own, so that several runs may compile the same kernel.
std::string temporary_base() {
  static unsigned serial;
  return ready_folder() /
         (std::to_string(getpid()) + "." + std::to_string(serial++));
}

std::string object_name(const compiler &with, const compile_job &job) {
  const std::string key = with.identity + "\n" + job.expanded;
  return ready_folder() /
         (text_of(tsr_append_content_name,
                  static_cast<const void *>(key.data()), key.size()) +
          ".so");
}

using moment = struct timespec;

// By the clock that files are stamped with.
moment now() {
  moment time = {};
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return time;
}

bool has_changed(const std::string &path, const moment &since) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0)
    return false; // no file, such as <built-in>
  return info.st_ctim.tv_sec != since.tv_sec
             ? info.st_ctim.tv_sec > since.tv_sec
             : info.st_ctim.tv_nsec >= since.tv_nsec;
}

// Whether a file that went into a preprocessed text, by its line markers, was
// edited while it was read.
bool was_edited(const std::string &expanded, const moment &since) {
  std::istringstream lines(expanded);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t open = line.find('"');
    const std::size_t close = line.rfind('"');
    if (line.compare(0, 2, "# ") != 0 || open >= close)
      continue;
    const std::string path = line.substr(open + 1, close - open - 1);
    if (path != last && has_changed(path, since))
      return true;
    last = path;
  }
  return false;
}

// What was edited about the time it was compiled goes into the cache if it is
// still the same: else nobody knows what the object was made of. Nor is there a
// name for what could not be preprocessed.
void check_edited(const compiler &with,
                  const std::vector<compile_job *> &compiled,
                  const moment &since) {
  std::vector<compile_job *> doubtful;
  for (compile_job *job : compiled)
    if (job->expanded.empty() || was_edited(job->expanded, since))
      doubtful.push_back(job);
  preprocess_all(with, doubtful);
  for (compile_job *job : doubtful)
    job->is_kept =
        !job->expanded.empty() && object_name(with, *job) == job->object;
}

// A compiled object becomes one of the cache, unless it is not kept.
void store(compile_job &job) {
  const std::string made = job.base + ".so";
  if (!job.is_kept) {
    // Open and without a name, it is gone with the process, however that ends.
    const int file = open(made.c_str(), O_RDONLY | O_CLOEXEC);
    unlink(made.c_str());
    job.object = "/proc/self/fd/" + std::to_string(file);
    return;
  }
  if (append_seal(made) && std::rename(made.c_str(), job.object.c_str()) == 0)
    return;
  unlink(made.c_str());
  die("cannot write '" + job.object + "'; TESSERA_CACHE names another folder");
}

} // namespace

void find_or_compile(const compiler &with,
                     const std::vector<compile_job *> &jobs) {
  for (compile_job *job : jobs)
    job->base = temporary_base();
  const moment since = now();
  preprocess_all(with, jobs);
  std::vector<compile_job *> missing;
  for (compile_job *job : jobs) {
    job->object = object_name(with, *job);
    if (job->expanded.empty() || !is_whole(job->object))
      missing.push_back(job);
  }
  compile_all(with, missing);
  check_edited(with, missing, since);
  for (compile_job *job : missing)
    store(*job);
}

} // namespace tessera
