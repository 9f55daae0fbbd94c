// What kernels do through pointers. They are compiled as for a sanitizer of
// threads (compiler.cpp), which makes a call of every access that may concern
// others; these are the names that gcc and clang give the calls. The model
// holds accesses to L1 against its rules. What measures coverage makes a call
// of every block, so that loops are seen.
//
// The sanitizer of addresses would name its calls as well, but gcc leaves out
// those for a word that was accessed before, whatever came between.

#include "tessera/sim_calls.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace {

// The processors have 32 bits: what is larger takes several words.
constexpr std::uint32_t WORD = sizeof(std::uint32_t);

void read(const void *at, std::uint32_t bytes) {
  tsr_sim_pointer_read(at, bytes, std::min(bytes, WORD));
}

void write(void *at, std::uint32_t bytes) {
  tsr_sim_pointer_write(at, bytes, std::min(bytes, WORD));
}

// Reads, and puts what `change` makes of it in its place. One host thread at a
// time runs the kernels of a core, so nobody comes between.
template <typename T, typename F> T update(volatile T *at, F change) {
  void *place = const_cast<T *>(at);
  read(place, sizeof(T));
  const T before = *at;
  write(place, sizeof(T));
  *at = change(before);
  return before;
}

template <typename T> bool replace(volatile T *at, T *expected, T wanted) {
  read(const_cast<T *>(at), sizeof(T));
  const T before = *at;
  if (before != *expected) {
    *expected = before;
    return false;
  }
  write(const_cast<T *>(at), sizeof(T));
  *at = wanted;
  return true;
}

} // namespace

#define TESSERA_ACCESS(bytes)                                                  \
  void __tsan_read##bytes(const void *at) { read(at, bytes); }                 \
  void __tsan_write##bytes(void *at) { write(at, bytes); }                     \
  void __tsan_unaligned_read##bytes(const void *at) {                          \
    tsr_sim_pointer_read(at, bytes, 1);                                        \
  }                                                                            \
  void __tsan_unaligned_write##bytes(void *at) {                               \
    tsr_sim_pointer_write(at, bytes, 1);                                       \
  }

// The last arguments are memory orders, of which there is one here.
#define TESSERA_ATOMIC_UPDATE(bits, name, after)                               \
  std::uint##bits##_t __tsan_atomic##bits##_##name(                            \
      volatile std::uint##bits##_t *at, std::uint##bits##_t value, int) {      \
    return update(at, [value](std::uint##bits##_t before) {                    \
      return static_cast<std::uint##bits##_t>(after);                          \
    });                                                                        \
  }

#define TESSERA_ATOMIC(bits)                                                   \
  std::uint##bits##_t __tsan_atomic##bits##_load(                              \
      const volatile std::uint##bits##_t *at, int) {                           \
    read(const_cast<const std::uint##bits##_t *>(at), bits / 8);               \
    return *at;                                                                \
  }                                                                            \
  void __tsan_atomic##bits##_store(volatile std::uint##bits##_t *at,           \
                                   std::uint##bits##_t value, int) {           \
    write(const_cast<std::uint##bits##_t *>(at), bits / 8);                    \
    *at = value;                                                               \
  }                                                                            \
  TESSERA_ATOMIC_UPDATE(bits, exchange, (static_cast<void>(before), value))    \
  TESSERA_ATOMIC_UPDATE(bits, fetch_add, before + value)                       \
  TESSERA_ATOMIC_UPDATE(bits, fetch_sub, before - value)                       \
  TESSERA_ATOMIC_UPDATE(bits, fetch_and, before &value)                        \
  TESSERA_ATOMIC_UPDATE(bits, fetch_or, before | value)                        \
  TESSERA_ATOMIC_UPDATE(bits, fetch_xor, before ^ value)                       \
  TESSERA_ATOMIC_UPDATE(bits, fetch_nand, ~(before & value))                   \
  int __tsan_atomic##bits##_compare_exchange_strong(                           \
      volatile std::uint##bits##_t *at, std::uint##bits##_t *expected,         \
      std::uint##bits##_t wanted, int, int) {                                  \
    return replace(at, expected, wanted);                                      \
  }                                                                            \
  int __tsan_atomic##bits##_compare_exchange_weak(                             \
      volatile std::uint##bits##_t *at, std::uint##bits##_t *expected,         \
      std::uint##bits##_t wanted, int, int) {                                  \
    return replace(at, expected, wanted);                                      \
  }                                                                            \
  std::uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(              \
      volatile std::uint##bits##_t *at, std::uint##bits##_t expected,          \
      std::uint##bits##_t wanted, int, int) {                                  \
    replace(at, &expected, wanted);                                            \
    return expected;                                                           \
  }

extern "C" {
TESSERA_ACCESS(1)
TESSERA_ACCESS(2)
TESSERA_ACCESS(4)
TESSERA_ACCESS(8)
TESSERA_ACCESS(16)

TESSERA_ATOMIC(8)
TESSERA_ATOMIC(16)
TESSERA_ATOMIC(32)
TESSERA_ATOMIC(64)

void __tsan_read_range(const void *at, std::size_t bytes) {
  tsr_sim_pointer_read(at, static_cast<std::uint32_t>(bytes), 1);
}

void __tsan_write_range(void *at, std::size_t bytes) {
  tsr_sim_pointer_write(at, static_cast<std::uint32_t>(bytes), 1);
}

// Newer compilers name them for the sanitizer, older ones and kernels as they
// are, which the kernel's linker makes of them.
#define TESSERA_MOVE(prefix)                                                   \
  void *prefix##memcpy(void *to, const void *from, std::size_t bytes) {        \
    __tsan_read_range(from, bytes);                                            \
    __tsan_write_range(to, bytes);                                             \
    return std::memcpy(to, from, bytes);                                       \
  }                                                                            \
  void *prefix##memmove(void *to, const void *from, std::size_t bytes) {       \
    __tsan_read_range(from, bytes);                                            \
    __tsan_write_range(to, bytes);                                             \
    return std::memmove(to, from, bytes);                                      \
  }                                                                            \
  void *prefix##memset(void *to, int value, std::size_t bytes) {               \
    __tsan_write_range(to, bytes);                                             \
    return std::memset(to, value, bytes);                                      \
  }

TESSERA_MOVE(__tsan_)
TESSERA_MOVE(__wrap_)

// At the start of every block. What returns here is behind the call.
void __sanitizer_cov_trace_pc() {
  tsr_sim_step(__builtin_frame_address(0),
               static_cast<const char *>(__builtin_return_address(0)) - 1);
}

// Of no concern here.
void __tsan_init() {}
void __tsan_func_entry(const void *) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void **, void *) {}
void __tsan_vptr_read(void **) {}
void __tsan_atomic_thread_fence(int) {}
void __tsan_atomic_signal_fence(int) {}
}
