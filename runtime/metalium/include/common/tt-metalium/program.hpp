// A program: kernels, circular buffers and semaphores on cores.

#ifndef TESSERA_TT_METALIUM_PROGRAM_HPP
#define TESSERA_TT_METALIUM_PROGRAM_HPP

#include <cstdint>
#include <memory>

#include "tessera_profile.h"

namespace tt::tt_metal {

class Program {
public:
  Program() : Program(TESSERA_METALIUM_PROFILE) {}
  // `profile`: the tt-metal whose names the kernels are compiled with.
  explicit Program(const char *profile);
  ~Program();
  Program(Program &&other) noexcept;
  Program &operator=(Program &&other) noexcept;
  Program(const Program &) = delete;
  Program &operator=(const Program &) = delete;

  // For tt-metal's profiler, which names runs by it; says nothing here.
  void set_runtime_id(std::uint64_t) {}

  struct Impl;
  Impl &impl() const;

private:
  std::unique_ptr<Impl> impl_;
};

} // namespace tt::tt_metal

#endif
