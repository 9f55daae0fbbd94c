// What kernels print, for the cores that TT_METAL_DPRINT_CORES names: "all",
// cores as "(0,0)" or "0,0", ranges as "(0,0)-(3,3)", several with commas
// between.

#include "print.hpp"

#include <cctype>
#include <cstdio>
#include <cstdlib>

namespace tessera {

namespace {

struct reader {
  const std::string &text;
  std::size_t at = 0;

  void skip_space() {
    while (at < text.size() &&
           std::isspace(static_cast<unsigned char>(text[at])))
      ++at;
  }
  bool take(char letter) {
    skip_space();
    if (at >= text.size() || text[at] != letter)
      return false;
    ++at;
    return true;
  }
  std::uint32_t number() {
    skip_space();
    const std::size_t start = at;
    std::uint32_t value = 0;
    while (at < text.size() &&
           std::isdigit(static_cast<unsigned char>(text[at])) && at < start + 6)
      value = value * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    if (at == start)
      fail();
    return value;
  }
  [[noreturn]] void fail() const {
    throw fatal("TT_METAL_DPRINT_CORES: '" + text +
                "' is not 'all', cores as (0,0) or ranges as (0,0)-(3,3)");
  }
};

struct place {
  std::uint32_t x, y;
};

place read_core(reader &from) {
  const bool braced = from.take('(');
  place core = {};
  core.x = from.number();
  if (!from.take(','))
    from.fail();
  core.y = from.number();
  if (braced && !from.take(')'))
    from.fail();
  return core;
}

void print_line(void *context, std::uint32_t x, std::uint32_t y,
                std::uint32_t processor, const char *line) {
  static const char *const names[] = {"BR", "NC", "TR0", "TR1", "TR2"};
  const auto &wanted =
      *static_cast<const std::vector<tsr_sim_range> *>(context);
  for (const tsr_sim_range &range : wanted)
    if (x >= range.x0 && x <= range.x1 && y >= range.y0 && y <= range.y1) {
      std::printf("0:(x=%u,y=%u):%s: %s\n", x, y, names[processor], line);
      std::fflush(stdout);
      return;
    }
}

} // namespace

void print_for_cores(tsr_sim *sim, std::vector<tsr_sim_range> &cores) {
  const char *variable = std::getenv("TT_METAL_DPRINT_CORES");
  if (!variable || !*variable)
    return;
  const std::string text = variable;
  if (text == "all" || text == "worker") {
    cores.push_back({0, 0, ~0u, ~0u});
  } else {
    reader from = {text};
    do {
      const place first = read_core(from);
      const place last = from.take('-') ? read_core(from) : first;
      cores.push_back({first.x, first.y, last.x, last.y});
    } while (from.take(','));
    from.skip_space();
    if (from.at != text.size())
      from.fail();
  }
  tsr_sim_set_printer(sim, print_line, &cores);
}

} // namespace tessera
