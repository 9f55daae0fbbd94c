// What kernels do through pointers. They are compiled as for a sanitizer of
// threads (compiler.cpp), which makes a call of every access that may concern
// others; these are the names that gcc and clang give the calls. The model
// holds accesses to L1 against its rules. What measures coverage makes a call
// of every block, so that loops are seen.
//
// The sanitizer of addresses would name its calls as well, but gcc leaves out
// those for a word that was accessed before, whatever came between.

#include "tessera/sim_calls.h"

#include <cstdint>
#include <cstring>

#define TESSERA_ACCESS(bytes)                                                  \
  void __tsan_read##bytes(const void *at) { tsr_sim_pointer_read(at, bytes); } \
  void __tsan_write##bytes(void *at) { tsr_sim_pointer_write(at, bytes); }     \
  void __tsan_unaligned_read##bytes(const void *at) {                          \
    tsr_sim_pointer_read(at, bytes);                                           \
  }                                                                            \
  void __tsan_unaligned_write##bytes(void *at) {                               \
    tsr_sim_pointer_write(at, bytes);                                          \
  }

extern "C" {
TESSERA_ACCESS(1)
TESSERA_ACCESS(2)
TESSERA_ACCESS(4)
TESSERA_ACCESS(8)
TESSERA_ACCESS(16)

void __tsan_read_range(const void *at, std::size_t bytes) {
  tsr_sim_pointer_read(at, static_cast<std::uint32_t>(bytes));
}

void __tsan_write_range(void *at, std::size_t bytes) {
  tsr_sim_pointer_write(at, static_cast<std::uint32_t>(bytes));
}

void *__tsan_memcpy(void *to, const void *from, std::size_t bytes) {
  __tsan_read_range(from, bytes);
  __tsan_write_range(to, bytes);
  return std::memcpy(to, from, bytes);
}

void *__tsan_memmove(void *to, const void *from, std::size_t bytes) {
  __tsan_read_range(from, bytes);
  __tsan_write_range(to, bytes);
  return std::memmove(to, from, bytes);
}

void *__tsan_memset(void *to, int value, std::size_t bytes) {
  __tsan_write_range(to, bytes);
  return std::memset(to, value, bytes);
}

// At the start of every block.
void __sanitizer_cov_trace_pc() { tsr_sim_step(__builtin_frame_address(0)); }

// Of no concern here.
void __tsan_init() {}
void __tsan_func_entry(const void *) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void **, void *) {}
void __tsan_vptr_read(void **) {}
void __tsan_atomic_thread_fence(int) {}
void __tsan_atomic_signal_fence(int) {}
}
