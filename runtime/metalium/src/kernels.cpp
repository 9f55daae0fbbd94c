// Kernels as native code: each is compiled by the host's C++ compiler into a
// shared object, one per thread of a core, and kept in a cache that goes by
// everything the result depends on.

#include "model.hpp"

#include "cache.hpp"
#include "compiler.hpp"
#include "image.hpp"
#include "lines.hpp"
#include "outside.hpp"

#include <algorithm>
#include <dlfcn.h>
#include <map>

namespace tessera {

namespace {

// One compilation: a kernel for one thread.
struct unit {
  std::uint32_t kernel;
  tsr_sim_processor processor;
  compile_job job;
};

struct thread_kind {
  tsr_sim_processor processor;
  const char *text;
  const char *defines;
};

const thread_kind compute_threads[] = {
    {TSR_SIM_UNPACK, "unpack",
     "#define COMPILE_FOR_TRISC 0\n#define UCK_CHLKC_UNPACK\n"
     "#define TRISC_UNPACK\n#define NAMESPACE chlkc_unpack\n"
     "#define MAIN unpack_main()\n"},
    {TSR_SIM_MATH, "math",
     "#define COMPILE_FOR_TRISC 1\n#define UCK_CHLKC_MATH\n"
     "#define TRISC_MATH\n#define NAMESPACE chlkc_math\n"
     "#define MAIN math_main()\n"},
    {TSR_SIM_PACK, "pack",
     "#define COMPILE_FOR_TRISC 2\n#define UCK_CHLKC_PACK\n"
     "#define TRISC_PACK\n#define NAMESPACE chlkc_pack\n"
     "#define MAIN pack_main()\n"}};

const thread_kind brisc = {TSR_SIM_BRISC, "brisc",
                           "#define COMPILE_FOR_BRISC\n"};
const thread_kind ncrisc = {TSR_SIM_NCRISC, "ncrisc",
                            "#define COMPILE_FOR_NCRISC\n"};

std::string common_defines(const model &on) {
  const bool blackhole = std::string(on.target.arch) == "blackhole";
  return std::string("#define KERNEL_BUILD\n#define TENSIX_FIRMWARE\n") +
         (blackhole ? "#define ARCH_BLACKHOLE\n" : "#define ARCH_WORMHOLE\n") +
         "#define NUM_DRAM_BANKS " + std::to_string(on.target.dram_banks) +
         "\n#define NUM_L1_BANKS " +
         std::to_string(on.target.grid_rows * on.target.grid_cols) +
         "\n#define TESSERA_NOC_BURST_BYTES " +
         std::to_string(on.target.noc_burst_bytes) +
         "\n#define MEM_ZEROS_SIZE " + std::to_string(on.target.zeros_bytes) +
         "\n#define L1_ALIGNMENT " +
         std::to_string(
             std::max(on.target.l1_read_align, on.target.l1_write_align)) +
         "u\n#define DRAM_ALIGNMENT " +
         std::to_string(
             std::max(on.target.dram_read_align, on.target.dram_write_align)) +
         "u\n";
}

// The compiler's version is part of the preprocessed text, and so of its name
// in the cache: a wrapper's file stays the same when what it calls does not.
const char version[] = "static_assert(sizeof(__VERSION__) > 0, \"\");\n";

// Warnings that only one compiler has are no errors: the other's option would
// be an unknown one, so these are set where the compiler can be asked. One of
// clang's has no name and stays an error: a constant that no case stands for.
const char own_warnings[] =
    "#if defined(__clang__)\n"
    "enum { " TESSERA_CLANG_MARK " };\n"
    "#pragma clang diagnostic ignored \"-Wunknown-warning-option\"\n"
    "#pragma clang diagnostic warning \"-Wbitwise-instead-of-logical\"\n"
    "#pragma clang diagnostic warning \"-Wbraced-scalar-init\"\n"
    "#pragma clang diagnostic warning \"-Wconstant-evaluated\"\n"
    "#pragma clang diagnostic warning \"-Wconstant-logical-operand\"\n"
    "#pragma clang diagnostic warning \"-Wfor-loop-analysis\"\n"
    "#pragma clang diagnostic warning \"-Wmissing-braces\"\n"
    "#pragma clang diagnostic warning \"-Wparentheses-equality\"\n"
    "#pragma clang diagnostic warning \"-Wpass-failed\"\n"
    "#pragma clang diagnostic warning \"-Wself-assign\"\n"
    "#pragma clang diagnostic warning \"-Wtautological-compare\"\n"
    "#pragma clang diagnostic warning \"-Wunknown-attributes\"\n"
    "#pragma clang diagnostic warning \"-Wunneeded-internal-declaration\"\n"
    "#pragma clang diagnostic warning \"-Wunused-lambda-capture\"\n"
    "#pragma clang diagnostic warning \"-Wunused-private-field\"\n"
    "#pragma clang diagnostic warning \"-Wvla-extension\"\n"
    "#pragma clang diagnostic warning \"-Wvla-cxx-extension\"\n"
    "#else\n"
    "#pragma GCC diagnostic warning \"-Wmultistatement-macros\"\n"
    "#endif\n";

// What moves bytes is a call, whatever it is spelled (compiler.cpp): headers of
// the standard library have the compiler's own names, which it makes stores of.
const char moves[] =
    "extern \"C\" {\n"
    "void *memcpy(void *, const void *, decltype(sizeof 0)) noexcept;\n"
    "void *memmove(void *, const void *, decltype(sizeof 0)) noexcept;\n"
    "void *memset(void *, int, decltype(sizeof 0)) noexcept;\n"
    "}\n"
    "#define __builtin_memcpy memcpy\n"
    "#define __builtin_memmove memmove\n"
    "#define __builtin_memset memset\n";

// The one name of a kernel that is seen from outside: its variables are its
// own.
#define TESSERA_SEEN "__attribute__((visibility(\"default\"))) void "
const char entry_declaration[] = TESSERA_SEEN "kernel_main();\n";
// In the old form, a kernel_main is that of a data movement kernel in the file.
const char old_entry[] = "\n" TESSERA_SEEN "tessera_main();\n"
                         "void tessera_main() { NAMESPACE::MAIN; }\n";

// tt-metal finds the entry of a compute kernel by its text, and takes one of
// these words anywhere, comments included, for the old form.
const char *const old_words[] = {"namespace NAMESPACE", "void MAIN"};

const char first_profile[] = "2026-02";

bool is_old_form(const kernel_source &source) {
  return source.is_compute &&
         source.text.find(old_words[0]) != std::string::npos &&
         source.text.find(old_words[1]) != std::string::npos;
}

// The translation unit. What stands before the kernel's own text is what
// tt-metal's build puts there; messages count the kernel's lines.
std::string unit_text(const model &on, const kernel_source &source,
                      const thread_kind &thread) {
  std::string text = "#line 1 \"<before " + source.file + ">\"\n" +
                     own_warnings + version + moves + common_defines(on) +
                     thread.defines;
  text += source.prelude;
  if (!source.is_compute)
    text += "#define NOC_MODE 0\n#define NOC_INDEX " +
            std::to_string(source.noc) +
            "\n#include \"api/dataflow/dataflow_api.h\"\n";
  const bool is_old = is_old_form(source);
  text += is_old ? "" : entry_declaration;
  text += "#line 1 \"" + source.file + "\"\n" + source.text + "\n";
  return text + (is_old ? old_entry : "");
}

void check_compute_text(const kernel_source &source,
                        const std::string &profile) {
  if (is_old_form(source) && profile == first_profile)
    return;
  for (const char *word : old_words)
    if (source.text.find(word) != std::string::npos)
      throw fatal(
          "kernel '" + source.name + "': '" + word +
          "' belongs to the old form of a compute kernel, `namespace NAMESPACE "
          "{ void MAIN { ... } }` of tt-metal " +
          first_profile + "; write void kernel_main() {");
}

void add_unit(std::vector<unit> &units, const model &on, std::uint32_t kernel,
              const kernel_source &source, const thread_kind &thread) {
  unit made;
  made.kernel = kernel;
  made.processor = thread.processor;
  made.job.label =
      "kernel '" + source.name + "' (" + std::string(thread.text) + ")";
  made.job.text = unit_text(on, source, thread);
  made.job.folder = source.folder;
  units.push_back(std::move(made));
}

std::vector<unit> list_units(const model &on,
                             const std::vector<kernel_source> &sources,
                             const std::string &profile) {
  std::vector<unit> units;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    const kernel_source &source = sources[i];
    if (!source.is_compute) {
      add_unit(units, on, i, source,
               source.processor == TSR_SIM_BRISC ? brisc : ncrisc);
      continue;
    }
    check_compute_text(source, profile);
    for (const thread_kind &thread : compute_threads)
      add_unit(units, on, i, source, thread);
  }
  return units;
}

struct loaded_kernel {
  tsr_sim_entry *entry;
  kernel_image image;
  tsr_sim_image view; // of `image`
  line_table lines;
};

bool find_line(const void *of, const void *code, tsr_sim_where *out) {
  const auto *kernel = static_cast<const loaded_kernel *>(of);
  return kernel->lines.find(
      static_cast<std::size_t>(static_cast<const char *>(code) -
                               kernel->image.start),
      *out);
}

// The data memory of a processor holds a kernel's variables and its stack.
void check_variables(const model &on, const unit &one,
                     const kernel_image &image) {
  const std::size_t most = tsr_sim_local_bytes(&on.target, one.processor);
  if (image.variable_bytes > most)
    throw fatal(
        one.job.label + " has " + std::to_string(image.variable_bytes) +
        " B of variables, but the processor has " + std::to_string(most) +
        " B for variables and stack: larger data belong in L1, in a circular "
        "buffer");
}

// Shared objects stay loaded: a program may run again, and another one may use
// the same kernel.
const loaded_kernel &load(const compiler &with, const compile_job &job) {
  static std::map<std::string, loaded_kernel> all;
  if (const auto found = all.find(job.object); found != all.end())
    return found->second;
  loaded_kernel kernel = {};
  const object_file file(job.object);
  check_object(with, job, file);
  void *handle = dlopen(job.object.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    throw fatal(job.label + " cannot be loaded: " + dlerror());
  for (const char *name : {"_Z12tessera_mainv", "_Z11kernel_mainv"})
    if (void *entry = kernel.entry ? nullptr : dlsym(handle, name))
      kernel.entry = reinterpret_cast<tsr_sim_entry *>(entry);
  if (!kernel.entry)
    throw fatal(job.label + " has no void kernel_main()");
  kernel.image = kernel_image(handle, reinterpret_cast<void *>(kernel.entry));
  kernel.view = kernel.image.view();
  kernel.lines = line_table(file, own_files(with, job));
  return all.emplace(job.object, std::move(kernel)).first->second;
}

} // namespace

void build_kernels(const model &on, tsr_sim_program *program,
                   const std::vector<kernel_source> &sources,
                   const std::string &profile) {
  std::vector<unit> units = list_units(on, sources, profile);
  const compiler with(profile);
  std::vector<compile_job *> jobs;
  for (unit &one : units)
    jobs.push_back(&one.job);
  find_or_compile(with, jobs);
  for (const unit &one : units) {
    const loaded_kernel &kernel = load(with, one.job);
    tsr_sim_set_lines(program, one.kernel, one.processor, find_line, &kernel);
    if (!kernel.image.has_variables()) {
      tsr_sim_set_entry(program, one.kernel, one.processor, kernel.entry);
      continue;
    }
    check_variables(on, one, kernel.image);
    tsr_sim_set_image(program, one.kernel, one.processor, &kernel.view);
  }
}

} // namespace tessera
