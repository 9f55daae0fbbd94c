#include "compiler.hpp"

#include "model.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <initializer_list>
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
    // Nobody else's variables of the same name are taken for its own.
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
    // Part of -Wall for gcc, which tt-metal compiles with.
    "-Wsign-compare",
    // L1 addresses are 32 bits, and kernels make pointers of them.
    "-Wno-int-to-pointer-cast",
    // Accesses through pointers become calls, which pointers.cpp takes.
    "-fsanitize=thread",
    // So does every block, which a loop without calls is made of.
    "-fsanitize-coverage=trace-pc",
    // Lines of loops, for messages (lines.cpp).
    "-g1",
    "-gdwarf-4",
    // Neither puts stores in the place of these calls, which are seen (below).
    "-fno-builtin-memcpy",
    "-fno-builtin-memmove",
    "-fno-builtin-memset",
    // What a kernel may not call is not renamed (outside.cpp).
    "-fno-builtin-printf",
    // Undefined behaviour that TESSERA_CXXFLAGS has looked for stops the kernel
    // where it is; what compilers would print there is not linked.
    "-fsanitize-undefined-trap-on-error",
    // Frames that no processor of a chip has the memory for. Smaller ones are
    // held against the processor's while they are there.
    "-Wframe-larger-than=65536",
};

// What TESSERA_CXXFLAGS does not change: checked forms of what moves bytes are
// others' than those that are seen (pointers.cpp).
const char *const last_flags[] = {"-U_FORTIFY_SOURCE"};

// What only clang has to be told; gcc keeps loops that go on for ever as they
// are.
const char *const clang_flags[] = {
    // Every block has its call, whatever others of the function make of it.
    "-fsanitize-coverage=no-prune", "-fno-finite-loops",
    "-ferror-limit=0", // fails_by_narrowing looks at all
};

const char *const link_flags[] = {
    "-shared",
    "-nostartfiles",
    "-nodefaultlibs",
    // Of what can be written to, only variables are left once it is loaded.
    "-Wl,-z,relro,-z,now",
    // What would end the host's program; process.cpp has what is called
    // instead.
    "-Wl,--wrap=exit,--wrap=_exit,--wrap=_Exit,--wrap=quick_exit",
    "-Wl,--wrap=abort,--wrap=__assert_fail",
    // What moves bytes; pointers.cpp has what is called instead.
    "-Wl,--wrap=memcpy,--wrap=memmove,--wrap=memset",
};

// Behind the kernel, which takes of it what it needs, as on the chip.
const char *const link_libraries[] = {"-lgcc"};

// The folder of headers beside this library: <prefix>/include, with the library
// somewhere below <prefix>; the build tree is laid out the same.
fs::path include_folder() {
  Dl_info info;
  static const char anchor = 0;
  if (dladdr(&anchor, &info) == 0 || !info.dli_fname)
    throw fatal("cannot find where the runtime library is");
  std::error_code ignored;
  fs::path at = fs::canonical(info.dli_fname, ignored).parent_path();
  for (int levels = 0; levels < 4; ++levels, at = at.parent_path())
    if (fs::exists(at / "include/tessera-metalium/common", ignored))
      return at / "include";
  throw fatal(
      "the runtime's headers are not where its library is installed: no "
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
      throw fatal(std::string(variable) + " names the compiler '" + name +
                  "', which cannot be run");
    return found;
  }
  for (const char *name : {"c++", "g++", "clang++"})
    if (const std::string found = find_in_path(name); !found.empty())
      return found;
  throw fatal(
      "kernels are compiled at run time, but there is no C++ compiler: install "
      "g++, or name one in TESSERA_CXX");
}

std::string text_of(const struct timespec &time) {
  return ":" + std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

// A compiler is another one when its file is; the last of these is what nobody
// can set back.
std::string file_identity(const std::string &path) {
  char real[PATH_MAX];
  struct stat info;
  if (!realpath(path.c_str(), real) || stat(real, &info) != 0)
    return path;
  return std::string(real) + ":" + std::to_string(info.st_size) +
         text_of(info.st_mtim) + text_of(info.st_ctim);
}

std::string read_all(const fs::path &path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> words_of(const std::string &text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;)
    words.push_back(word);
  return words;
}

// The files that flags name: @file, whose words are flags again, -option=file,
// or a file to link. `depth`: those files may name each other in a circle.
void append_files(const std::vector<std::string> &flags, int depth,
                  std::string &identity) {
  for (const std::string &flag : flags) {
    const bool has_flags = flag[0] == '@';
    const std::size_t equal = flag.find('=');
    const std::string name = has_flags ? flag.substr(1)
                             : equal == std::string::npos
                                 ? flag
                                 : flag.substr(equal + 1);
    std::error_code ignored;
    if (depth == 0 || !fs::is_regular_file(name, ignored))
      continue;
    const std::string content = read_all(name);
    identity += "\n" + file_identity(name) + "\n" + content;
    if (has_flags)
      append_files(words_of(content), depth - 1, identity);
  }
}

// What the compiler heeds besides its flags, other than where headers are.
const char *const heeded_variables[] = {"COMPILER_PATH", "GCC_EXEC_PREFIX",
                                        "LIBRARY_PATH", "PATH"};

// Everything that decides what becomes of a preprocessed text.
std::string identity_of(const std::string &program,
                        const std::vector<std::string> &flags) {
  std::string identity = file_identity(program);
  append_files(flags, 8, identity);
  for (const std::string &flag : flags)
    identity += " " + flag;
  for (const char *flag : link_flags)
    identity += std::string(" ") + flag;
  for (const char *flag : link_libraries)
    identity += std::string(" ") + flag;
  for (const char *flag : clang_flags)
    identity += std::string(" ") + flag;
  for (const char *name : heeded_variables)
    if (const char *value = std::getenv(name))
      identity += std::string("\n") + name + "=" + value;
  return identity;
}

} // namespace

compiler::compiler(const std::string &profile) : program(find_compiler()) {
  const fs::path folder = include_folder();
  const fs::path roots = folder / "tessera-metalium";
  if (profile == "common" || profile.find('/') != std::string::npos ||
      !fs::exists(roots / profile))
    throw fatal("TESSERA_METALIUM: there is no '" + profile + "'; known are " +
                known_profiles(roots));
  includes = {roots / profile, roots / "common"};
  // The build tree keeps the library's headers beside, an installation here.
  if (fs::exists(folder / "tessera-model"))
    includes.push_back(folder / "tessera-model");
  else
    includes.push_back(folder);
  flags.assign(std::begin(kernel_flags), std::end(kernel_flags));
  if (const char *text = std::getenv("TESSERA_CXXFLAGS"))
    for (const std::string &flag : words_of(text))
      flags.push_back(flag);
  flags.insert(flags.end(), std::begin(last_flags), std::end(last_flags));
  identity = identity_of(program, flags);
}

bool compiler::is_same() const {
  return identity_of(program, flags) == identity;
}

// -- Running it ---------------------------------------------------------------

namespace {

enum class purpose {
  preprocess,
  compile_expanded,
  narrow_expanded, // what has failed only for pointers that become addresses
  compile_text,
  narrow_text
};

bool is_expanded(purpose what) {
  return what == purpose::compile_expanded || what == purpose::narrow_expanded;
}

bool lets_narrow(purpose what) {
  return what == purpose::narrow_expanded || what == purpose::narrow_text;
}

std::string folder_of(const compile_job &job) {
  return fs::path(job.base).parent_path().string();
}

std::string input_of(const compile_job &job, purpose what) {
  return job.base + (is_expanded(what) ? ".ii" : ".cpp");
}

std::vector<std::string> arguments(const compiler &with, const compile_job &job,
                                   purpose what) {
  std::vector<std::string> words = {with.program};
  words.insert(words.end(), with.flags.begin(), with.flags.end());
  if (!job.folder.empty())
    words.insert(words.end(), {"-iquote", job.folder});
  for (const std::string &root : with.includes)
    words.push_back("-I" + root);
  // clang warns of what is for the linker or the preprocessor where that does
  // not run.
  if (what == purpose::preprocess || is_expanded(what))
    words.push_back("-Wno-unused-command-line-argument");
  if (is_expanded(what))
    words.insert(words.end(), {"-x", "c++-cpp-output"});
  // gcc also lets pass what it would find later; narrows_only looks for that.
  if (lets_narrow(what) && job.is_of_clang)
    words.insert(words.end(), {"-fms-extensions", "-Wno-pointer-to-int-cast"});
  else if (lets_narrow(what))
    words.insert(words.end(), {"-fpermissive", "-Wno-error"});
  if (job.is_of_clang)
    words.insert(words.end(), std::begin(clang_flags), std::end(clang_flags));
  if (job.has_standard_library)
    words.push_back("-DTESSERA_STANDARD_LIBRARY");
  if (what == purpose::preprocess)
    words.insert(words.end(), {"-E", "-o", job.base + ".ii"});
  else {
    words.insert(words.end(), std::begin(link_flags), std::end(link_flags));
    words.insert(words.end(), {"-o", job.base + ".so"});
  }
  words.push_back(input_of(job, what));
  if (what != purpose::preprocess)
    words.insert(words.end(), std::begin(link_libraries),
                 std::end(link_libraries));
  return words;
}

// Returns what is wrong, in the system's words.
std::string write_file(const std::string &path, const std::string &text) {
  errno = 0;
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  return out ? "" : std::strerror(errno ? errno : EIO);
}

// As a list of C strings, which ends with a null.
std::vector<char *> pointers(std::vector<std::string> &words) {
  std::vector<char *> list;
  for (std::string &word : words)
    list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

// The compiler's own temporary files go with those of this compilation.
std::vector<std::string> environment_of(const compile_job &job) {
  std::vector<std::string> words = {"TMPDIR=" + folder_of(job)};
  for (char **variable = environ; *variable; ++variable)
    if (std::strncmp(*variable, "TMPDIR=", 7) != 0)
      words.push_back(*variable);
  return words;
}

pid_t start(const compiler &with, const compile_job &job, purpose what) {
  std::vector<std::string> words = arguments(with, job, what);
  std::vector<std::string> variables = environment_of(job);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
                                   (job.base + ".log").c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  // This process waits with Ctrl-C until the compiler is gone, which does not.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t child = 0;
  const int failure =
      posix_spawn(&child, with.program.c_str(), &actions, &attributes,
                  pointers(words).data(), pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure == 0 ? child : -1;
}

using word_list = std::initializer_list<const char *>;

bool has_any(const std::string &text, const word_list &words) {
  return std::any_of(words.begin(), words.end(), [&](const char *word) {
    return text.find(word) != std::string::npos;
  });
}

const auto narrowing_messages = {"loses precision", "loses information"};

bool is_narrowing(const std::string &line) {
  return has_any(line, narrowing_messages);
}

// Pointers that become addresses are all that is wrong.
bool fails_by_narrowing(const std::string &messages) {
  std::istringstream lines(messages);
  bool any = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" error: ") == std::string::npos)
      continue;
    if (!is_narrowing(line))
      return false;
    any = true;
  }
  return any;
}

// What is wrong besides, where something is; each error has lines of its source
// behind it, which begin with a space.
std::string without_narrowing(const std::string &messages) {
  std::istringstream lines(messages);
  std::string rest;
  bool is_left_out = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(" ", 0) != 0)
      is_left_out = is_narrowing(line);
    if (!is_left_out)
      rest += line + "\n";
  }
  return fails_by_narrowing(messages) ? messages : rest;
}

// Of what gcc warned of in `messages`, all else is let pass anyway.
bool narrows_only(const std::string &messages) {
  std::istringstream lines(messages);
  for (std::string line; std::getline(lines, line);)
    if (line.find(" warning: ") != std::string::npos && !is_narrowing(line) &&
        !has_any(line, {"[-Wparentheses]", "[-Wunused-but-set-variable]"}))
      return false;
  return true;
}

// What a kernel's author should know when the compiler misses a name.
std::string hint(const std::string &messages) {
  if (!has_any(messages,
               {"was not declared", "has not been declared",
                "does not name a type", "No such file", "is not a member of",
                "undeclared identifier", "no member named", "unknown type name",
                "file not found"}))
    return {};
  const std::string surface = "docs/model.md, \"Surface\", lists what kernels "
                              "may call; ";
  if (has_any(messages, {"sfpi", "vFloat", "vInt", "vUInt", "dst_reg", "llk_",
                         "TTI_", "SFPU_"}))
    return "note: SFPI (vFloat, dst_reg), LLK (llk_..., _llk_...) and single "
           "instructions (TTI_...) are outside of the model's surface: " +
           surface + "the calls of api/compute take their place\n";
  return "note: " + surface +
         "tt-metal's other calls are not part of the model\n";
}

// Takes note of the compiler, and returns the preprocessed text of a job
// without its temporary name; empty: there is none, or the assembler reads a
// file that is not in it.
std::string expanded_text(compile_job &job, bool succeeded) {
  std::string text = succeeded ? read_all(job.base + ".ii") : "";
  job.is_of_clang = text.find(TESSERA_CLANG_MARK) != std::string::npos;
  if (text.find(".incbin") != std::string::npos)
    return {};
  const std::string source = job.base + ".cpp";
  for (std::size_t at = 0; (at = text.find(source, at)) != std::string::npos;)
    text.erase(at, source.size());
  return text;
}

std::string describe_failure(const compiler &with, const compile_job &job,
                             const std::string &messages) {
  std::string failure = job.label + " does not compile:\n" +
                        without_narrowing(messages) + hint(messages);
  if (messages.empty())
    failure += "the compiler " + with.program +
               " has failed, and said nothing: a full disk in '" +
               folder_of(job) + "'? TMPDIR names another folder";
  while (failure.back() == '\n')
    failure.pop_back();
  return failure;
}

// Takes a finished process; returns the compiler's messages if that is the end.
std::string finish(const compiler &with, compile_job &job, purpose what,
                   bool succeeded) {
  const std::string messages = read_all(job.base + ".log");
  if (lets_narrow(what) && !job.is_of_clang)
    succeeded = succeeded && narrows_only(messages);
  if (what == purpose::preprocess)
    job.expanded = expanded_text(job, succeeded);
  job.is_built = succeeded;
  job.narrows =
      !succeeded && !lets_narrow(what) && fails_by_narrowing(messages);
  const bool is_last = what == purpose::narrow_text ||
                       (what == purpose::compile_text && !job.narrows);
  for (const char *suffix : {".ii", ".log", ".cpp"})
    unlink((job.base + suffix).c_str());
  return is_last && !succeeded ? describe_failure(with, job, messages) : "";
}

struct process {
  pid_t child;
  compile_job *job;
};

std::string wait_for_first(const compiler &with, std::vector<process> &running,
                           purpose what) {
  const process first = running.front();
  running.erase(running.begin());
  int status = 0;
  if (waitpid(first.child, &status, 0) != first.child)
    return "lost the compiler's process";
  return finish(with, *first.job, what,
                WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// As many at once as there are processors. Returns the first failure.
std::string run_all(const compiler &with,
                    const std::vector<compile_job *> &jobs, purpose what) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  const auto at_once = static_cast<std::size_t>(std::max(1l, processors));
  std::vector<process> running;
  std::string failure;
  auto note = [&](const std::string &one) {
    if (failure.empty())
      failure = one;
  };
  for (compile_job *job : jobs) {
    while (running.size() >= at_once)
      note(wait_for_first(with, running, what));
    if (!failure.empty())
      break;
    const std::string problem = write_file(
        input_of(*job, what), is_expanded(what) ? job->expanded : job->text);
    const pid_t child = problem.empty() ? start(with, *job, what) : -1;
    if (child >= 0)
      running.push_back({child, job});
    else if (problem.empty())
      note("cannot run " + with.program);
    else
      note("cannot write in '" + folder_of(*job) + "': " + problem +
           "; TMPDIR names another folder");
  }
  while (!running.empty())
    note(wait_for_first(with, running, what));
  return failure;
}

} // namespace

namespace {

// What kernels say of the standard library, or of what is made with it. None of
// the runtime's own headers for kernels does.
const auto standard_names = {"std::", "make_tensor_accessor_",
                             "make_abstract_tensor_accessor_"};

} // namespace

std::string preprocess_all(const compiler &with,
                           const std::vector<compile_job *> &jobs) {
  std::string failure = run_all(with, jobs, purpose::preprocess);
  std::vector<compile_job *> again;
  for (compile_job *job : jobs)
    if (has_any(job->expanded, standard_names)) {
      job->has_standard_library = true;
      again.push_back(job);
    }
  return failure.empty() ? run_all(with, again, purpose::preprocess) : failure;
}

// Compiles what is not built yet, and again what pointers that become addresses
// have failed: strictly, for what else is wrong is known only then.
static std::string compile_form(const compiler &with,
                                const std::vector<compile_job *> &jobs,
                                purpose strict, purpose narrow) {
  std::vector<compile_job *> narrowing;
  std::string failure = run_all(with, jobs, strict);
  for (compile_job *job : jobs)
    if (job->narrows)
      narrowing.push_back(job);
  return failure.empty() ? run_all(with, narrowing, narrow) : failure;
}

// The messages of the second way show the kernel as it was written, macros and
// all. And what only one of the two lets pass, for a warning of how the text of
// a macro is indented, compiles.
std::string compile_all(const compiler &with,
                        const std::vector<compile_job *> &jobs) {
  std::vector<compile_job *> expanded, rest;
  for (compile_job *job : jobs)
    if (!job->expanded.empty())
      expanded.push_back(job);
  const std::string failure = compile_form(
      with, expanded, purpose::compile_expanded, purpose::narrow_expanded);
  if (!failure.empty())
    return failure;
  for (compile_job *job : jobs) {
    job->is_kept = !job->expanded.empty() && job->is_built;
    if (!job->is_kept)
      rest.push_back(job);
  }
  return compile_form(with, rest, purpose::compile_text, purpose::narrow_text);
}

} // namespace tessera
