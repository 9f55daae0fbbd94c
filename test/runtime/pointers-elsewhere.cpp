// RUN: %parts
// Pointers that lead to other cores or to where no word starts, atomic
// accesses, and static variables that are given their values when reached.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  const auto what = static_cast<uint32_t>(std::atoi(argv[1]));
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  const CoreRange both({0, 0}, {1, 0});
  add_cb(program, both, 0, tt::DataFormat::Float16_b, 2);
  for (int i = 0; i < 2; ++i)
    CreateSemaphore(program, both, 0);
  CreateKernel(program, KERNEL_DIR "/stray.cpp", both,
               ReaderDataMovementConfig({what}));
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(device->shape()),
                       std::move(program));
  for (int launch = 0; launch < 2; ++launch)
    distributed::EnqueueMeshWorkload(device->mesh_command_queue(), workload,
                                     true);
  std::printf("ended\n");
  return 0;
}
//--- stray.cpp
#include <cstdint>

#include "api/dataflow/dataflow_api.h"

using word = volatile tt_l1_ptr uint32_t;

constexpr uint32_t what = get_compile_time_arg_val(0);

word *at(uint32_t address) { return reinterpret_cast<word *>(address); }

template <typename T> void count() {
  T *place = reinterpret_cast<T *>(get_write_ptr(0));
  __atomic_store_n(place, T(5), __ATOMIC_RELEASE);
  T seen = __atomic_fetch_add(place, T(7), __ATOMIC_RELAXED);
  DPRINT << uint32_t(seen) << " ";
  seen = __atomic_fetch_sub(place, T(2), __ATOMIC_RELAXED);
  DPRINT << uint32_t(seen) << " ";
  seen = __atomic_fetch_and(place, T(14), __ATOMIC_RELAXED);
  DPRINT << uint32_t(seen) << " ";
  seen = __atomic_fetch_or(place, T(1), __ATOMIC_RELAXED);
  DPRINT << uint32_t(seen) << " ";
  seen = __atomic_fetch_xor(place, T(3), __ATOMIC_RELAXED);
  DPRINT << uint32_t(seen) << " ";
  seen = __atomic_fetch_nand(place, T(8), __ATOMIC_RELAXED);
  DPRINT << uint32_t(seen) << " ";
  seen = __atomic_exchange_n(place, T(40), __ATOMIC_ACQ_REL);
  DPRINT << uint32_t(T(~seen)) << " ";
  T expected = 41;
  const bool first = __atomic_compare_exchange_n(
      place, &expected, T(42), false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
  const bool second = __atomic_compare_exchange_n(
      place, &expected, T(42), true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
  __sync_synchronize();
  DPRINT << uint32_t(first) << uint32_t(second) << " "
         << uint32_t(__atomic_load_n(place, __ATOMIC_ACQUIRE)) << ENDL();
}

struct started {
  uint32_t x, turns = 0;
  started() : x(get_absolute_logical_x() + 10) {}
};

uint32_t turns() {
  static started once;
  return once.x * 100 + ++once.turns;
}

void kernel_main() {
  const uint32_t x = get_absolute_logical_x();
  const uint32_t own = get_semaphore(0);
  const uint32_t page = get_write_ptr(0);
  switch (what) {
  case 1:
    if (x == 0) {
      for (uint32_t i = 1; i < 1000; ++i) {
        *at(own + (2u << 20)) = i;
      }
    }
    break;
  case 2:
    if (x == 1) {
      noc_semaphore_set(at(own), *at(own - (2u << 20)));
    }
    break;
  case 3:
    *at(own + (40u << 20)) = 5;
    break;
  case 4:
    *at(0x16e000 + (own & ~0x1fffffu)) = 5;
    break;
  case 5:
    if (x == 0) {
      __atomic_fetch_add(reinterpret_cast<uint32_t *>(page + (2u << 20)), 1u,
                         __ATOMIC_RELAXED);
    }
    break;
  case 6:
    cb_reserve_back(0, 1);
    *at(page + 2) = 5;
    break;
  case 7:
    cb_reserve_back(0, 1);
    *at(page) = *reinterpret_cast<volatile uint16_t *>(page + 1);
    break;
  case 8: {
    // Words that may lie anywhere, and that the compiler knows of.
    struct __attribute__((packed)) loose {
      uint8_t tag;
      uint32_t value;
      uint64_t more;
    };
    volatile loose *in = reinterpret_cast<volatile loose *>(page);
    in->value = 7;
    in->more = in->value;
    *reinterpret_cast<volatile uint64_t *>(page + 20) = in->more;
    break;
  }
  case 9: {
    volatile uintptr_t far = 0x123456789000;
    *reinterpret_cast<word *>(far) = 1;
    break;
  }
  case 10:
    noc_semaphore_inc(get_noc_addr(own + 2), 1);
    noc_async_atomic_barrier();
    break;
  case 11:
    noc_inline_dw_write(get_noc_addr(own + 2), 1);
    noc_async_write_barrier();
    break;
  case 12:
    count<uint8_t>();
    count<uint16_t>();
    count<uint32_t>();
    count<uint64_t>();
    break;
  case 13:
    turns();
    DPRINT << turns() << ENDL();
    break;
  }
}

// RUN: not env TESSERA_THREADS=1 %t/program 1 2>&1 | FileCheck %t/stray.cpp --check-prefix=E1
// RUN: not env TESSERA_THREADS=2 %t/program 1 2>&1 | FileCheck %t/stray.cpp --check-prefix=E1
// RUN: not env TESSERA_STRICT=off %t/program 1 2>&1 | FileCheck %t/stray.cpp --check-prefix=E1
// E1: error: program 1, core (0,0), kernel 'stray' (ncrisc): stray.cpp:51: a pointer used after this call: accesses address 0x8120 of the L1 of core (1,0), but a pointer leads to its own core's only: others are reached over the NoC
// RUN: not %t/program 2 2>&1 | FileCheck %t/stray.cpp --check-prefix=E2
// E2: core (1,0), kernel 'stray' (ncrisc): stray.cpp:51: a pointer used after this call: accesses address 0x{{[0-9a-f]+}} of the L1 of core (0,0), but
// RUN: not %t/program 3 2>&1 | FileCheck %t/stray.cpp --check-prefix=E3
// E3: core (0,0), kernel 'stray' (ncrisc): stray.cpp:51: a pointer used after this call: accesses address 0x{{[0-9a-f]+}} of the L1 of core (4,2), but
// RUN: not %t/program 4 2>&1 | FileCheck %t/stray.cpp --check-prefix=E4
// E4: core (0,0), kernel 'stray' (ncrisc): stray.cpp:51: a pointer used after this call: accesses address 0x16e000, which is not in its L1
// RUN: not %t/program 5 2>&1 | FileCheck %t/stray.cpp --check-prefix=E5
// E5: core (0,0), kernel 'stray' (ncrisc): stray.cpp:51: a pointer used after this call: accesses address 0x{{[0-9a-f]+}} of the L1 of core (1,0), but
// RUN: not %t/program 6 2>&1 | FileCheck %t/stray.cpp --check-prefix=E6
// RUN: env TESSERA_STRICT=warn %t/program 6 2>&1 | FileCheck %t/stray.cpp --check-prefix=E6
// E6: core (0,0), kernel 'stray' (ncrisc): stray.cpp:78: a pointer used after this call: address 0x{{[0-9a-f]+}} is no multiple of 4: the processors load and store there byte by byte only
// RUN: not %t/program 7 2>&1 | FileCheck %t/stray.cpp --check-prefix=E7
// E7: stray.cpp:82: a pointer used after this call: address 0x{{[0-9a-f]+}} is no multiple of 2: the processors load and store there byte by byte only
// RUN: %t/program 8 2>&1 | FileCheck %t/stray.cpp --check-prefix=ENDED
// RUN: not %t/program 9 2>&1 | FileCheck %t/stray.cpp --check-prefix=E9
// E9: core (0,0), kernel 'stray' (ncrisc): accesses memory that is neither its L1 nor one of its variables; its last call was get_write_ptr at stray.cpp:51
// RUN: not %t/program 10 2>&1 | FileCheck %t/stray.cpp --check-prefix=E10
// E10: stray.cpp:104: noc_semaphore_inc: a semaphore increment needs an address that is a multiple of 4, but it is 0x{{[0-9a-f]+}}2{{$}}
// RUN: not %t/program 11 2>&1 | FileCheck %t/stray.cpp --check-prefix=E11
// E11: stray.cpp:108: noc_inline_dw_write: a word write needs an address that is a multiple of 4, but it is 0x{{[0-9a-f]+}}2{{$}}
// RUN: env TT_METAL_DPRINT_CORES="(0,0)" %t/program 12 2>&1 | FileCheck %t/stray.cpp --check-prefix=E12
// E12-COUNT-8: 5 12 10 10 11 8 8 01 42
// E12: ended
// RUN: env TT_METAL_DPRINT_CORES=all %t/program 13 2>&1 | FileCheck %t/stray.cpp --check-prefix=E13
// E13: (x=0,y=0):NC: 1002
// E13: (x=1,y=0):NC: 1102
// E13: (x=0,y=0):NC: 1002
// E13: (x=1,y=0):NC: 1102
// E13: ended
// ENDED: ended
