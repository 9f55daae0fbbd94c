#include "cache.hpp"

#include "model.hpp"
#include "work_folder.hpp"

#include "tessera/hash.h"
#include "tessera/support.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
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

// Where it cannot be made or written to, what is there is used all the same.
fs::path cache_folder() {
  static const fs::path folder = [] {
    std::error_code ignored;
    const fs::path wanted =
        fs::absolute(text_of(tsr_append_cache_folder), ignored) / "kernels";
    fs::create_directories(wanted, ignored);
    return wanted;
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

// Empty where there is no regular file. Ctrl-C waits meanwhile, so this may not
// wait for anybody.
std::string read_all(const std::string &path) {
  tsr_buffer buffer;
  tsr_buffer_init(&buffer);
  std::string text;
  if (tsr_buffer_read_regular(&buffer, path.c_str()) == TSR_OK)
    text.assign(tsr_buffer_str(&buffer), buffer.size);
  tsr_buffer_deinit(&buffer);
  return text;
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

std::string object_name(const compiler &with, const compile_job &job) {
  const std::string key = with.identity + "\n" + job.expanded;
  return cache_folder() /
         (text_of(tsr_append_content_name,
                  static_cast<const void *>(key.data()), key.size()) +
          ".so");
}

// A name of our own, so that several runs may keep the same kernel: also those
// of other machines or containers, where a process may have our number.
std::string name_beside(const std::string &object) {
  static const std::string own =
      std::to_string(getpid()) + "." + std::to_string(std::random_device()());
  static unsigned serial;
  return object + "." + own + "." + std::to_string(serial++);
}

// -- Keeping ------------------------------------------------------------------

// Makes a compiled object one of the cache, if that takes it.
bool keep(const std::string &made, const std::string &object) {
  if (!append_seal(made))
    return false;
  const std::string beside = name_beside(object);
  std::error_code error;
  fs::copy_file(made, beside, error);
  if (!error && std::rename(beside.c_str(), object.c_str()) == 0)
    return true;
  unlink(beside.c_str());
  return false;
}

// Sets where the job's object is: in the cache, or, open and without a name,
// gone with the process, however that ends. Returns what is wrong.
std::string store(const compiler &with, compile_job &job) {
  const std::string made = job.base + ".so";
  std::error_code ignored;
  if (!fs::exists(made, ignored))
    return job.label + ": the compiler " + with.program +
           " has succeeded, and there is no object";
  if (job.is_kept && keep(made, job.object))
    return {};
  const int file = open(made.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return "cannot read '" + made + "': " + std::strerror(errno);
  job.object = "/proc/self/fd/" + std::to_string(file);
  return {};
}

// Returns what is wrong.
std::string build(const compiler &with, const std::vector<compile_job *> &jobs,
                  const work_folder &in) {
  if (in.path.empty())
    return in.problem;
  unsigned serial = 0;
  for (compile_job *job : jobs)
    job->base = in.path + "/" + std::to_string(serial++);
  std::string failure = preprocess_all(with, jobs);
  std::vector<compile_job *> missing;
  for (compile_job *job : jobs) {
    job->object = object_name(with, *job);
    if (job->expanded.empty() || !is_whole(job->object))
      missing.push_back(job);
  }
  if (failure.empty())
    failure = compile_all(with, missing);
  // A compiler that was replaced meanwhile may have made any of them.
  const bool is_same = missing.empty() || with.is_same();
  for (compile_job *job : missing) {
    job->is_kept = job->is_kept && is_same;
    if (failure.empty())
      failure = store(with, *job);
  }
  return failure;
}

} // namespace

void find_or_compile(const compiler &with,
                     const std::vector<compile_job *> &jobs) {
  std::string failure;
  {
    const work_folder in(cache_folder());
    failure = build(with, jobs, in);
  } // nothing of it is left, and Ctrl-C ends the process here
  if (!failure.empty())
    throw fatal(failure);
}

} // namespace tessera
