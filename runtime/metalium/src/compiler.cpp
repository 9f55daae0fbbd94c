#include "compiler.hpp"

#include "model.hpp"

#include "tessera/hash.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <spawn.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace tessera {

namespace {

namespace fs = std::filesystem;

// As tt-metal compiles kernels, where that makes sense on a host: what it lets
// pass is let pass, what it rejects is rejected.
const char *const kernel_flags[] = {
    "-std=c++17",
    "-x",
    "c++",
    "-O2",
    "-fPIC",
    "-shared",
    "-nostartfiles",
    "-nodefaultlibs",
    // Of what can be written to, only variables are left once it is loaded,
    // and nobody else's of the same name are taken for them.
    "-Wl,-z,relro,-z,now",
    "-fvisibility=hidden",
    "-fno-exceptions",
    "-fno-rtti",
    "-fno-use-cxa-atexit",
    // A processor has its variables for itself.
    "-fno-threadsafe-statics",
    "-ffp-contract=off",
    "-Wall",
    "-Werror",
    "-Wno-unknown-pragmas",
    "-Wno-deprecated-declarations",
    "-Wno-error=parentheses",
    "-Wno-error=unused-but-set-variable",
    "-Wno-unused-variable",
    "-Wno-unused-function",
    "-Wno-unused-value",
    // L1 addresses are 32 bits, and kernels make pointers of them.
    "-Wno-int-to-pointer-cast",
    // Accesses through pointers become calls, which pointers.cpp takes.
    "-fsanitize=thread",
    // So does every block, which a loop without calls is made of.
    "-fsanitize-coverage=trace-pc",
    // Frames that no processor of a chip has the memory for. Smaller ones are
    // held against the processor's while they are there.
    "-Wframe-larger-than=65536",
};

// The folder of headers beside this library: <prefix>/include, with the library
// somewhere below <prefix>; the build tree is laid out the same.
fs::path include_folder() {
  Dl_info info;
  static const char anchor = 0;
  if (dladdr(&anchor, &info) == 0 || !info.dli_fname)
    die("cannot find where the runtime library is");
  std::error_code ignored;
  fs::path at = fs::canonical(info.dli_fname, ignored).parent_path();
  for (int levels = 0; levels < 4; ++levels, at = at.parent_path())
    if (fs::exists(at / "include/tessera-metalium/common", ignored))
      return at / "include";
  die("the runtime's headers are not where its library is installed: no "
      "include/tessera-metalium above " +
      std::string(info.dli_fname));
}

std::string known_profiles(const fs::path &roots) {
  std::vector<std::string> names;
  for (const fs::directory_entry &entry : fs::directory_iterator(roots))
    if (entry.path().filename() != "common")
      names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string &name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string find_in_path(const std::string &name) {
  if (name.find('/') != std::string::npos)
    return access(name.c_str(), X_OK) == 0 ? name : "";
  const char *path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string candidate = folder + "/" + name;
    if (!folder.empty() && access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return "";
}

std::string find_compiler() {
  for (const char *variable : {"TESSERA_CXX", "CXX"}) {
    const char *name = std::getenv(variable);
    if (!name || !*name)
      continue;
    const std::string found = find_in_path(name);
    if (found.empty())
      die(std::string(variable) + " names the compiler '" + name +
          "', which cannot be run");
    return found;
  }
  for (const char *name : {"c++", "g++", "clang++"})
    if (const std::string found = find_in_path(name); !found.empty())
      return found;
  die("kernels are compiled at run time, but there is no C++ compiler: install "
      "g++, or name one in TESSERA_CXX");
}

// A compiler is another one when its file is.
std::string file_identity(const std::string &path) {
  char real[PATH_MAX];
  struct stat info;
  if (!realpath(path.c_str(), real) || stat(real, &info) != 0)
    return path;
  return std::string(real) + ":" + std::to_string(info.st_size) + ":" +
         std::to_string(info.st_mtime);
}

std::string read_all(const fs::path &path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

} // namespace

std::vector<std::string> runtime_headers(const compiler &with) {
  std::vector<std::string> files;
  for (const std::string &root : with.includes) {
    // Of the library's own headers a kernel sees one.
    const fs::path calls = fs::path(root) / "tessera/sim_calls.h";
    if (fs::exists(calls)) {
      for (const char *name : {"tessera/sim_calls.h", "tessera/sim_sfpu.def"})
        files.push_back(fs::path(root) / name);
      continue;
    }
    for (const char *folder :
         {"api", "experimental", "hostdevcommon", "tessera_metalium", "tools"})
      if (fs::exists(fs::path(root) / folder))
        for (const fs::directory_entry &entry :
             fs::recursive_directory_iterator(fs::path(root) / folder))
          if (entry.is_regular_file())
            files.push_back(entry.path());
    if (fs::exists(fs::path(root) / "tessera_profile.h"))
      files.push_back(fs::path(root) / "tessera_profile.h");
  }
  std::sort(files.begin(), files.end());
  return files;
}

compiler::compiler(const std::string &profile) : program(find_compiler()) {
  const fs::path folder = include_folder();
  const fs::path roots = folder / "tessera-metalium";
  if (profile == "common" || profile.find('/') != std::string::npos ||
      !fs::exists(roots / profile))
    die("TESSERA_METALIUM: there is no '" + profile + "'; known are " +
        known_profiles(roots));
  includes = {roots / profile, roots / "common"};
  // The build tree keeps the library's headers beside, an installation here.
  if (fs::exists(folder / "tessera-model"))
    includes.push_back(folder / "tessera-model");
  else
    includes.push_back(folder);
  flags.assign(std::begin(kernel_flags), std::end(kernel_flags));
  if (const char *more = std::getenv("TESSERA_CXXFLAGS")) {
    std::istringstream words(more);
    for (std::string word; words >> word;)
      flags.push_back(word);
  }
  identity = file_identity(program);
  for (const std::string &flag : flags)
    identity += " " + flag;
  for (const std::string &header : runtime_headers(*this)) {
    const std::string text = read_all(header);
    identity += " " + std::to_string(tsr_hash_bytes(text.data(), text.size()));
  }
}

// -- Running it ---------------------------------------------------------------

namespace {

struct process {
  compile_job *job;
  std::string source, object, log; // temporary files
};

std::vector<std::string> arguments(const compiler &with, const process &one) {
  std::vector<std::string> words = {with.program};
  words.insert(words.end(), with.flags.begin(), with.flags.end());
  if (!one.job->folder.empty()) {
    words.push_back("-iquote");
    words.push_back(one.job->folder);
  }
  for (const std::string &root : with.includes)
    words.push_back("-I" + root);
  words.insert(words.end(), {"-o", one.object, one.source});
  return words;
}

void write_file(const std::string &path, const std::string &text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out)
    die("cannot write '" + path + "'; TESSERA_CACHE names another folder");
}

pid_t start(const compiler &with, process &one) {
  // A name of our own, so that several runs may compile the same kernel.
  static unsigned serial;
  const std::string base = one.job->object + "." + std::to_string(getpid()) +
                           "." + std::to_string(serial++);
  one.source = base + ".cpp";
  one.object = base + ".so";
  one.log = base + ".log";
  write_file(one.source, one.job->text);
  std::vector<std::string> words = arguments(with, one);
  std::vector<char *> argv;
  for (std::string &word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, one.log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = 0;
  const int failure = posix_spawn(&child, with.program.c_str(), &actions,
                                  nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    die("cannot run " + with.program + ": " + std::strerror(failure));
  return child;
}

// What a kernel's author should know when the compiler misses a name.
std::string hint(const std::string &messages) {
  for (const char *sign :
       {"was not declared", "has not been declared", "No such file",
        "is not a member of", "undeclared identifier", "file not found"})
    if (messages.find(sign) != std::string::npos)
      return "note: docs/model.md, \"Surface\", lists what kernels may call; "
             "tt-metal's other calls are not part of the model\n";
  return {};
}

// Takes a finished compilation; returns its messages if it failed.
std::string finish(const process &one, bool succeeded) {
  std::string failure;
  if (!succeeded) {
    const std::string messages = read_all(one.log);
    failure =
        one.job->label + " does not compile:\n" + messages + hint(messages);
  } else if (std::rename(one.object.c_str(), one.job->object.c_str()) != 0)
    failure = "cannot write '" + one.job->object + "': " + std::strerror(errno);
  unlink(one.source.c_str());
  unlink(one.object.c_str());
  unlink(one.log.c_str());
  return failure;
}

std::string wait_for_one(std::map<pid_t, process> &running) {
  for (auto &[child, one] : running) {
    int status = 0;
    if (waitpid(child, &status, 0) != child)
      continue;
    const std::string failure =
        finish(one, WIFEXITED(status) && WEXITSTATUS(status) == 0);
    running.erase(child);
    return failure;
  }
  return "lost the compiler's process";
}

} // namespace

void compile_all(const compiler &with, const std::vector<compile_job *> &jobs) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  const auto at_once = static_cast<std::size_t>(std::max(1l, processors));
  std::map<pid_t, process> running;
  std::string failure;
  auto collect = [&] {
    const std::string one = wait_for_one(running);
    // The first in order of completion: the others say the same, as a rule.
    if (failure.empty())
      failure = one;
  };
  for (compile_job *job : jobs) {
    while (running.size() >= at_once)
      collect();
    if (!failure.empty())
      break;
    process one = {job, "", "", ""};
    const pid_t child = start(with, one);
    running.emplace(child, std::move(one));
  }
  while (!running.empty())
    collect();
  if (!failure.empty()) {
    while (!failure.empty() && failure.back() == '\n')
      failure.pop_back();
    die(failure);
  }
}

} // namespace tessera
