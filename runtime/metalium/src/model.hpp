// What the parts of the runtime share: the device of the process, programs as
// they are built, and errors.

#ifndef TESSERA_RUNTIME_MODEL_HPP
#define TESSERA_RUNTIME_MODEL_HPP

#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include <tt-metalium/host_api.hpp>

#include "tessera/sim.h"
#include "tessera/timing.h"

namespace tessera {

// A fatal error of the host API. Where nobody catches it, it is printed as
// `error: ...` and the exit code is 1.
struct fatal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Prints `error: <message>` and ends the process with exit code 1.
[[noreturn]] void die(const std::string &message);

// What TESSERA_TIMING and TESSERA_TRACE ask for, written when it is destroyed.
class stopwatch {
public:
  // NULL when neither is set.
  static std::unique_ptr<stopwatch> from_environment(const tsr_target &target);
  ~stopwatch();
  tsr_clock *clock() const { return clock_; }

  // The process ends by an error: writes the trace, if there is one, of what
  // led there.
  static void write_last_trace();

private:
  std::string report_; // "1": as text on standard error; empty: none
  tsr_clock *clock_ = nullptr;
  tsr_timing *timing_ = nullptr;
  tsr_trace *trace_ = nullptr;
  static stopwatch *running;

  void write_trace() const;
};

// The host's calls may come from several threads; one at a time is at work on
// the model.
std::recursive_mutex &guard();
using at_work = std::lock_guard<std::recursive_mutex>;

// The device that the model presents: TESSERA_TARGET, else n150. One exists at
// a time; it lives as long as whoever holds it.
struct model {
  tsr_target target;
  tsr_sim *sim = nullptr;
  std::unique_ptr<stopwatch> watch;    // NULL: nobody wants to know the time
  std::vector<tsr_sim_range> printing; // whose kernels' prints are shown

  static std::shared_ptr<model> get();
  ~model();

  // Calls the model; throws what it says when that is a failure.
  template <typename Call> void check(Call call) const {
    const at_work alone(guard());
    if (call() != TSR_OK)
      throw fatal(tsr_sim_error(sim));
  }
};

// The tt-metal that a program is for: the one it was compiled with, unless
// TESSERA_METALIUM says otherwise.
std::string chosen_profile(const char *compiled);

// Core sets as the model takes them.
std::vector<tsr_sim_range> to_ranges(const tt::tt_metal::CoreRangeSet &cores);
inline std::vector<tsr_sim_range>
to_ranges(const tt::tt_metal::CoreRange &cores) {
  return to_ranges(tt::tt_metal::CoreRangeSet(cores));
}
inline std::vector<tsr_sim_range>
to_ranges(const tt::tt_metal::CoreCoord &core) {
  return to_ranges(tt::tt_metal::CoreRangeSet(core));
}
template <typename... Kinds>
std::vector<tsr_sim_range> to_ranges(const std::variant<Kinds...> &spec) {
  return std::visit([](const auto &cores) { return to_ranges(cores); }, spec);
}
inline tsr_sim_cores view(const std::vector<tsr_sim_range> &ranges) {
  return {ranges.data(), ranges.size()};
}

// What a kernel is compiled from.
struct kernel_source {
  std::string name; // for messages: file name without its ending
  std::string file; // as it appears in messages
  std::string text;
  std::string folder;  // for its own includes; empty: none
  std::string prelude; // defines and arguments
  std::vector<tsr_sim_range> cores;
  bool is_compute = false;
  tsr_sim_processor processor = TSR_SIM_BRISC;
  std::uint32_t noc = 0;
};

// The circular buffers that have one format on all cores of a kernel, as a
// define for its prelude; empty: none.
std::string formats_for(const tt::tt_metal::Program::Impl &program,
                        const kernel_source &kernel);

// Compiles the kernels of a program, each once per thread, and gives the
// program their code. Throws when one does not compile.
void build_kernels(const model &on, tsr_sim_program *program,
                   const std::vector<kernel_source> &sources,
                   const std::string &profile);

// Compiles the kernels of a program where that was not done; runs it.
void build(tt::tt_metal::Program &program);
void run(tt::tt_metal::Program &program);

} // namespace tessera

struct tt::tt_metal::Program::Impl {
  std::shared_ptr<tessera::model> on;
  tsr_sim_program *program = nullptr;
  std::string profile;
  std::vector<tessera::kernel_source> sources;      // by kernel
  std::vector<CircularBufferConfig> cbs;            // by handle
  std::vector<std::vector<tsr_sim_range>> cb_cores; // the same
  // Views of arguments that were given out, by kernel.
  std::map<KernelHandle, std::vector<std::vector<RuntimeArgsData>>> args;
  std::map<KernelHandle, RuntimeArgsData> common_args;
  bool built = false;

  ~Impl() {
    const tessera::at_work alone(tessera::guard());
    tsr_sim_program_destroy(program);
  }
};

#endif
