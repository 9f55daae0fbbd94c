#include "model.hpp"

#include "print.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace tessera {

namespace {

void say(const std::string &message) {
  std::fflush(stdout);
  std::fprintf(stderr, "error: %s\n", message.c_str());
  std::fflush(stderr);
}

} // namespace

void die(const std::string &message) {
  say(message);
  std::_Exit(1);
}

namespace {

[[noreturn]] void on_terminate();

const std::terminate_handler next_handler = std::set_terminate(on_terminate);

// An error that the program does not catch is the user's to read, not a crash.
[[noreturn]] void on_terminate() {
  if (std::exception_ptr current = std::current_exception()) {
    try {
      std::rethrow_exception(current);
    } catch (const fatal &error) {
      say(error.what());
      stopwatch::write_last_trace();
      std::_Exit(1);
    } catch (...) {
    }
  }
  stopwatch::write_last_trace();
  if (next_handler)
    next_handler();
  std::abort();
}

} // namespace

namespace {

// How strict the model is, from the environment.
tsr_sim_strict strictness() {
  const char *text = std::getenv("TESSERA_STRICT");
  const std::string mode = text && *text ? text : "error";
  if (mode == "off")
    return TSR_SIM_STRICT_OFF;
  if (mode == "warn")
    return TSR_SIM_STRICT_WARN;
  if (mode == "error")
    return TSR_SIM_STRICT_ERROR;
  throw fatal("TESSERA_STRICT: '" + mode + "' is none of off, warn, error");
}

// A number from 1 to 999 from the environment; `otherwise` if it has none.
std::uint32_t number(const char *name, std::uint32_t otherwise) {
  const char *text = std::getenv(name);
  if (!text || !*text)
    return otherwise;
  const std::string all = text;
  if (all.find_first_not_of("0123456789") != std::string::npos ||
      all.size() > 3 || std::stoul(all) == 0)
    throw fatal(std::string(name) + ": '" + all +
                "' is no number from 1 to 999");
  return static_cast<std::uint32_t>(std::stoul(all));
}

void print(void *, tsr_sim_severity severity, tsr_sim_where, const char *text,
           const char *) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n",
               severity == TSR_SIM_WARNING ? "warning" : "note", text);
}

} // namespace

// Programs may still be destroyed when the process ends.
std::recursive_mutex &guard() {
  static auto *const one = new std::recursive_mutex;
  return *one;
}

std::shared_ptr<model> model::get() {
  const at_work alone(guard());
  static std::weak_ptr<model> existing;
  if (std::shared_ptr<model> found = existing.lock())
    return found;
  const tsr_sim_strict strict = strictness();
  const std::uint32_t threads = number("TESSERA_THREADS", 0);
  const char *name = std::getenv("TESSERA_TARGET");
  char error[512] = "";
  auto made = std::make_shared<model>();
  if (tsr_target_load(name && *name ? name : "n150", &made->target, error,
                      sizeof error) != TSR_OK)
    throw fatal(std::string("TESSERA_TARGET: ") + error);
  made->sim = tsr_sim_create(&made->target, error, sizeof error);
  if (!made->sim)
    throw fatal(error);
  tsr_sim_set_strict(made->sim, strict);
  tsr_sim_set_threads(made->sim, threads);
  tsr_sim_set_listener(made->sim, print, nullptr);
  made->watch = stopwatch::from_environment(made->target);
  if (made->watch)
    tsr_sim_set_clock(made->sim, made->watch->clock());
  print_for_cores(made->sim, made->printing);
  existing = made;
  return made;
}

std::string chosen_profile(const char *compiled) {
  const char *chosen = std::getenv("TESSERA_METALIUM");
  return chosen && *chosen ? chosen : compiled;
}

model::~model() {
  const at_work alone(guard());
  tsr_sim_destroy(sim);
}

} // namespace tessera
