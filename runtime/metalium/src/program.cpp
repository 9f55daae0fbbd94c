// host_api.hpp: programs as they are built.

#include "model.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace tt::tt_metal {

using tessera::fatal;
using tessera::kernel_source;

Program::Program(const char *profile) : impl_(std::make_unique<Impl>()) {
  const tessera::at_work alone(tessera::guard());
  impl_->on = tessera::model::get();
  impl_->program = tsr_sim_program_create(impl_->on->sim);
  impl_->profile = tessera::chosen_profile(profile);
}

Program::~Program() = default;
Program::Program(Program &&other) noexcept = default;
Program &Program::operator=(Program &&other) noexcept = default;

Program::Impl &Program::impl() const {
  if (!impl_)
    throw fatal("this program was moved into a workload and is empty");
  return *impl_;
}

// -- Kernel configurations ----------------------------------------------------

ReaderDataMovementConfig::ReaderDataMovementConfig(
    std::vector<std::uint32_t> args,
    std::map<std::string, std::string> definitions,
    std::unordered_map<std::string, std::uint32_t> named_args,
    KernelBuildOptLevel level)
    : DataMovementConfig{DataMovementProcessor::RISCV_1,
                         NOC::NOC_0,
                         NOC_MODE::DM_DEDICATED_NOC,
                         std::move(args),
                         std::move(definitions),
                         std::move(named_args),
                         level} {}

WriterDataMovementConfig::WriterDataMovementConfig(
    std::vector<std::uint32_t> args,
    std::map<std::string, std::string> definitions,
    std::unordered_map<std::string, std::uint32_t> named_args,
    KernelBuildOptLevel level)
    : DataMovementConfig{DataMovementProcessor::RISCV_0,
                         NOC::NOC_1,
                         NOC_MODE::DM_DEDICATED_NOC,
                         std::move(args),
                         std::move(definitions),
                         std::move(named_args),
                         level} {}

namespace {

// -- Kernels ------------------------------------------------------------------

bool is_file(const std::string &path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

std::string find_kernel(const std::string &file_name) {
  if (is_file(file_name))
    return file_name;
  for (const char *variable : {"TT_METAL_KERNEL_PATH", "TT_METAL_HOME"}) {
    const char *folder = std::getenv(variable);
    if (folder && is_file(std::string(folder) + "/" + file_name))
      return std::string(folder) + "/" + file_name;
  }
  throw fatal("kernel file '" + file_name +
              "' does not exist, neither here nor in TT_METAL_KERNEL_PATH or "
              "TT_METAL_HOME");
}

std::string read_file(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in)
    throw fatal("cannot read kernel file '" + path + "'");
  // Compilers skip a byte order mark where a file begins, which a kernel's text
  // does not do in its unit.
  const std::string mark = "\xef\xbb\xbf";
  const std::string all = text.str();
  return all.rfind(mark, 0) == 0 ? all.substr(mark.size()) : all;
}

// #define lines for arguments and defines. The maps are copied into an order,
// since the text is what the cache goes by.
template <typename Config> std::string prelude_of(const Config &config) {
  std::string text;
  if (!config.compile_args.empty()) {
    text += "#define KERNEL_COMPILE_TIME_ARGS ";
    for (std::size_t i = 0; i < config.compile_args.size(); ++i)
      text += (i ? "," : "") + std::to_string(config.compile_args[i]) + "u";
    text += "\n";
  }
  if (!config.named_compile_args.empty()) {
    std::map<std::string, std::uint32_t> ordered(
        config.named_compile_args.begin(), config.named_compile_args.end());
    text += "#define KERNEL_COMPILE_TIME_ARG_MAP ";
    const char *separator = "";
    for (const auto &[name, value] : ordered) {
      text += separator + ("{\"" + name + "\"," + std::to_string(value) + "u}");
      separator = ",";
    }
    text += "\n";
  }
  for (const auto &[name, value] : config.defines)
    text += "#define " + name + " " + value + "\n";
  return text;
}

std::uint64_t unpack_to_dst(const std::vector<UnpackToDestMode> &modes) {
  std::uint64_t bits = 0;
  for (std::size_t cb = 0; cb < modes.size() && cb < 64; ++cb)
    if (modes[cb] == UnpackToDestMode::UnpackToDestFp32)
      bits |= std::uint64_t(1) << cb;
  return bits;
}

std::uint32_t passes_of(MathFidelity fidelity) {
  return fidelity == MathFidelity::LoFi ? 1
                                        : static_cast<std::uint32_t>(fidelity);
}

tsr_sim_kernel_config describe(const DataMovementConfig &config,
                               kernel_source &source) {
  source.prelude = prelude_of(config);
  source.processor = config.processor == DataMovementProcessor::RISCV_0
                         ? TSR_SIM_BRISC
                         : TSR_SIM_NCRISC;
  source.noc = config.noc;
  tsr_sim_kernel_config out = {};
  out.processor = source.processor;
  out.noc = config.noc;
  out.dynamic_noc = config.noc_mode == NOC_MODE::DM_DYNAMIC_NOC;
  return out;
}

// What a compute kernel may ask of its configuration.
std::string modes_of(const ComputeConfig &config) {
  auto define = [](const char *name, unsigned value) {
    return std::string("#define ") + name + " " + std::to_string(value) + "\n";
  };
  return define("TESSERA_FP32_DST", config.fp32_dest_acc_en) +
         define("TESSERA_FULL_SYNC", config.dst_full_sync_en) +
         define("TESSERA_APPROX", config.math_approx_mode) +
         define("TESSERA_FIDELITY",
                static_cast<unsigned>(config.math_fidelity));
}

tsr_sim_kernel_config describe(const ComputeConfig &config,
                               kernel_source &source) {
  source.prelude = modes_of(config) + prelude_of(config);
  source.is_compute = true;
  tsr_sim_kernel_config out = {};
  out.is_compute = true;
  out.fidelity = passes_of(config.math_fidelity);
  out.fp32_acc = config.fp32_dest_acc_en;
  out.full_sync = config.dst_full_sync_en;
  out.unpack_to_dst = unpack_to_dst(config.unpack_to_dest_mode);
  out.bfp_pack_precise = config.bfp8_pack_precise;
  return out;
}

KernelHandle add_kernel(Program &program, kernel_source source,
                        const CoreSpec &cores, const KernelConfig &config) {
  Program::Impl &into = program.impl();
  tsr_sim_kernel_config described = std::visit(
      [&](const auto &kind) { return describe(kind, source); }, config);
  described.name = source.name.c_str();
  std::vector<tsr_sim_range> ranges = tessera::to_ranges(cores);
  std::uint32_t kernel = 0;
  into.on->check([&] {
    return tsr_sim_add_kernel(into.program, tessera::view(ranges), &described,
                              &kernel);
  });
  source.cores = std::move(ranges);
  into.sources.push_back(std::move(source));
  return kernel;
}

} // namespace

} // namespace tt::tt_metal

void tessera::refuse_ethernet_kernel(const std::string &file_name) {
  throw fatal("kernel file '" + file_name +
              "': the model has no Ethernet cores");
}

namespace tt::tt_metal {

KernelHandle CreateKernel(Program &program, const std::string &file_name,
                          const CoreSpec &cores, const KernelConfig &config) {
  const std::string path = find_kernel(file_name);
  const std::size_t slash = path.rfind('/');
  kernel_source source;
  source.text = read_file(path);
  source.folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  source.file = slash == std::string::npos ? path : path.substr(slash + 1);
  source.name = source.file.substr(0, source.file.find('.'));
  return add_kernel(program, std::move(source), cores, config);
}

KernelHandle CreateKernelFromString(Program &program, const std::string &text,
                                    const CoreSpec &cores,
                                    const KernelConfig &config) {
  kernel_source source;
  source.text = text;
  source.name =
      "string_kernel_" + std::to_string(program.impl().sources.size());
  source.file = source.name;
  return add_kernel(program, std::move(source), cores, config);
}

// -- Semaphores and arguments -------------------------------------------------

std::uint32_t
CreateSemaphore(Program &program,
                const std::variant<CoreRange, CoreRangeSet> &cores,
                std::uint32_t initial_value) {
  Program::Impl &into = program.impl();
  std::vector<tsr_sim_range> ranges = tessera::to_ranges(cores);
  std::uint32_t id = 0;
  into.on->check([&] {
    return tsr_sim_add_semaphore(into.program, tessera::view(ranges),
                                 initial_value, &id);
  });
  return id;
}

void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    ttsl::Span<const std::uint32_t> args) {
  Program::Impl &into = program.impl();
  for (const tsr_sim_range &range : tessera::to_ranges(cores))
    for (std::uint32_t y = range.y0; y <= range.y1; ++y)
      for (std::uint32_t x = range.x0; x <= range.x1; ++x)
        into.on->check([&] {
          return tsr_sim_set_args(into.program, kernel, x, y, args.data(),
                                  args.size());
        });
}

void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    std::initializer_list<std::uint32_t> args) {
  SetRuntimeArgs(program, kernel, cores,
                 ttsl::Span<const std::uint32_t>(args.begin(), args.size()));
}

void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const std::vector<CoreCoord> &cores,
                    const std::vector<std::vector<std::uint32_t>> &args) {
  if (cores.size() != args.size())
    throw fatal("runtime arguments for " + std::to_string(args.size()) +
                " cores, but " + std::to_string(cores.size()) + " are named");
  for (std::size_t i = 0; i < cores.size(); ++i)
    SetRuntimeArgs(program, kernel, CoreSpec(cores[i]),
                   ttsl::Span<const std::uint32_t>(args[i]));
}

void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          ttsl::Span<const std::uint32_t> args) {
  Program::Impl &into = program.impl();
  into.on->check([&] {
    return tsr_sim_set_common_args(into.program, kernel, args.data(),
                                   args.size());
  });
}

void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          std::initializer_list<std::uint32_t> args) {
  SetCommonRuntimeArgs(
      program, kernel,
      ttsl::Span<const std::uint32_t>(args.begin(), args.size()));
}

std::vector<std::vector<RuntimeArgsData>> &
GetRuntimeArgs(const Program &program, KernelHandle kernel) {
  Program::Impl &of = program.impl();
  const tessera::at_work alone(tessera::guard());
  const tsr_target &target = of.on->target;
  auto &all = of.args[kernel];
  all.assign(target.grid_cols, std::vector<RuntimeArgsData>(target.grid_rows));
  for (std::uint32_t x = 0; x < target.grid_cols; ++x)
    for (std::uint32_t y = 0; y < target.grid_rows; ++y) {
      RuntimeArgsData &at = all[x][y];
      // Where the kernel is not, there are none.
      if (tsr_sim_get_args(of.program, kernel, x, y, &at.rt_args_data,
                           &at.rt_args_count) != TSR_OK)
        at = {};
    }
  return all;
}

RuntimeArgsData &GetRuntimeArgs(const Program &program, KernelHandle kernel,
                                const CoreCoord &core) {
  Program::Impl &of = program.impl();
  RuntimeArgsData found;
  of.on->check([&] {
    return tsr_sim_get_args(of.program, kernel,
                            static_cast<std::uint32_t>(core.x),
                            static_cast<std::uint32_t>(core.y),
                            &found.rt_args_data, &found.rt_args_count);
  });
  return GetRuntimeArgs(program, kernel)[core.x][core.y];
}

RuntimeArgsData &GetCommonRuntimeArgs(const Program &program,
                                      KernelHandle kernel) {
  Program::Impl &of = program.impl();
  RuntimeArgsData &found = of.common_args[kernel];
  of.on->check([&] {
    return tsr_sim_get_common_args(of.program, kernel, &found.rt_args_data,
                                   &found.rt_args_count);
  });
  return found;
}

} // namespace tt::tt_metal
