// RUN: %parts
// RUN: env TESSERA_THREADS=1 %t/program > %t/one
// RUN: FileCheck %t/main.cpp < %t/one
// RUN: env TESSERA_THREADS=2 %t/program > %t/two
// RUN: diff %t/one %t/two
// RUN: env TESSERA_TARGET=blackhole %t/program | FileCheck %t/main.cpp
// What a signal says nothing about: data that its sender had under way, or
// sends later. And semaphores that a core does not have.
//--- main.cpp
#include "harness.hpp"

using namespace harness;

namespace {

void run(uint32_t what) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  Program program = CreateProgram();
  const CoreRange cores({0, 0}, {2, 0});
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  auto in = make_buffer(device.get(), bf16, 8);
  auto out = make_buffer(device.get(), bf16, 8);
  Values x(8 * 1024);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(i / 1024 + 1);
  upload(queue, in, bf16, x);
  upload(queue, out, bf16, filled(8, -1));
  add_cb(program, cores, 0, bf16, 4);
  for (int i = 0; i < 3; ++i)
    CreateSemaphore(program, cores, 0);
  CreateSemaphore(program, CoreRange({1, 0}, {1, 0}), 0);
  std::vector<uint32_t> compiled;
  TensorAccessorArgs(*in).append_to(compiled);
  TensorAccessorArgs(*out).append_to(compiled);
  auto a = CreateKernel(program, KERNEL_DIR "/a.cpp", cores,
                        ReaderDataMovementConfig(compiled));
  auto b = CreateKernel(program, KERNEL_DIR "/b.cpp", cores,
                        WriterDataMovementConfig(compiled));
  std::vector<uint32_t> args = {what, 0, static_cast<uint32_t>(in->address()),
                                static_cast<uint32_t>(out->address())};
  for (uint32_t i = 0; i < 3; ++i) {
    const CoreCoord at = device->worker_core_from_logical_core({i, 0});
    args.push_back(static_cast<uint32_t>(at.x));
    args.push_back(static_cast<uint32_t>(at.y));
  }
  for (uint32_t i = 0; i < 3; ++i) {
    args[1] = i;
    SetRuntimeArgs(program, a, CoreCoord(i, 0), args);
    SetRuntimeArgs(program, b, CoreCoord(i, 0), args);
  }
  std::printf("%u:", what);
  launch_and_print(*device, std::move(program), out, 8);
}

} // namespace

int main() {
  for (uint32_t what = 0; what <= 20; ++what)
    run(what);
  return 0;
}
// The next page under way while the last is handed on, and a semaphore that a
// core gives a value to by itself.
// CHECK: 0: 1 2 3 1 2 3 -1 -1
// CHECK: 1: {{.*}}core (0,0), kernel 'b' {{.*}}: b.cpp:17: noc_async_write_page: uses bytes that noc_async_read_page at a.cpp:58 has begun to bring: noc_async_read_barrier must come first
// CHECK: 2: {{.*}}core (0,0), kernel 'b' {{.*}}: overwrites the source of noc_async_write_page at a.cpp:63, which may not have left yet:
// CHECK: 3: {{.*}}core (1,0), {{.*}}a.cpp:75: noc_async_read: reads on core (0,0) bytes that noc_async_read_page at a.cpp:68 has begun to bring: noc_async_read_barrier must come first
// CHECK: 4: {{.*}}core (1,0), {{.*}}a.cpp:112: noc_async_write_page: uses bytes that noc_async_write at a.cpp:81 on core (0,0) has begun to write, which may arrive earlier or later: data come before their signal, and new data after an answer
// CHECK: 5: {{.*}}core (1,0), {{.*}}a.cpp:94: cb_push_back: uses bytes that noc_async_write_multicast at a.cpp:88 on core (0,0) has begun to write, which may
// CHECK: 6: {{.*}}core (1,0), {{.*}}a.cpp:112: noc_async_write_page: uses bytes that noc_async_write at a.cpp:98 on core (0,0) has begun to write, which may
// CHECK: 7: {{.*}}core (1,0), {{.*}}a.cpp:112: noc_async_write_page: uses bytes that noc_async_write at a.cpp:106 on core (0,0) has begun to write, which may
// CHECK: 8: {{.*}}core (0,0), {{.*}}a.cpp:117: noc_async_read: reads bytes that noc_async_write at a.cpp:116 has begun to write, which may not have arrived yet: noc_async_write_barrier must come first
// CHECK: 9: {{.*}}core (0,0), {{.*}}a.cpp:121: noc_async_read: reads bytes that noc_async_write_multicast at a.cpp:120 has begun to write, which may
// CHECK: 10: {{.*}}core (0,0), {{.*}}a.cpp:124: noc_semaphore_inc: semaphore 3 was not created on core (2,0): CreateSemaphore needs this core among its cores
// CHECK: 11: {{.*}}core (0,0), {{.*}}a.cpp:126: noc_semaphore_wait_min: semaphore 3 was not created on core (0,0):
// CHECK: 12: {{.*}}core (0,0), {{.*}}a.cpp:128: noc_semaphore_set: semaphore 9 was not created on core (0,0):
// CHECK: 13: {{.*}}core (0,0), {{.*}}a.cpp:130: noc_semaphore_set_multicast: semaphore 3 was not created on core (2,0):
// CHECK: 14: {{.*}}core (0,0), {{.*}}a.cpp:137: noc_semaphore_set_remote: semaphore 3 was not created on core (2,0):
// All that there is so far comes again with each page: what is used does not
// change. And a word that a core gives a value to through a pointer.
// CHECK: 15: 1 2 3 4 -1 -1 -1 -1
// The same of what lies between pages that change.
// CHECK: 16: 1 2 3 -1 -1 -1 -1 -1
// A page of another core that is free again, which nobody has waited to hear;
// the same by who has.
// CHECK: 17: {{.*}}core (0,0), {{.*}}: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (1,0), which was popped since without core (0,0) having heard of it: a signal that the page is free must come first
// CHECK: 18: 1 2 3 4 5 -1 -1 -1
// One that nobody has used yet, by a core that has heard nothing.
// CHECK: 19: 1 -1 -1 -1 -1 -1 -1 -1
// Heard by way of a third core, which polls for the word.
// CHECK: 20: 1 2 3 4 5 -1 -1 -1
//--- a.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

uint64_t there(uint32_t core, uint32_t l1) {
  return get_noc_addr(get_arg_val<uint32_t>(4 + 2 * core),
                      get_arg_val<uint32_t>(5 + 2 * core), l1);
}

uint64_t others(uint32_t l1) {
  return get_noc_multicast_addr(
      get_arg_val<uint32_t>(6), get_arg_val<uint32_t>(7),
      get_arg_val<uint32_t>(8), get_arg_val<uint32_t>(9), l1);
}

volatile uint32_t *flag(uint32_t id) {
  return reinterpret_cast<volatile uint32_t *>(get_semaphore(id));
}

void kernel_main() {
  const uint32_t what = get_arg_val<uint32_t>(0);
  const uint32_t me = get_arg_val<uint32_t>(1);
  constexpr auto in_args = TensorAccessorArgs<0>();
  constexpr auto out_args =
      TensorAccessorArgs<in_args.next_compile_time_args_offset()>();
  const auto in = TensorAccessor(in_args, get_arg_val<uint32_t>(2), 2048);
  const auto out = TensorAccessor(out_args, get_arg_val<uint32_t>(3), 2048);
  const uint32_t s0 = get_semaphore(0);
  const uint32_t s1 = get_semaphore(1);
  const uint32_t s3 = get_semaphore(3);
  cb_reserve_back(0, 4);
  const uint32_t p = get_write_ptr(0);
  const uint32_t q = p + 2048;

  // Core 0 tells, and core 1 is told.
  const bool tells = me == 0, is_told = me == 1;
  noc_async_read_page(0, in, q);
  noc_async_read_barrier();
  if (what == 0) {
    for (uint32_t i = 0; i < 3; ++i) {
      noc_async_read_page(i, in, p);
      noc_semaphore_inc(there((me + 1) % 3, s0), 1);
      noc_semaphore_set(flag(1), i);
      noc_async_read_barrier();
      noc_semaphore_wait_min(flag(0), i + 1);
      if (me < 2)
        noc_async_write_page(3 * me + i, out, p);
      noc_async_writes_flushed();
    }
    if (tells) {
      noc_semaphore_set(flag(3), 1);
      noc_semaphore_set_multicast(s3, others(s3), 2);
    }
    noc_async_write_barrier();
    noc_async_atomic_barrier();
  }
  if (what == 1 && tells) {
    noc_async_read_page(0, in, p);
    noc_semaphore_set(flag(0), 1);
    noc_async_read_barrier();
  }
  if (what == 2 && tells) {
    noc_async_write_page(0, out, p);
    noc_semaphore_set(flag(0), 1);
    noc_async_write_barrier();
  }
  if (what == 3 && tells) {
    noc_async_read_page(0, in, p);
    noc_semaphore_inc(there(1, s0), 1);
    noc_async_read_barrier();
    noc_async_atomic_barrier();
  }
  if (what == 3 && is_told) {
    noc_semaphore_wait(flag(0), 1);
    noc_async_read(there(0, p), p, 2048);
    noc_async_read_barrier();
  }
  if (what == 4 && tells) {
    noc_semaphore_set(flag(1), 1);
    noc_semaphore_set_remote(s1, there(1, s0));
    noc_async_write(q, there(1, p), 2048);
    noc_async_write_barrier();
  }
  if (what == 5 && tells) {
    noc_semaphore_wait(flag(0), 2);
    noc_semaphore_set(flag(1), 1);
    noc_semaphore_set_multicast(s1, others(s1), 2);
    noc_async_write_multicast(q, others(p), 2048, 2);
    noc_async_write_barrier();
  } else if (what == 5) {
    noc_semaphore_inc(there(0, s0), 1);
    noc_semaphore_wait(flag(1), 1);
    noc_async_atomic_barrier();
    cb_push_back(0, 1);
  }
  if (what == 6 && tells) {
    noc_semaphore_inc(there(1, s0), 1);
    noc_async_write(q, there(1, p), 2048);
    noc_async_write_barrier();
    noc_async_atomic_barrier();
  }
  if (what == 7 && tells)
    for (uint32_t i = 1; i < 3; ++i) {
      noc_async_read_page(i, in, q);
      noc_async_read_barrier();
      noc_async_write(q, there(1, p), 2048);
      noc_async_write_barrier();
      noc_semaphore_inc(there(1, s0), 1);
    }
  if ((what == 4 || what == 6 || what == 7) && is_told) {
    noc_semaphore_wait_min(flag(0), 1);
    noc_async_write_page(0, out, p);
    noc_async_write_barrier();
  }
  if (what == 8 && tells) {
    noc_async_write(q, there(1, p), 2048);
    noc_async_read(there(1, p), p, 2048);
  }
  if (what == 9 && tells) {
    noc_async_write_multicast(q, others(p), 2048, 2);
    noc_async_read(there(2, p), p, 2048);
  }
  if (what == 10 && tells)
    noc_semaphore_inc(there(2, s3), 1);
  if (what == 11 && tells)
    noc_semaphore_wait_min(flag(3), 1);
  if (what == 12 && tells)
    noc_semaphore_set(flag(9), 1);
  if (what == 13 && tells)
    noc_semaphore_set_multicast(
        s1,
        get_noc_multicast_addr(
            get_arg_val<uint32_t>(8), get_arg_val<uint32_t>(9),
            get_arg_val<uint32_t>(8), get_arg_val<uint32_t>(9), s3),
        1);
  if (what == 14 && tells)
    noc_semaphore_set_remote(s1, there(2, s3));
  if (what == 15 && tells) {
    *flag(3) = 1;
    noc_semaphore_wait(flag(3), 1);
    for (uint32_t k = 0; k < 4; ++k) {
      noc_async_read_page(k, in, p + k * 2048);
      noc_async_read_barrier();
      noc_async_write(p, there(1, p), (k + 1) * 2048);
      noc_semaphore_set(flag(1), k + 1);
      noc_semaphore_set_remote(s1, there(1, s1));
      noc_async_writes_flushed();
    }
    noc_async_write_barrier();
  }
  if (what == 15 && is_told)
    for (uint32_t k = 0; k < 4; ++k) {
      noc_semaphore_wait_min(flag(1), k + 1);
      noc_async_write_page(k, out, p + k * 2048);
      noc_async_write_barrier();
    }
  if (what == 16 && tells)
    for (uint32_t k = 0; k < 2; ++k) {
      noc_async_read_page(1 - k, in, p + (1 - k) * 2048);
      noc_async_read_page(1 + k, in, p + (1 + k) * 2048);
      noc_async_read_barrier();
      noc_async_write(p + (1 - k) * 2048, there(1, p + (1 - k) * 2048),
                      (1 + 2 * k) * 2048);
      noc_semaphore_set(flag(1), k + 1);
      noc_semaphore_set_remote(s1, there(1, s1));
      noc_async_write_barrier();
    }
  if (what == 16 && is_told) {
    noc_semaphore_wait_min(flag(1), 1);
    noc_async_write_page(1, out, q);
    noc_semaphore_wait_min(flag(1), 2);
    noc_async_write_page(0, out, p);
    noc_async_write_page(2, out, q + 2048);
    noc_async_write_barrier();
  }
  if (what == 19 && tells) {
    noc_async_write(p, there(1, p), 2048);
    noc_async_write_barrier();
    noc_semaphore_inc(there(1, s1), 1);
    noc_semaphore_wait_min(flag(0), 1);
    noc_semaphore_inc(there(1, s1), 1);
    noc_async_atomic_barrier();
  }
  if (what == 19 && is_told) {
    noc_semaphore_wait_min(flag(1), 1);
    noc_semaphore_inc(there(0, s0), 1);
    noc_semaphore_wait_min(flag(1), 2);
    for (uint32_t k = 0; k < 2; ++k) {
      noc_semaphore_wait_min(flag(1), k + 2);
      cb_push_back(0, 1);
      cb_wait_front(0, 1);
      if (k == 1)
        noc_async_write_page(0, out, get_read_ptr(0));
      noc_async_write_barrier();
      cb_pop_front(0, 1);
    }
    noc_async_atomic_barrier();
  }
  if (what == 19 && me == 2) {
    for (uint32_t i = 0; i < 20000; ++i) {
      noc_async_read_page(0, in, p);
      noc_async_read_barrier();
    }
    noc_async_write(q, there(1, q), 2048);
    noc_async_write_barrier();
    noc_semaphore_inc(there(1, s1), 1);
    noc_async_atomic_barrier();
  }
  const bool streams = what == 17 || what == 18 || what == 20;
  if (streams && tells)
    for (uint32_t k = 0; k < 5; ++k) {
      const uint32_t page = p + k % 4 * 2048;
      noc_async_read_page(k, in, page);
      noc_async_read_barrier();
      if (what != 17)
        noc_semaphore_wait_min(flag(0), k + 1);
      noc_async_write(page, there(1, page), 2048);
      noc_async_write_barrier();
      noc_semaphore_inc(there(1, s1), 1);
      noc_async_atomic_barrier();
    }
  if (streams && is_told)
    for (uint32_t k = 0; k < 5; ++k) {
      if (k == 4)
        cb_reserve_back(0, 1);
      noc_semaphore_inc(there(what == 20 ? 2 : 0, s0), 1);
      noc_semaphore_wait_min(flag(1), k + 1);
      cb_push_back(0, 1);
      cb_wait_front(0, 1);
      noc_async_write_page(k, out, get_read_ptr(0));
      noc_async_write_barrier();
      cb_pop_front(0, 1);
      noc_async_atomic_barrier();
    }
  if (what == 20 && me == 2) {
    for (uint32_t k = 0; k < 5; ++k) {
      while (*flag(0) < k + 1)
        invalidate_l1_cache();
      noc_semaphore_inc(there(0, s0), 1);
    }
    noc_async_atomic_barrier();
  }
}
//--- b.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t what = get_arg_val<uint32_t>(0);
  const uint32_t me = get_arg_val<uint32_t>(1);
  constexpr auto in_args = TensorAccessorArgs<0>();
  constexpr auto out_args =
      TensorAccessorArgs<in_args.next_compile_time_args_offset()>();
  const auto out = TensorAccessor(out_args, get_arg_val<uint32_t>(3), 2048);
  auto word = reinterpret_cast<volatile uint32_t *>(get_write_ptr(0));
  if (me == 0 && (what == 1 || what == 2))
    noc_semaphore_wait(reinterpret_cast<volatile uint32_t *>(get_semaphore(0)),
                       1);
  if (me == 0 && what == 1) {
    noc_async_write_page(0, out, get_write_ptr(0));
    noc_async_write_barrier();
  }
  if (me == 0 && what == 2)
    word[0] = 1;
  if (me == 1 && what == 5) {
    cb_wait_front(0, 1);
    cb_pop_front(0, 1);
  }
}
