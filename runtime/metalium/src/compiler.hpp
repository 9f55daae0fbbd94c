// The host's C++ compiler, as kernels need it.

#ifndef TESSERA_RUNTIME_COMPILER_HPP
#define TESSERA_RUNTIME_COMPILER_HPP

#include <string>
#include <vector>

// Is in a preprocessed text that is clang's, and in no other.
#define TESSERA_CLANG_MARK "tessera_compiled_by_clang"

namespace tessera {

struct compile_job {
  std::string label;    // "kernel 'reader' (ncrisc)", for messages
  std::string text;     // the translation unit
  std::string folder;   // for includes of the kernel's own; empty: none
  std::string base;     // of the names of temporary files, with the folder
  std::string expanded; // the preprocessed text; empty: there is none that
                        // says everything
  std::string object;   // where the shared object is, or will be
  bool has_standard_library = false; // whether the headers include parts of it
  bool is_of_clang = false;
  bool is_built = false;
  bool narrows = false; // fails for pointers that become 32-bit addresses
  bool is_kept = true;  // false: the object is for this process alone
};

// Which compiler, and what it is given: the same for all kernels of a run.
struct compiler {
  // `profile`: whose tt-metal's names. Throws when there is no such include
  // root or no compiler.
  explicit compiler(const std::string &profile);

  // Whether `identity` is still what it would be now.
  bool is_same() const;

  std::string program;               // full path
  std::vector<std::string> flags;    // without paths
  std::vector<std::string> includes; // roots of the runtime's headers
  std::string identity; // changes when the program, the flags, the files they
                        // name or what else it heeds does
};

// Sets `expanded` of the jobs: whatever they include, from wherever, is in it.
// Returns what is wrong; empty: nothing.
std::string preprocess_all(const compiler &with,
                           const std::vector<compile_job *> &jobs);

// Compiles the jobs, as many at once as there are processors, each to a shared
// object `base`.so: of `expanded` and of no file beside, whatever happens to
// those meanwhile, or, where that cannot be, of `text`, and then `is_kept` is
// false. Returns what is wrong, with the compiler's output; empty: nothing.
std::string compile_all(const compiler &with,
                        const std::vector<compile_job *> &jobs);

} // namespace tessera

#endif
