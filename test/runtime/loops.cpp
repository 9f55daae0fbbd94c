// RUN: %parts
// Loops that call nothing, or nothing that changes anything: others get their
// turn meanwhile, and what nothing ends is found. Stacks have an end, too.
// 30000 turns are more than may pass without one, and a tenth of the patience
// does where it is only about what is said. A loop without anything in it
// has nothing that gcc lets us count: its time is.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  const CoreRange both({0, 0}, {1, 0});
  add_cb(program, both, 0, tt::DataFormat::Float16_b, 2);
  for (int i = 0; i < 3; ++i)
    CreateSemaphore(program, both, 0);
  const uint32_t what = static_cast<uint32_t>(std::atoi(argv[1]));
  const CoreCoord left = device->worker_core_from_logical_core({0, 0});
  const CoreCoord right = device->worker_core_from_logical_core({1, 0});
  const std::vector<uint32_t> args = {
      what, static_cast<uint32_t>(left.x), static_cast<uint32_t>(left.y),
      static_cast<uint32_t>(right.x), static_cast<uint32_t>(right.y)};
  CreateKernel(program, KERNEL_DIR "/left.cpp", CoreCoord(0, 0),
               ReaderDataMovementConfig(args));
  CreateKernel(program, KERNEL_DIR "/helper.cpp", CoreCoord(0, 0),
               WriterDataMovementConfig(args));
  CreateKernel(program, KERNEL_DIR "/right.cpp", CoreCoord(1, 0),
               ReaderDataMovementConfig(args));
  launch(*device, std::move(program));
  std::printf("ended\n");
  return 0;
}
//--- common.h
#include "api/dataflow/dataflow_api.h"
#include "api/debug/dprint.h"
#include <cstdint>

using word = volatile tt_l1_ptr uint32_t;

constexpr uint32_t what = get_compile_time_arg_val(0);
constexpr uint32_t left_x = get_compile_time_arg_val(1);
constexpr uint32_t left_y = get_compile_time_arg_val(2);
constexpr uint32_t right_x = get_compile_time_arg_val(3);
constexpr uint32_t right_y = get_compile_time_arg_val(4);

inline word *semaphore(uint32_t id) {
  return reinterpret_cast<word *>(get_semaphore(id));
}

inline void spend(uint32_t steps) {
  volatile uint32_t sum = 0;
#pragma clang loop unroll(disable)
  for (uint32_t i = 0; i < steps; ++i) {
    sum = sum + i;
  }
}

inline void count_on(volatile uint32_t &number) {
  while (number < what || number >= what) {
    number = number + 1;
  }
}

inline void take_turns(word *own, word *other) {
  for (uint32_t i = 1; i <= 30000; ++i) {
    while (*other < i - 1 || *own == 0xffffffff) {
    }
    *own = i;
  }
}

// RUN: not %t/program 1 2>&1 | FileCheck %t/common.h --check-prefix=L1
// L1: error: deadlock in program 1: every thread that is left waits
// L1-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:21: a loop: asks again and again, and nothing changes
// L1: {{^}}  given up after 20000 turns in which nothing changed; a loop that gives up later needs more patience (TESSERA_PATIENCE=10 for ten times as much)
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 14 2>&1 | FileCheck %t/common.h --check-prefix=L14
// L14: error: deadlock in program 1: every thread that is left waits
// L14: {{^}}  given up after 2000 turns in which nothing changed; a loop that gives up later needs more patience (TESSERA_PATIENCE=1 for ten times as much)
// RUN: %t/program 14 2>&1 | FileCheck %t/common.h --check-prefix=ENDED
// RUN: not env TESSERA_PATIENCE=0 %t/program 14 2>&1 | FileCheck %t/common.h --check-prefix=PATIENCE
// PATIENCE: error: TESSERA_PATIENCE: '0' is no number from 0.1 to 999
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 3 2>&1 | FileCheck %t/common.h --check-prefix=L3
// RUN: not env TESSERA_PATIENCE=0.1 TESSERA_STRICT=off %t/program 3 2>&1 | FileCheck %t/common.h --check-prefix=L3
// L3: error: deadlock in program 1: every thread that is left waits
// L3-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:29: a loop: asks again and again, and nothing changes
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 5 2>&1 | FileCheck %t/common.h --check-prefix=L5
// L5: error: deadlock in program 1: every thread that is left waits
// L5-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:35: {{.*}}asks again and again, and nothing changes
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 6 2>&1 | FileCheck %t/common.h --check-prefix=L6
// L6: error: deadlock in program 1: every thread that is left waits
// L6-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:42: noc_async_read_barrier: asks again and again, and nothing changes
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 15 2>&1 | FileCheck %t/common.h --check-prefix=L15
// L15: error: deadlock in program 1: every thread that is left waits
// L15-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:47: a loop: goes on and on, and nobody notices
// L15: {{^}}  given up after 4000 turns in which nobody noticed a change; a loop that gives up later needs more patience (TESSERA_PATIENCE=1 for ten times as much)
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 16 2>&1 | FileCheck %t/common.h --check-prefix=L16
// L16: error: deadlock in program 1: every thread that is left waits
// L16-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:52: {{.*}}: goes on and on, and nobody notices
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 17 2>&1 | FileCheck %t/common.h --check-prefix=L17
// L17: error: deadlock in program 1: every thread that is left waits
// L17-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:58: noc_async_atomic_barrier: goes on and on, and nobody notices
// L17: {{^}}  given up after 200000 turns in which nobody noticed a change
// RUN: env TESSERA_SILENT_SECONDS=1 TESSERA_THREADS=2 not %t/program 18 2>&1 | FileCheck %t/common.h --check-prefix=L18
// L18: error: {{(program 1, core .0,0., kernel 'left' .ncrisc.: left.cpp:62: a loop: takes 1 s of this machine's processor without a call, and without an end; what needs longer gets it by TESSERA_SILENT_SECONDS=10|deadlock in program 1: every thread that is left waits)$}}
// A header's, of a kernel with variables, of which each thread runs a copy.
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 23 2>&1 | FileCheck %t/common.h --check-prefix=L23
// L23: error: deadlock in program 1: every thread that is left waits
// L23-NEXT: core (1,0): kernel 'right' (ncrisc): {{.*}}/common.h:26: a loop: asks again and again, and nothing changes
// Without lines it is known what came before.
// RUN: not env TESSERA_PATIENCE=0.1 TESSERA_CXXFLAGS=-g0 %t/program 1 2>&1 | FileCheck %t/common.h --check-prefix=L1-BARE
// RUN: not env TESSERA_PATIENCE=0.1 TESSERA_CXXFLAGS=-gdwarf-5 %t/program 3 2>&1 | FileCheck %t/common.h --check-prefix=L3-BARE
// L1-BARE: core (0,0): kernel 'left' (ncrisc): a loop before the kernel's first call: asks again
// L3-BARE: core (0,0): kernel 'left' (ncrisc): {{.*}}common.h:14: a loop after this call: asks again
// Ctrl-C ends both kinds at once.
// RUN: mkdir %t/none
// RUN: env TT_METAL_DPRINT_CORES=0,0 TESSERA_SILENT_SECONDS=999 %python %S/../run/Inputs/interrupt.py %t/none %t/program 21
// RUN: env TT_METAL_DPRINT_CORES=0,0 TESSERA_PATIENCE=999 %python %S/../run/Inputs/interrupt.py %t/none %t/program 22
// RUN: not env TESSERA_SILENT_SECONDS=x %t/program 18 2>&1 | FileCheck %t/common.h --check-prefix=SILENT
// SILENT: error: TESSERA_SILENT_SECONDS: 'x' is no number from 1 to 99999
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 19 2>&1 | FileCheck %t/common.h --check-prefix=L19
// L19: error: deadlock in program 1: every thread that is left waits
// L19-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:68: noc_async_write_barrier: goes on and on, and nobody notices
// RUN: not env TESSERA_PATIENCE=0.1 %t/program 20 2>&1 | FileCheck %t/common.h --check-prefix=L20
// L20: error: deadlock in program 1: every thread that is left waits
// L20-NEXT: core (0,0): kernel 'left' (ncrisc): left.cpp:{{7[0-9]}}: cb_{{.*}}: goes on and on, and nobody notices
// RUN: env TESSERA_THREADS=1 %t/program 7 | FileCheck %t/common.h --check-prefix=ENDED
// RUN: env TESSERA_THREADS=4 %t/program 7 | FileCheck %t/common.h --check-prefix=ENDED
// RUN: %t/program 8 | FileCheck %t/common.h --check-prefix=ENDED
// RUN: not %t/program 9 2>&1 | FileCheck %t/common.h --check-prefix=STACK
// RUN: not %t/program 10 2>&1 | FileCheck %t/common.h --check-prefix=STACK
// STACK: error: program 1, core (0,0), kernel 'left' (ncrisc): {{(.*common.h:14: the stack after this call|the stack)}}: takes {{[0-9]+}} B, but the processor has 4096 B for variables and stack: larger data belong in L1
// RUN: not %t/program 11 2>&1 | FileCheck %t/common.h --check-prefix=FRAME
// FRAME: error: kernel 'left' (ncrisc) does not compile:
// FRAME: left.cpp:{{.*(is larger than 65536 bytes|exceeds limit)}}
// RUN: %t/program 12 | FileCheck %t/common.h --check-prefix=ENDED
// RUN: %t/program 13 | FileCheck %t/common.h --check-prefix=ENDED
// ENDED: ended
//--- left.cpp
#include "common.h"

uint32_t sum_of(const uint32_t *words, uint32_t count) {
  volatile uint32_t copy[8];
  copy[count % 8] = words[count % 8];
  return count ? copy[count % 8] + sum_of(words, count - 1) * 3 : 0;
}

template <uint32_t count> void fill() {
  volatile uint32_t words[count];
  for (uint32_t i = 0; i < count; ++i) {
    words[i] = i;
  }
}

void kernel_main() {
  if (what == 14) {
    spend(15000000);
  }
  if (what == 1) {
    for (volatile uint32_t i = 0;; i = i + 1) {
    }
  }
  word *first = semaphore(0);
  word *second = semaphore(1);
  word *third = semaphore(2);
  switch (what) {
  case 3:
    while (*first == 0 && *second == 0) {
      *third = 7;
    }
    break;
  case 5:
    while (*first == 0) {
      get_write_ptr(0);
    }
    break;
  case 6:
    while (*first == 0) {
      noc_async_read(get_noc_addr(right_x, right_y, get_semaphore(0)),
                     get_semaphore(0), 4);
      noc_async_read_barrier();
    }
    break;
  case 15:
    do {
      *second = *second + 1;
    } while (*second != 0);
    break;
  case 16:
    while (*first == 0) {
      noc_semaphore_set(second, 5);
    }
    break;
  case 17:
    while (*first == 0) {
      noc_semaphore_inc(get_noc_addr(right_x, right_y, get_semaphore(1)), 1);
      noc_async_atomic_barrier();
    }
    break;
  case 18:
    for (;;) {
    }
  case 19:
    while (*first == 0) {
      noc_async_write(get_write_ptr(0),
                      get_noc_addr(right_x, right_y, get_write_ptr(0)), 64);
      noc_async_write_barrier();
    }
    break;
  case 20:
    while (*first == 0) {
      cb_reserve_back(0, 1);
      cb_push_back(0, 1);
      cb_wait_front(0, 1);
      cb_pop_front(0, 1);
    }
    break;
  case 21:
  case 22:
    // The line appears when a turn of all cores is over.
    DPRINT << "begun" << ENDL();
    noc_semaphore_inc(get_noc_addr(right_x, right_y, get_semaphore(1)), 1);
    noc_async_atomic_barrier();
    for (;;) {
      if (what == 22) {
        spend(1);
      }
    }
  case 7:
    while (*first == 0 || *second == 0) {
      get_write_ptr(0);
    }
    break;
  case 8:
    take_turns(first, second);
    break;
  case 9: {
    const uint32_t words[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    *third = sum_of(words, 100000);
    break;
  }
  case 10:
    fill<6000>();
    break;
  case 11:
    fill<what == 11 ? 100000 : 1>();
    break;
  case 12:
    spend(20000000);
    break;
  case 13:
    fill<800>();
    break;
  default:
    break;
  }
}
//--- helper.cpp
#include "common.h"

void kernel_main() {
  if (what == 8) {
    word *own = semaphore(1);
    word *other = semaphore(0);
    for (uint32_t i = 1; i <= 30000; ++i) {
      while (*other < i || *own == 0xffffffff) {
      }
      *own = i;
    }
  }
}
//--- right.cpp
#include "common.h"

volatile uint32_t number;

void kernel_main() {
  if (what == 23) {
    count_on(number);
  }
  if (what == 18) {
    for (;;) {
    }
  }
  if (what == 7) {
    for (uint32_t i = 0; i < 2; ++i) {
      spend(3000000);
      noc_semaphore_inc(get_noc_addr(left_x, left_y, get_semaphore(i)), 1);
      noc_async_atomic_barrier();
    }
  }
}
