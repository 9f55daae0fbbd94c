// TESSERA_TIMING and TESSERA_TRACE: the clock of a process, and who listens.

#include "model.hpp"

#include <cstdio>
#include <cstdlib>

#include <cjson/cJSON.h>

namespace tessera {

namespace {

// Text that the C library fills.
struct text {
  tsr_buffer buffer;
  text() { tsr_buffer_init(&buffer); }
  ~text() { tsr_buffer_deinit(&buffer); }
  text(const text &) = delete;
  text &operator=(const text &) = delete;
};

std::string variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

bool ends_in_json(const std::string &path) {
  const std::string ending = ".json";
  return path.size() > ending.size() &&
         path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

void print_report(const tsr_timing *timing) {
  text report;
  tsr_timing_print(timing, &report.buffer);
  std::fflush(stdout);
  std::fputs(tsr_buffer_str(&report.buffer), stderr);
}

void write_report(const tsr_timing *timing, const std::string &path) {
  cJSON *root = tsr_timing_to_json(timing);
  char *json = cJSON_Print(root);
  text report, why;
  tsr_buffer_append_str(&report.buffer, json);
  tsr_buffer_append_char(&report.buffer, '\n');
  cJSON_free(json);
  cJSON_Delete(root);
  if (tsr_buffer_write_file(&report.buffer, path.c_str(), &why.buffer) !=
      TSR_OK)
    die(tsr_buffer_str(&why.buffer));
}

} // namespace

std::unique_ptr<stopwatch>
stopwatch::from_environment(const tsr_target &target) {
  const std::string timing = variable("TESSERA_TIMING");
  const std::string trace = variable("TESSERA_TRACE");
  const bool is_timed = !timing.empty() && timing != "0";
  if (!is_timed && trace.empty())
    return nullptr;
  if (is_timed && timing != "1" && !ends_in_json(timing))
    throw fatal("TESSERA_TIMING: '" + timing +
                "' is neither 1 nor the name "
                "of a file that ends in .json");
  auto made = std::make_unique<stopwatch>();
  made->clock_ = tsr_clock_create(&target);
  if (is_timed) {
    made->report_ = timing;
    made->timing_ = tsr_timing_create(&target, made->clock_);
  }
  text why;
  if (!trace.empty())
    made->trace_ =
        tsr_trace_create(&target, trace.c_str(), made->clock_, &why.buffer);
  if (!trace.empty() && !made->trace_)
    throw fatal(std::string("TESSERA_TRACE: ") + tsr_buffer_str(&why.buffer));
  running = made.get();
  static const int at_exit = std::atexit(write_last_trace);
  (void)at_exit;
  return made;
}

stopwatch *stopwatch::running = nullptr;

void stopwatch::write_trace() const {
  text why;
  if (trace_ && tsr_trace_finish(trace_, &why.buffer) != TSR_OK)
    die(tsr_buffer_str(&why.buffer));
}

void stopwatch::write_last_trace() {
  if (running && tsr_clock_now(running->clock_) > 0)
    running->write_trace();
}

// A process that ends by an error comes to no destructor, and so leaves no
// report.
stopwatch::~stopwatch() {
  running = nullptr;
  write_trace();
  if (timing_ && report_ == "1")
    print_report(timing_);
  else if (timing_)
    write_report(timing_, report_);
  tsr_trace_destroy(trace_);
  tsr_timing_destroy(timing_);
  tsr_clock_destroy(clock_);
}

} // namespace tessera
