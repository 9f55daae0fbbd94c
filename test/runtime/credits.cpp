// RUN: %parts
// RUN: env TESSERA_THREADS=1 %t/program > %t/one
// RUN: FileCheck %t/main.cpp < %t/one
// RUN: env TESSERA_THREADS=2 %t/program > %t/two
// RUN: diff %t/one %t/two
// RUN: env TESSERA_TARGET=blackhole %t/program | FileCheck %t/main.cpp
// Streams of pages from one core to two others: who writes must have heard that
// a page is free, and who uses it that its data are there. That it happens to
// be so is not enough.
//--- main.cpp
#include "harness.hpp"

#include <map>

using namespace harness;

namespace {

constexpr uint32_t PAGES = 12;

// What the kernels do in round `k`, where `n` pages must be free again.
// Receivers count what they have used in a semaphore each.
struct Way {
  const char *name;
  uint32_t ring; // pages
  const char *wait_free, *await_data, *give_credit;
  bool is_early; // the credit
  const char *send = "noc_async_write(scratch, there(core, page), 2048)";
};

constexpr const char *both =
    "noc_semaphore_wait_min(flag(0), n); noc_semaphore_wait_min(flag(2), n)";
constexpr const char *data = "noc_semaphore_wait_min(flag(1), k + 1)";
constexpr const char *credit = "noc_semaphore_inc(there(0, mine), 1)";
constexpr const char *packet =
    "*word(packet(me)) = k + 1; "
    "noc_async_write(packet(me), there(0, packet(me)), 32); "
    "noc_async_write_barrier()";
constexpr const char *await_packets =
    "for (uint32_t c = 1; c < 3; ++c) if (n == 0) *word(packet(c)) = 0; else "
    "while (*word(packet(c)) < n) invalidate_l1_cache()";
// Through a pointer made of the address that the host has of a buffer.
constexpr const char *host_credit =
    "noc_semaphore_inc(there(0, host_word(me)), 1)";
constexpr const char *await_host =
    "for (uint32_t c = 1; c < 3; ++c) if (n == 0) *word(host_word(c)) = 0; "
    "else while (*word(host_word(c)) < n) invalidate_l1_cache()";
constexpr const char *words =
    "for (uint32_t w = 0; w < 2048; w += 4) "
    "noc_inline_dw_write(there(core, page + w), *word(scratch + w))";
constexpr const char *few = "if (n) { noc_semaphore_wait_min(flag(0), n - 1); "
                            "noc_semaphore_wait_min(flag(2), n - 1); }";
constexpr const char *raise_and_take_back =
    "{ noc_async_write(scratch, there(core, page), 2048); "
    "noc_async_write_barrier(); "
    "noc_inline_dw_write(there(core, get_semaphore(0)), 1); "
    "noc_semaphore_wait_min(flag(1), 2 * k + core); "
    "noc_inline_dw_write(there(core, get_semaphore(0)), 0); "
    "noc_async_write_barrier(); }";
constexpr const char *flag_first =
    "{ *word(packet(0)) = k + 1; "
    "noc_async_write(packet(0), there(core, packet(3)), 32); "
    "noc_async_write_barrier(); "
    "noc_async_write(scratch, there(core, page), 2048); }";
constexpr const char *late = "if (k == 0) idle()";
constexpr const char *shared =
    "noc_semaphore_inc(there(0, get_semaphore(0)), 1)";

const Way ways[] = {
    {"counted", 3, both, data, credit, false},
    {"reset", 1,
     "for (uint32_t s = 0; n && s < 3; s += 2) { "
     "noc_semaphore_wait(flag(s), 1); noc_semaphore_set(flag(s), 0); }",
     data, credit, false},
    {"taken off", 2,
     "for (uint32_t s = 0; n && s < 3; s += 2) { "
     "noc_semaphore_wait_min(flag(s), 1); "
     "noc_semaphore_inc(there(0, get_semaphore(s)), 0u - 1u); "
     "noc_async_atomic_barrier(); }",
     data, credit, false},
    {"set", 2, both, data,
     "noc_semaphore_set(flag(0), k + 1); "
     "noc_semaphore_set_remote(get_semaphore(0), there(0, mine)); "
     "noc_async_write_barrier()",
     false},
    {"polled", 2, "while (*flag(0) < n || *flag(2) < n) invalidate_l1_cache()",
     "while (*flag(1) <= k) invalidate_l1_cache()", credit, false},
    {"read", 1,
     "for (uint32_t s = 0; s < 3; s += 2) do { "
     "noc_async_read(there(0, get_semaphore(s)), scratch, 32); "
     "noc_async_read_barrier(); } while (*word(scratch) < n)",
     data, credit, false},
    {"read there", 2,
     "for (uint32_t c = 1; c < 3; ++c) do { "
     "noc_async_read(there(c, get_semaphore(0)), scratch, 32); "
     "noc_async_read_barrier(); } while (*word(scratch) < n)",
     data, "noc_semaphore_set(flag(0), k + 1)", false},
    {"read own", 1, both,
     "do { noc_async_read(there(me, get_semaphore(1)), get_write_ptr(2), 32); "
     "for (uint32_t i = 0; i < 50; ++i) get_semaphore(1); "
     "noc_async_read_barrier(); } while (*word(get_write_ptr(2)) <= k)",
     credit, false},
    {"taken back", 1, both,
     "noc_semaphore_wait_min(flag(1), k); noc_semaphore_wait(flag(0), 1); "
     "noc_semaphore_inc(there(0, get_semaphore(1)), 1)",
     credit, false, raise_and_take_back},
    {"in the data", 2, both,
     "while (*word(get_write_ptr(0) + 2044) != expected(k)) "
     "invalidate_l1_cache()",
     credit, false},
    {"packets", 1, await_packets, data, packet, false},
    {"host's address", 1, await_host, data, host_credit, false},
    {"words", 1, both, data, credit, false, words},
    {"objects", 1, "Semaphore<> a(0), b(2); if (n) { a.down(1); b.down(1); }",
     data, credit, false},
    {"sum", 1, "noc_semaphore_wait_min(flag(0), 2 * n)", data, shared, false},
    {"late", PAGES, "", "if (k == 0) idle(); noc_semaphore_wait(flag(1), 12)",
     credit, false},

    {"credit too few", 1,
     "if (n) { noc_semaphore_wait_min(flag(0), n - 1); "
     "noc_semaphore_wait_min(flag(2), n); }",
     data, credit, false},
    {"credits too few", 1, few, data, credit, false},
    {"words too early", 1, few, data, credit, false, words},
    {"objects too early", 1,
     "Semaphore<> a(0), b(2); if (k == 0) { a.up(1); b.up(1); } "
     "if (n) { a.down(1); b.down(1); }",
     data, credit, false},
    {"first credit", 1,
     "if (n) { noc_semaphore_wait_min(flag(0), 1); "
     "noc_semaphore_wait_min(flag(2), n); }",
     data, credit, false},
    {"one of two", 1, "noc_semaphore_wait_min(flag(2), n)", data, credit,
     false},
    {"sum of a ring", 3, "noc_semaphore_wait_min(flag(0), 2 * n)",
     "if (is_last && k == 1) idle(); noc_semaphore_wait_min(flag(1), k + 1)",
     shared, false},
    {"other word", 1, "if (n) noc_semaphore_wait_min(flag(1), 2)",
     "if (k == 1) noc_semaphore_inc(there(0, get_semaphore(1)), 1); "
     "noc_semaphore_wait_min(flag(1), k + 1)",
     credit, false},
    {"early credit", 1, both, data, credit, true},
    {"early packets", 1,
     "for (uint32_t c = 1; c < 3; ++c) if (n == 0) *word(packet(c)) = 0; else "
     "while (*word(packet(c)) < n) invalidate_l1_cache(); if (n == 1) idle()",
     data, packet, true},
    {"no signal", PAGES, "", late, credit, false},
    {"words, no signal", PAGES, "", late, credit, false, words},
    {"flag first", PAGES, "",
     "while (*word(packet(3)) <= k) invalidate_l1_cache(); "
     "if (k == 0) idle()",
     credit, false, flag_first},
    {"signal too few", PAGES, "",
     "if (k == 0) idle(); noc_semaphore_wait_min(flag(1), k)", credit, false},
};

void run(const Way &way) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  Program program = CreateProgram();
  const CoreRange sender({0, 0}, {0, 0}), receivers({1, 0}, {2, 0});
  const CoreRange all({0, 0}, {2, 0});
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  auto in = make_buffer(device.get(), bf16, PAGES);
  auto out = make_buffer(device.get(), bf16, 2 * PAGES);
  Values x(PAGES * 1024);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(i / 1024 + 1);
  upload(queue, in, bf16, x);
  upload(queue, out, bf16, filled(2 * PAGES, -1));
  add_cb(program, all, 0, bf16, way.ring);
  add_cb(program, all, 1, bf16, 1);
  add_cb(program, all, 2, bf16, 1);
  // Programs with L1 buffers run on one thread.
  std::shared_ptr<distributed::MeshBuffer> buffer;
  if (way.give_credit == host_credit)
    buffer = distributed::MeshBuffer::create(
        distributed::ReplicatedBufferConfig{.size = 3 * 2048},
        {.page_size = 2048, .buffer_type = BufferType::L1}, device.get());
  for (int i = 0; i < 3; ++i)
    CreateSemaphore(program, all, 0);
  std::vector<uint32_t> compiled;
  TensorAccessorArgs(*in).append_to(compiled);
  TensorAccessorArgs(*out).append_to(compiled);
  std::vector<uint32_t> args = {static_cast<uint32_t>(in->address()),
                                static_cast<uint32_t>(out->address()), way.ring,
                                0};
  for (uint32_t i = 0; i < 3; ++i) {
    const CoreCoord at = device->worker_core_from_logical_core({i, 0});
    args.push_back(static_cast<uint32_t>(at.x));
    args.push_back(static_cast<uint32_t>(at.y));
  }
  args.push_back(buffer ? static_cast<uint32_t>(buffer->address()) : 0);
  const std::map<std::string, std::string> defines = {
      {"WAIT_FREE", way.wait_free},
      {"AWAIT_DATA", way.await_data},
      {"GIVE_CREDIT", way.give_credit},
      {"SEND", way.send},
      {"IS_EARLY", way.is_early ? "1" : "0"}};
  auto set_args = [&](KernelHandle kernel, uint32_t first, uint32_t last) {
    for (args[3] = first; args[3] <= last; ++args[3])
      SetRuntimeArgs(program, kernel, CoreCoord(args[3], 0), args);
  };
  set_args(CreateKernel(program, KERNEL_DIR "/send.cpp", sender,
                        ReaderDataMovementConfig(compiled, defines)),
           0, 0);
  set_args(CreateKernel(program, KERNEL_DIR "/receive.cpp", receivers,
                        ReaderDataMovementConfig(compiled, defines)),
           1, 2);
  set_args(CreateKernel(program, KERNEL_DIR "/use.cpp", receivers,
                        WriterDataMovementConfig(compiled, defines)),
           1, 2);
  std::printf("%s:", way.name);
  launch_and_print(*device, std::move(program), out, 2 * PAGES);
}

} // namespace

int main() {
  for (const Way &way : ways)
    run(way);
  return 0;
}
// CHECK: counted: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: reset: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: taken off: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: set: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: polled: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: read: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: read there: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: read own: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: taken back: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: in the data: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: packets: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: host's address: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: words: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: objects: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: sum: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: late: 1 2 3 4 5 6 7 8 9 10 11 12 1 2 3 4 5 6 7 8 9 10 11 12
// CHECK-NEXT: credit too few: {{.*}}core (0,0), kernel 'send' {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (1,0), which was popped since without core (0,0) having heard of it: a signal that the page is free must come first
// CHECK-NEXT: credits too few: {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (1,0), which was popped since without
// CHECK-NEXT: words too early: {{.*}}: noc_inline_dw_write: writes 4 B to page 0 of circular buffer 0 of core (1,0), which
// CHECK-NEXT: objects too early: {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (1,0), which was popped since without
// CHECK-NEXT: first credit: {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (1,0), which was popped since without
// CHECK-NEXT: one of two: {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (1,0), which was popped since without
// CHECK-NEXT: sum of a ring: {{.*}}core (2,0), kernel 'receive' {{.*}}: cb_push_back: uses bytes that noc_async_write at send.cpp:{{[0-9]+}} on core (0,0) has written without core (2,0) having heard of it
// CHECK-NEXT: other word: {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core ({{1|2}},0), which was popped since without
// CHECK-NEXT: early credit: {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (1,0), which was popped since without
// CHECK-NEXT: early packets: {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (1,0), which was popped since without
// CHECK-NEXT: no signal: {{.*}}core (1,0), kernel 'receive' {{.*}}: cb_push_back: uses bytes that noc_async_write at send.cpp:{{[0-9]+}} on core (0,0) has written without core (1,0) having heard of it: a signal that they are there must come first
// CHECK-NEXT: words, no signal: {{.*}}: cb_push_back: uses bytes that noc_inline_dw_write at send.cpp:{{[0-9]+}} on core (0,0) has written without core ({{1|2}},0) having heard of it
// CHECK-NEXT: flag first: {{.*}}: cb_push_back: uses bytes that noc_async_write at send.cpp:{{[0-9]+}} on core (0,0) has written without core ({{1|2}},0) having heard of it
// CHECK-NEXT: signal too few: {{.*}}core (1,0), kernel 'receive' {{.*}}: cb_push_back: uses bytes that noc_async_write at send.cpp:{{[0-9]+}} on core (0,0) has written without core (1,0) having heard of it
//--- common.hpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"
#include "api/dataflow/noc_semaphore.h"

inline uint64_t there(uint32_t core, uint32_t l1) {
  return get_noc_addr(get_arg_val<uint32_t>(4 + 2 * core),
                      get_arg_val<uint32_t>(5 + 2 * core), l1);
}

inline volatile uint32_t *word(uint32_t l1) {
  return reinterpret_cast<volatile uint32_t *>(l1);
}

inline volatile uint32_t *flag(uint32_t id) { return word(get_semaphore(id)); }

inline uint32_t host_word(uint32_t core) {
  return get_arg_val<uint32_t>(10) + 16 * core;
}

// Where a receiver tells by more than a word.
inline uint32_t packet(uint32_t core) { return get_write_ptr(2) + 32 * core; }

// Two numbers k + 1 of 16 bits.
inline uint32_t expected(uint32_t k) {
  const float value = static_cast<float>(k + 1);
  return (__builtin_bit_cast(uint32_t, value) >> 16) * 0x10001;
}
// Until others have done all that they may.
inline void idle() {
  constexpr auto in_args = TensorAccessorArgs<0>();
  const auto in = TensorAccessor(in_args, get_arg_val<uint32_t>(0), 2048);
  cb_reserve_back(1, 1);
  for (uint32_t i = 0; i < 20000; ++i) {
    noc_async_read_page(0, in, get_write_ptr(1));
    noc_async_read_barrier();
  }
}
//--- send.cpp
#include "common.hpp"

void kernel_main() {
  constexpr auto in_args = TensorAccessorArgs<0>();
  const auto in = TensorAccessor(in_args, get_arg_val<uint32_t>(0), 2048);
  const uint32_t ring = get_arg_val<uint32_t>(2);
  const uint32_t s1 = get_semaphore(1);
  cb_reserve_back(1, 1);
  const uint32_t scratch = get_write_ptr(1), first = get_write_ptr(0);
  for (uint32_t k = 0; k < 12; ++k) {
    [[maybe_unused]] const uint32_t n = k < ring ? 0 : k - ring + 1;
    WAIT_FREE;
    noc_async_read_page(k, in, scratch);
    noc_async_read_barrier();
    const uint32_t page = first + k % ring * 2048;
    for (uint32_t core = 1; core < 3; ++core)
      SEND;
    noc_async_write_barrier();
    for (uint32_t core = 1; core < 3; ++core)
      noc_semaphore_inc(there(core, s1), 1);
    noc_async_atomic_barrier();
  }
}
//--- receive.cpp
#include "common.hpp"

void kernel_main() {
  [[maybe_unused]] const uint32_t me = get_arg_val<uint32_t>(3);
  [[maybe_unused]] const bool is_last = me == 2;
  for (uint32_t k = 0; k < 12; ++k) {
    cb_reserve_back(0, 1);
    AWAIT_DATA;
    cb_push_back(0, 1);
  }
  noc_async_atomic_barrier();
}
//--- use.cpp
#include "common.hpp"

void kernel_main() {
  constexpr auto in_args = TensorAccessorArgs<0>();
  constexpr auto out_args =
      TensorAccessorArgs<in_args.next_compile_time_args_offset()>();
  const auto out = TensorAccessor(out_args, get_arg_val<uint32_t>(1), 2048);
  const uint32_t me = get_arg_val<uint32_t>(3);
  const uint32_t mine = get_semaphore(me == 1 ? 0 : 2);
  for (uint32_t k = 0; k < 12; ++k) {
    cb_wait_front(0, 1);
    noc_async_write_page((me - 1) * 12 + k, out, get_read_ptr(0));
    noc_async_write_barrier();
    if (!IS_EARLY)
      cb_pop_front(0, 1);
    GIVE_CREDIT;
    if (IS_EARLY)
      cb_pop_front(0, 1);
  }
  noc_async_atomic_barrier();
  (void)mine;
}
