// RUN: %parts
// Rules of data movement that take more than one call to break, one case at a
// time.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  const auto wrong = static_cast<uint32_t>(std::atoi(argv[1]));
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  auto &queue = device->mesh_command_queue();
  const tt::DataFormat bf16 = tt::DataFormat::Float16_b;
  Program program = CreateProgram();
  const CoreCoord core(2, 1), other(3, 1);
  // With more than one program, messages say which.
  std::vector<Program> more(wrong == 26 ? 1 : 0);
  const CoreRange both(core, other);
  auto in = make_buffer(device.get(), bf16, 8);
  auto out = make_buffer(device.get(), bf16, 8);
  upload(queue, in, bf16, filled(8, 1.0f));
  // It lies in front of the next, and nobody hands it over.
  CreateCircularBuffer(
      program, both,
      CircularBufferConfig(2048, {{2, bf16}}).set_page_size(2, 2048));
  CreateCircularBuffer(
      program, both,
      CircularBufferConfig(4 * 2048, {{0, bf16}}).set_page_size(0, 2048));
  CreateCircularBuffer(program, both,
                       CircularBufferConfig(2048, {{1, bf16}, {3, bf16}})
                           .set_page_size(1, 2048)
                           .set_page_size(3, 2048));
  CreateSemaphore(program, both, 0);
  CreateSemaphore(program, both, 0);
  std::vector<uint32_t> ct = {wrong};
  TensorAccessorArgs(*in).append_to(ct);
  const CoreCoord noc = device->worker_core_from_logical_core(core);
  const CoreCoord next = device->worker_core_from_logical_core(other);
  const std::vector<uint32_t> args = {static_cast<uint32_t>(in->address()),
                                      static_cast<uint32_t>(out->address()),
                                      static_cast<uint32_t>(noc.x),
                                      static_cast<uint32_t>(noc.y),
                                      static_cast<uint32_t>(next.x),
                                      static_cast<uint32_t>(next.y)};
  auto reader = CreateKernel(program, KERNEL_DIR "/reader.cpp", core,
                             ReaderDataMovementConfig(ct));
  auto writer = CreateKernel(program, KERNEL_DIR "/writer.cpp", core,
                             WriterDataMovementConfig(ct));
  SetRuntimeArgs(program, reader, core, args);
  SetRuntimeArgs(program, writer, core, args);
  if (wrong == 22 || wrong == 34 || (wrong >= 38 && wrong <= 40)) {
    auto full = CreateKernel(program, KERNEL_DIR "/full.cpp", other,
                             ReaderDataMovementConfig(ct));
    SetRuntimeArgs(program, full, other, args);
  }
  if (wrong == 24) {
    CreateKernelFromString(program,
                           "#include \"api/dataflow/dataflow_api.h\"\n"
                           "void kernel_main() { get_arg_val<uint64_t>(0); }",
                           other, ReaderDataMovementConfig(ct));
  }
  launch(*device, std::move(program));
  const Values got = download(queue, out, bf16);
  std::printf("ran: %g %g\n", got[0], got[1]);
  return 0;
}
//--- reader.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);
__attribute__((noinline, no_sanitize("thread"))) void unseen(uint32_t l1) {
  for (uint32_t i = 0; i < 512; ++i)
    reinterpret_cast<volatile uint32_t *>(l1)[i] = 0x40404040;
}
void kernel_main() {
  constexpr auto args = TensorAccessorArgs<1>();
  const auto in = TensorAccessor(args, get_arg_val<uint32_t>(0), 2048);
  const auto out = TensorAccessor(args, get_arg_val<uint32_t>(1), 2048);
  const uint32_t x = get_arg_val<uint32_t>(2);
  const uint32_t y = get_arg_val<uint32_t>(3);
  volatile tt_l1_ptr uint32_t *flag =
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(get_semaphore(0));
  for (uint32_t page = 0; page < 8; ++page) {
    cb_reserve_back(0, 1);
    const uint32_t l1 = get_write_ptr(0);
    volatile tt_l1_ptr uint32_t *words =
        reinterpret_cast<volatile tt_l1_ptr uint32_t *>(l1);
    noc_async_read_page(page, in, l1);
    if (wrong == 3 && page == 0) {
      noc_async_read_page(page, in, l1 + 2048);
    }
    if (wrong == 5) {
      noc_async_write_page(page, out, l1);
    }
    const uint32_t early = wrong == 8 ? words[0] : 0;
    if (wrong != 1) {
      noc_async_read_barrier();
    }
    if (wrong == 8) {
      words[0] = early;
    }
    if (wrong == 6) {
      noc_async_write_page(page, out, l1);
      noc_async_read_page(page, in, l1);
      noc_async_read_barrier();
    }
    if (wrong == 7) {
      noc_async_write_page(page, out, l1);
      unseen(l1);
      noc_async_write_barrier();
    }
    if (wrong == 16) {
      noc_async_read(get_noc_addr(x, y, l1 + 8), l1, 32);
    }
    if (wrong == 17) {
      noc_async_write(l1 + 8, out.get_noc_addr(page), 32);
    }
    cb_push_back(0, 1);
    if (wrong == 2) {
      noc_async_read_page(page, in, l1 + 2048);
    }
    if (wrong == 12 && page == 7) {
      cb_wait_front(0, 1);
    }
    if (wrong == 18 && page == 4) {
      noc_semaphore_wait(flag, 1);
    }
  }
  if (wrong == 4 || wrong == 26) {
    cb_reserve_back(0, 2);
    cb_push_back(0, 2);
  }
  if (wrong == 21) {
    noc_async_read_page(0, in, get_write_ptr(1));
  }
  if (wrong == 22) {
    noc_semaphore_wait(flag, 1);
    const uint32_t nx = get_arg_val<uint32_t>(4);
    const uint32_t ny = get_arg_val<uint32_t>(5);
    noc_async_write(get_write_ptr(1), get_noc_addr(nx, ny, get_read_ptr(0)),
                    2048);
    noc_async_write_barrier();
  }
  if (wrong == 29 || wrong == 30) {
    // A neighbour is told of data that may still be on their way.
    const uint32_t nx = get_arg_val<uint32_t>(4);
    const uint32_t ny = get_arg_val<uint32_t>(5);
    noc_async_write(get_write_ptr(1), get_noc_addr(nx, ny, get_write_ptr(1)),
                    2048);
    if (wrong == 29) {
      noc_async_writes_flushed();
    } else {
      noc_async_write_barrier();
    }
    noc_semaphore_inc(get_noc_addr(nx, ny, get_semaphore(0)), 1);
    noc_async_atomic_barrier();
    noc_async_write_barrier();
  }
  if (wrong == 31) {
    noc_semaphore_set(flag, 1);
    noc_semaphore_wait_min(flag, 2);
  }
  if (wrong == 28) {
    // Pages that nobody has used yet may be filled with what must be there.
    noc_async_read_page(0, in, get_write_ptr(1));
    noc_async_read_barrier();
    cb_reserve_back(1, 1);
  }
  if (wrong == 32) {
    noc_async_read_page(0, in, get_write_ptr(2) + 1024);
  }
  if (wrong == 33) {
    noc_async_read_page(0, in, get_write_ptr(1) + 1024);
  }
  if (wrong == 34) {
    noc_semaphore_wait(flag, 1);
    const uint32_t nx = get_arg_val<uint32_t>(4);
    const uint32_t ny = get_arg_val<uint32_t>(5);
    cb_reserve_back(0, 2);
    noc_async_write(get_write_ptr(0), get_noc_addr(nx, ny, get_read_ptr(0)),
                    4096);
  }
  if (wrong == 35) {
    noc_async_write(get_write_ptr(1) + 1024, out.get_noc_addr(0), 2048);
  }
  if (wrong == 37) {
    noc_async_read_page(0, in, get_semaphore(0));
  }
  if (wrong == 40) {
    // All of a buffer that is empty, from the middle of which it goes on.
    noc_semaphore_wait(flag, 1);
    const uint32_t nx = get_arg_val<uint32_t>(4);
    const uint32_t ny = get_arg_val<uint32_t>(5);
    cb_reserve_back(0, 4);
    noc_async_write(get_write_ptr(0), get_noc_addr(nx, ny, get_write_ptr(0)),
                    8192);
    noc_async_write_barrier();
  }
  if (wrong == 42) {
    // Over the end of one buffer into the next, which nobody has used yet.
    cb_reserve_back(0, 4);
    noc_async_read(get_noc_addr(x, y, get_write_ptr(0)),
                   get_write_ptr(0) + 3 * 2048, 4096);
  }
  if (wrong == 43) {
    // Nothing is read before the wait.
    noc_async_write(get_read_ptr(1), out.get_noc_addr(0), 0);
    cb_reserve_back(1, 1);
    noc_async_read_page(0, in, get_write_ptr(1));
    noc_async_read_barrier();
    cb_push_back(1, 1);
    cb_wait_front(1, 1);
    cb_pop_front(1, 1);
    noc_async_write_barrier();
  }
  if (wrong == 44) {
    const uint32_t nx = get_arg_val<uint32_t>(4);
    const uint32_t ny = get_arg_val<uint32_t>(5);
    const uint32_t l1 = get_write_ptr(1);
    noc_async_write_multicast(
        l1, get_noc_multicast_addr(nx, ny, nx, ny, l1 + 0x10000), 2048, 1);
  }
  if (wrong == 41) {
    // Two buffers that share their memory, one after the other.
    for (uint32_t cb = 1; cb <= 3; cb += 2) {
      cb_reserve_back(cb, 1);
      noc_async_read_page(0, in, get_write_ptr(cb));
      noc_async_read_barrier();
      cb_push_back(cb, 1);
      cb_wait_front(cb, 1);
      noc_async_write_page(0, out, get_read_ptr(cb));
      noc_async_write_barrier();
      cb_pop_front(cb, 1);
    }
  }
  if (wrong == 45 || wrong == 46) {
    // Of two buffers that share their memory, the one is handed over already:
    // its data may be read by whichever's pointer, before the other's come.
    cb_reserve_back(3, 1);
    noc_async_read_page(0, in, get_write_ptr(3));
    noc_async_read_barrier();
    cb_push_back(3, 1);
    cb_wait_front(3, 1);
    if (wrong == 45) {
      cb_pop_front(3, 1);
    }
    noc_async_write_page(0, out, get_read_ptr(1));
    noc_async_write_barrier();
    if (wrong == 46) {
      cb_pop_front(3, 1);
    }
    cb_reserve_back(1, 1);
    noc_async_read_page(0, in, get_write_ptr(1));
    noc_async_read_barrier();
    cb_push_back(1, 1);
    cb_wait_front(1, 1);
    cb_pop_front(1, 1);
  }
  if (wrong == 38 || wrong == 39) {
    // A neighbour, told of a read that is on its way, reads there or writes.
    const uint32_t nx = get_arg_val<uint32_t>(4);
    const uint32_t ny = get_arg_val<uint32_t>(5);
    noc_async_read_page(0, in, get_write_ptr(1));
    noc_semaphore_inc(get_noc_addr(nx, ny, get_semaphore(1)), 1);
    noc_semaphore_wait(flag, 1);
    noc_async_read_barrier();
    noc_async_atomic_barrier();
  }
  if (wrong == 36) {
    const uint32_t nx = get_arg_val<uint32_t>(4);
    const uint32_t ny = get_arg_val<uint32_t>(5);
    noc_async_write(get_write_ptr(1),
                    get_noc_addr(nx, ny, get_write_ptr(1) + 2048), 2048);
  }
}
//--- writer.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  constexpr auto args = TensorAccessorArgs<1>();
  const auto out = TensorAccessor(args, get_arg_val<uint32_t>(1), 2048);
  const uint32_t x = get_arg_val<uint32_t>(2);
  const uint32_t y = get_arg_val<uint32_t>(3);
  for (uint32_t page = 0; page < 8; ++page) {
    if ((wrong == 10 && page == 1) || (wrong == 27 && page == 0)) {
      noc_async_write_page(page, out, get_read_ptr(0));
    }
    cb_wait_front(0, 1);
    if (wrong == 25 && page == 0) {
      noc_async_write_page(page, out, get_read_ptr(0) + 2048);
    }
    noc_async_write_page(page, out, get_read_ptr(0));
    if (wrong != 11) {
      noc_async_writes_flushed();
    }
    if (wrong == 13 && page == 6) {
      cb_reserve_back(0, 1);
    }
    if (wrong != 14 || page < 7) {
      cb_pop_front(0, 1);
    }
  }
  if (wrong == 19) {
    // NoC 1 goes left and up: its first corner is the one on the right.
    const uint32_t l1 = get_write_ptr(1);
    noc_async_write_multicast(l1, get_noc_multicast_addr(x, y, x + 1, y, l1),
                              2048, 1);
  }
  if (wrong == 20) {
    const uint32_t l1 = get_write_ptr(1);
    noc_async_write_multicast(l1, get_noc_multicast_addr(x + 1, y, x, y, l1),
                              2048, 2);
  }
  if (wrong != 15) {
    noc_async_write_barrier();
  }
}
//--- full.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

constexpr uint32_t wrong = get_compile_time_arg_val(0);

void kernel_main() {
  const uint32_t x = get_arg_val<uint32_t>(2);
  const uint32_t y = get_arg_val<uint32_t>(3);
  if (wrong == 38 || wrong == 39) {
    const uint32_t l1 = get_write_ptr(1);
    noc_semaphore_wait(
        reinterpret_cast<volatile tt_l1_ptr uint32_t *>(get_semaphore(1)), 1);
    if (wrong == 38) {
      noc_async_read(get_noc_addr(x, y, l1), l1, 2048);
      noc_async_read_barrier();
    } else {
      noc_async_write(l1, get_noc_addr(x, y, l1), 2048);
      noc_async_write_barrier();
    }
    noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(0)), 1);
    noc_async_atomic_barrier();
    return;
  }
  if (wrong == 40) {
    cb_reserve_back(0, 2);
    cb_push_back(0, 2);
    cb_wait_front(0, 2);
    cb_pop_front(0, 2);
    noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(0)), 1);
    noc_async_atomic_barrier();
    return;
  }
  cb_reserve_back(0, 1);
  cb_push_back(0, 1);
  noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(0)), 1);
  noc_async_atomic_barrier();
  noc_semaphore_wait(
      reinterpret_cast<volatile tt_l1_ptr uint32_t *>(get_semaphore(1)), 1);
}

// RUN: %t/program 0 2>&1 | FileCheck %t/full.cpp --check-prefix=S0
// S0-NOT: note:
// S0: ran: 1 1
// RUN: not %t/program 1 2>&1 | FileCheck %t/full.cpp --check-prefix=S1
// S1: error: program 1, core (2,1), kernel 'reader' (ncrisc): reader.cpp:53: cb_push_back: uses bytes that noc_async_read_page at reader.cpp:23 has begun to bring: noc_async_read_barrier must come first
// RUN: not %t/program 2 2>&1 | FileCheck %t/full.cpp --check-prefix=S2
// S2: reader.cpp:55: noc_async_read_page: writes 2048 B to page 1 of circular buffer 0, of which 0 pages from page 1 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 3 2>&1 | FileCheck %t/full.cpp --check-prefix=S3
// S3: reader.cpp:25: noc_async_read_page: writes 2048 B to page 1 of circular buffer 0, of which 1 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 4 2>&1 | FileCheck %t/full.cpp --check-prefix=S4
// S4: error: program 1, core (2,1), kernel 'reader' (ncrisc): reader.cpp:66: cb_push_back: 2 of the 10 pages pushed to circular buffer 0 were never waited for
// RUN: not %t/program 5 2>&1 | FileCheck %t/full.cpp --check-prefix=S5
// S5: reader.cpp:28: noc_async_write_page: uses bytes that noc_async_read_page at reader.cpp:23 has begun to bring: noc_async_read_barrier must come first
// RUN: not %t/program 6 2>&1 | FileCheck %t/full.cpp --check-prefix=S6
// S6: reader.cpp:39: noc_async_read_page: overwrites the source of noc_async_write_page at reader.cpp:38, which may not have left yet: noc_async_writes_flushed or noc_async_write_barrier must come first
// RUN: not %t/program 7 2>&1 | FileCheck %t/full.cpp --check-prefix=S7
// S7: reader.cpp:45: noc_async_write_barrier: the source of noc_async_write_page at reader.cpp:43 was changed before the write had left: noc_async_writes_flushed or noc_async_write_barrier must come first

// What a kernel reads before the barrier, and what leaves after a change, is
// what the chip may do.
// RUN: env TESSERA_STRICT=off %t/program 8 2>&1 | FileCheck %t/full.cpp --check-prefix=S8
// S8: ran: {{-?}}nan {{-?}}nan
// RUN: env TESSERA_STRICT=off %t/program 7 2>&1 | FileCheck %t/full.cpp --check-prefix=S7OFF
// S7OFF: ran: 3 3
// RUN: env TESSERA_STRICT=warn %t/program 7 2>&1 | FileCheck %t/full.cpp --check-prefix=S7WARN
// S7WARN: warning: program 1, core (2,1), kernel 'reader' (ncrisc): reader.cpp:45: noc_async_write_barrier: the source of
// S7WARN-NOT: warning
// S7WARN: ran: 3 3
// RUN: not env TESSERA_STRICT=no %t/program 0 2>&1 | FileCheck %t/full.cpp --check-prefix=MODE
// MODE: error: TESSERA_STRICT: 'no' is none of off, warn, error

// RUN: not %t/program 10 2>&1 | FileCheck %t/full.cpp --check-prefix=S10
// S10: kernel 'writer' (brisc): writer.cpp:14: noc_async_write_page: reads 2048 B from page 1 of circular buffer 0, of which 0 pages from page 1 on are waited for: cb_wait_front must come first
// RUN: not %t/program 11 2>&1 | FileCheck %t/full.cpp --check-prefix=S11
// S11: writer.cpp:28: cb_pop_front: pops the source of noc_async_write_page at writer.cpp:20, which may not have left yet: noc_async_writes_flushed or noc_async_write_barrier must come first
// RUN: not %t/program 12 2>&1 | FileCheck %t/full.cpp --check-prefix=S12
// S12: reader.cpp:58: cb_wait_front: circular buffer 0 has another consumer on this core already: kernel 'writer' (brisc)
// RUN: not %t/program 13 2>&1 | FileCheck %t/full.cpp --check-prefix=S13
// S13: writer.cpp:25: cb_reserve_back: circular buffer 0 has another producer on this core already: kernel 'reader' (ncrisc)
// RUN: %t/program 14 2>&1 | FileCheck %t/full.cpp --check-prefix=S14
// S14: note: program 1, core (2,1), kernel 'writer' (brisc): writer.cpp:16: cb_wait_front: 1 pages of circular buffer 0 were waited for and never popped
// S14: ran: 1 1
// RUN: not %t/program 15 2>&1 | FileCheck %t/full.cpp --check-prefix=S15
// S15: kernel 'writer' (brisc): writer.cpp:20: noc_async_write_page: the kernel ends with 8 writes that no noc_async_write_barrier waited for
// RUN: not %t/program 16 2>&1 | FileCheck %t/full.cpp --check-prefix=S16
// S16: reader.cpp:48: noc_async_read: an L1 read needs source and target addresses that agree modulo 16 B
// RUN: not %t/program 17 2>&1 | FileCheck %t/full.cpp --check-prefix=S17
// S17: reader.cpp:51: noc_async_write: a DRAM write needs source and target addresses that agree modulo 16 B
// RUN: not env TESSERA_TRACE=%t/trace.json %t/program 18 2>&1 | FileCheck %t/full.cpp --check-prefix=S18
// S18: error: deadlock in program 1: every thread that is left waits
// S18-NEXT: core (2,1): kernel 'writer' (brisc): writer.cpp:16: cb_wait_front: circular buffer 0: wants 1 page, 0 there (of 4 it holds; 5 pushed so far)
// S18-NEXT: core (2,1): kernel 'reader' (ncrisc): reader.cpp:61: noc_semaphore_wait: semaphore 0: wants 1, is 0; nothing has changed it
// S18-NEXT: chain on core (2,1): kernel 'writer' (brisc) waits for pages of circular buffer 0 from kernel 'reader' (ncrisc), which waits for semaphore 0, which nothing that is left changes
// RUN: %python %root/test/run/Inputs/last_spans.py %t/trace.json | FileCheck %t/full.cpp --check-prefix=T18
// T18: core (2,1)
// T18-NEXT: brisc: writer: cb_wait_front, cb-pages to the end
// T18-NEXT: ncrisc: reader: noc_semaphore_wait, semaphore to the end
// RUN: not %t/program 19 2>&1 | FileCheck %t/full.cpp --check-prefix=S19
// S19: on NoC 1 a multicast from (20,19) to (21,19) has its corners the wrong way round
// RUN: not %t/program 20 2>&1 | FileCheck %t/full.cpp --check-prefix=S20
// S20: the multicast reaches 1 cores but says 2
// RUN: not %t/program 21 2>&1 | FileCheck %t/full.cpp --check-prefix=S21
// S21: kernel 'reader' (ncrisc): reader.cpp:69: noc_async_read_page: the kernel ends with 1 reads that no noc_async_read_barrier waited for
// RUN: not %t/program 22 2>&1 | FileCheck %t/full.cpp --check-prefix=S22
// S22: kernel 'reader' (ncrisc): reader.cpp:75: noc_async_write: writes 2048 B to page 0 of circular buffer 0 of core (3,1), which holds 1 pages from page 0 on that are not popped yet
// RUN: not %t/program 24 2>&1 | FileCheck %t/full.cpp --check-prefix=S24
// S24: arguments are 4 bytes each
// RUN: not %t/program 25 2>&1 | FileCheck %t/full.cpp --check-prefix=S25
// S25: writer.cpp:18: noc_async_write_page: reads 2048 B from page 1 of circular buffer 0, of which 1 pages from page 0 on are waited for: cb_wait_front must come first
// RUN: not %t/program 26 2>&1 | FileCheck %t/full.cpp --check-prefix=S26
// S26: error: program 1, core (2,1), kernel 'reader' (ncrisc): reader.cpp:66: cb_push_back: 2 of the 10 pages
// RUN: not %t/program 27 2>&1 | FileCheck %t/full.cpp --check-prefix=S27
// S27: kernel 'writer' (brisc): writer.cpp:16: cb_wait_front: noc_async_write_page at writer.cpp:14 reads from circular buffer 0 before its pages are waited for: cb_wait_front must come first
// RUN: not %t/program 29 2>&1 | FileCheck %t/full.cpp --check-prefix=S29
// S29: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_semaphore_inc: signals core (3,1), where what noc_async_write at reader.cpp:[[#]] has begun to write may not have arrived: noc_async_write_barrier must come first
// RUN: not %t/program 32 2>&1 | FileCheck %t/full.cpp --check-prefix=S32
// S32: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_async_read_page: writes 2048 B to page 0 of circular buffer 0, of which 0 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: not %t/program 33 2>&1 | FileCheck %t/full.cpp --check-prefix=S33
// S33: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_async_read_page: writes byte [[#]] of core (2,1), where nothing is allocated: its circular buffers end before byte [[#]]
// RUN: not %t/program 34 2>&1 | FileCheck %t/full.cpp --check-prefix=S34
// S34: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_async_write: writes 4096 B to page 0 of circular buffer 0 of core (3,1), which holds 1 pages from page 0 on that are not popped yet
// RUN: not %t/program 35 2>&1 | FileCheck %t/full.cpp --check-prefix=S35
// S35: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_async_write: reads byte [[#]] of core (2,1), where nothing is allocated: its circular buffers end before byte [[#]]
// RUN: not %t/program 36 2>&1 | FileCheck %t/full.cpp --check-prefix=S36
// S36: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_async_write: writes byte [[#]] of core (3,1), where nothing is allocated: its circular buffers end before byte [[#]]
// RUN: not %t/program 37 2>&1 | FileCheck %t/full.cpp --check-prefix=S37
// S37: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_async_read_page: writes 2048 B to byte [[#]] of core (2,1), where firmware, semaphores and arguments are: buffers begin at byte [[#]]
// RUN: not %t/program 38 2>&1 | FileCheck %t/full.cpp --check-prefix=S38
// S38: core (3,1), kernel 'full' (ncrisc): full.cpp:[[#]]: noc_async_read: reads on core (2,1) bytes that noc_async_read_page at reader.cpp:[[#]] has begun to bring: noc_async_read_barrier must come first
// RUN: not %t/program 39 2>&1 | FileCheck %t/full.cpp --check-prefix=S39
// S39: core (3,1), kernel 'full' (ncrisc): full.cpp:[[#]]: noc_async_write: overwrites on core (2,1) bytes that noc_async_read_page at reader.cpp:[[#]] has begun to bring: noc_async_read_barrier must come first
// RUN: %t/program 40 2>&1 | FileCheck %t/full.cpp --check-prefix=S28
// RUN: not %t/program 42 2>&1 | FileCheck %t/full.cpp --check-prefix=S42
// S42: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_async_read: writes 4096 B to page 3 of circular buffer 0, of which 4 pages from page 0 on are reserved: cb_reserve_back must come first
// RUN: %t/program 43 2>&1 | FileCheck %t/full.cpp --check-prefix=S28
// RUN: not %t/program 44 2>&1 | FileCheck %t/full.cpp --check-prefix=S44
// S44: kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_async_write_multicast: writes byte [[#]] of core (3,1), where nothing is allocated: its circular buffers end before byte [[#]]
// RUN: not %t/program 45 2>&1 | FileCheck %t/full.cpp --check-prefix=S45
// S45: kernel 'reader' (ncrisc): reader.cpp:[[#]]: cb_wait_front: noc_async_write_page at reader.cpp:[[#]] reads from circular buffer 1 before its pages are waited for: cb_wait_front must come first
// RUN: %t/program 46 2>&1 | FileCheck %t/full.cpp --check-prefix=S28
// RUN: %t/program 41 2>&1 | FileCheck %t/full.cpp --check-prefix=S28
// RUN: not %t/program 31 2>&1 | FileCheck %t/full.cpp --check-prefix=S31
// S31: error: deadlock in program 1: every thread that is left waits
// S31-NEXT: core (2,1): kernel 'reader' (ncrisc): reader.cpp:[[#]]: noc_semaphore_wait_min: semaphore 0: wants at least 2, is 1; changed 1 time, the last by noc_semaphore_set at reader.cpp:[[#]] of kernel 'reader'
// RUN: %t/program 30 2>&1 | FileCheck %t/full.cpp --check-prefix=S28
// RUN: %t/program 28 2>&1 | FileCheck %t/full.cpp --check-prefix=S28
// S28: ran: 1 1
