// What the host programs of this bench share: arguments, buffers, test data,
// and running.
//
// Each program takes its arguments as NAME=VALUE, checks the data that it moved
// or computed, and says "right" or what is wrong.

#ifndef TESSERA_BENCH_CALIBRATION_HPP
#define TESSERA_BENCH_CALIBRATION_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tilize_utils.hpp>

namespace calibration {

using namespace tt;
using namespace tt::tt_metal;

using Words = std::vector<uint32_t>;
using Memory = std::shared_ptr<distributed::MeshBuffer>;

// -- Arguments ----------------------------------------------------------------

// NAME=VALUE arguments. Every one must be asked for, and every one that is
// asked for must be there.
class Arguments {
public:
  Arguments(int count, char **texts) {
    for (int i = 1; i < count; ++i) {
      const std::string text = texts[i];
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos)
        throw std::runtime_error("'" + text + "' is not NAME=VALUE");
      values_[text.substr(0, equals)] = text.substr(equals + 1);
    }
  }

  std::string text(const std::string &name) {
    const auto found = values_.find(name);
    if (found == values_.end())
      throw std::runtime_error("argument '" + name + "' is missing");
    const std::string value = found->second;
    values_.erase(found);
    return value;
  }

  uint32_t number(const std::string &name) {
    return static_cast<uint32_t>(std::stoul(text(name)));
  }

  // "3,4"
  CoreCoord core(const std::string &name) { return to_core(text(name)); }

  // "0,0 1,0 2,0"
  std::vector<CoreCoord> cores(const std::string &name) {
    return cores_of(text(name));
  }

  static std::vector<CoreCoord> cores_of(const std::string &value) {
    std::vector<CoreCoord> cores;
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t end = std::min(value.find(' ', at), value.size());
      cores.push_back(to_core(value.substr(at, end - at)));
      at = end + 1;
    }
    return cores;
  }

  // Throws when there is an argument that nobody asked for.
  void done() const {
    if (!values_.empty())
      throw std::runtime_error("unknown argument '" + values_.begin()->first +
                               "'");
  }

private:
  static CoreCoord to_core(const std::string &text) {
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos)
      throw std::runtime_error("'" + text + "' is not X,Y");
    return CoreCoord(std::stoul(text.substr(0, comma)),
                     std::stoul(text.substr(comma + 1)));
  }

  std::map<std::string, std::string> values_;
};

// -- Cores --------------------------------------------------------------------

// The cores of a line: "row", "column", "grid" (row after row).
inline std::vector<CoreCoord> place(const std::string &shape, uint32_t count,
                                    const CoreCoord &grid) {
  std::vector<CoreCoord> cores;
  for (uint32_t i = 0; i < count; ++i) {
    if (shape == "column")
      cores.emplace_back(i / grid.y, i % grid.y);
    else if (shape == "grid" || (shape == "row" && i < grid.x))
      cores.emplace_back(i % grid.x, i / grid.x);
    else
      throw std::runtime_error("no place for " + std::to_string(count) +
                               " cores in a " + shape);
  }
  return cores;
}

inline CoreRangeSet ranges(const std::vector<CoreCoord> &cores) {
  std::vector<CoreRange> each;
  for (const CoreCoord &core : cores)
    each.emplace_back(core, core);
  return CoreRangeSet(each);
}

// -- Device -------------------------------------------------------------------

class Bench {
public:
  Bench()
      : device(distributed::MeshDevice::create_unit_mesh(0)),
        grid(device->compute_with_storage_grid_size()) {}

  Memory dram(uint32_t pages, uint32_t page_bytes) {
    return make(BufferType::DRAM, pages, page_bytes);
  }

  // The same bytes of every core's L1, at one address: page y * columns + x is
  // core (x,y)'s.
  Memory l1(uint32_t bytes) {
    return make(BufferType::L1, static_cast<uint32_t>(grid.x * grid.y), bytes);
  }

  std::size_t page_of(const CoreCoord &core) const {
    return core.y * grid.x + core.x;
  }

  void upload(Memory &buffer, const Words &words) {
    distributed::EnqueueWriteMeshBuffer(queue(), buffer, words);
  }

  Words download(Memory &buffer) {
    Words words;
    distributed::EnqueueReadMeshBuffer(queue(), words, buffer);
    return words;
  }

  // Runs `program` as often as it says.
  void run(Program &&program, uint32_t launches = 1) {
    distributed::MeshWorkload workload;
    workload.add_program(distributed::MeshCoordinateRange(device->shape()),
                         std::move(program));
    for (uint32_t i = 0; i < launches; ++i)
      distributed::EnqueueMeshWorkload(queue(), workload, false);
    distributed::Finish(queue());
  }

  // NoC coordinates.
  CoreCoord noc(const CoreCoord &core) const {
    return device->worker_core_from_logical_core(core);
  }

  distributed::MeshCommandQueue &queue() {
    return device->mesh_command_queue();
  }

  std::shared_ptr<distributed::MeshDevice> device;
  CoreCoord grid;

private:
  Memory make(BufferType type, uint32_t pages, uint32_t page_bytes) {
    return distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{
            .size = static_cast<DeviceAddr>(pages) * page_bytes},
        distributed::DeviceLocalBufferConfig{.page_size = page_bytes,
                                             .buffer_type = type},
        device.get());
  }
};

inline uint32_t address(const Memory &buffer) {
  return static_cast<uint32_t>(buffer->address());
}

// -- Data ---------------------------------------------------------------------

// A word that no other (seed, index) has.
inline uint32_t word(uint32_t seed, uint32_t index) {
  uint32_t bits = (seed * 0x9e3779b1u) ^ (index + 0x7f4a7c15u);
  bits = (bits ^ (bits >> 15)) * 0x2c1b3c6du;
  bits = (bits ^ (bits >> 12)) * 0x297a2d39u;
  return bits ^ (bits >> 15);
}

inline Words noise(uint32_t seed, std::size_t count) {
  Words words(count);
  for (std::size_t i = 0; i < count; ++i)
    words[i] = word(seed, static_cast<uint32_t>(i));
  return words;
}

// Compares `count` words; throws at the first that differs.
inline void check(const char *what, const uint32_t *got, const uint32_t *want,
                  std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (got[i] != want[i]) {
      char text[160];
      std::snprintf(text, sizeof text, "%s: word %zu is %08x, should be %08x",
                    what, i, got[i], want[i]);
      throw std::runtime_error(text);
    }
}

inline int main_of(int count, char **texts, void run(Arguments &)) {
  try {
    Arguments arguments(count, texts);
    run(arguments);
    std::printf("right\n");
    return 0;
  } catch (const std::exception &wrong) {
    std::fprintf(stderr, "error: %s\n", wrong.what());
    return 1;
  }
}

} // namespace calibration

#endif
