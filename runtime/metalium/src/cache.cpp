#include "cache.hpp"

#include "model.hpp"

#include "tessera/hash.h"
#include "tessera/support.h"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
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

// A name of our own, so that several runs may compile the same kernel: also
// those of other machines or containers, where a process may have our number.
std::string temporary_base() {
  static const std::string own =
      std::to_string(getpid()) + "." + std::to_string(std::random_device()());
  static unsigned serial;
  return ready_folder() / (own + "." + std::to_string(serial++));
}

std::string object_name(const compiler &with, const compile_job &job) {
  const std::string key = with.identity + "\n" + job.expanded;
  return ready_folder() /
         (text_of(tsr_append_content_name,
                  static_cast<const void *>(key.data()), key.size()) +
          ".so");
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
  preprocess_all(with, jobs);
  std::vector<compile_job *> missing;
  for (compile_job *job : jobs) {
    job->object = object_name(with, *job);
    if (job->expanded.empty() || !is_whole(job->object))
      missing.push_back(job);
  }
  compile_all(with, missing);
  // A compiler that was replaced meanwhile may have made any of them.
  const bool is_same = missing.empty() || with.is_same();
  for (compile_job *job : missing) {
    job->is_kept = job->is_kept && is_same;
    store(*job);
  }
}

} // namespace tessera
