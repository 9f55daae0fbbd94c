// RUN: rm -rf %t && split-file %s %t
// RUN: %metalium -DKERNEL_DIR='"%t"' %t/main.cpp -o %t/program %lib
// How kernels become code: the cache goes by their text, their own headers and
// their arguments; what does not compile is shown.
//--- main.cpp
#include "harness.hpp"

#include <cstdlib>

using namespace harness;

int main(int, char **argv) {
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  CreateKernel(program, std::string(KERNEL_DIR "/") + argv[1], CoreCoord(0, 0),
               DataMovementConfig{.compile_args = {4, 5},
                                  .defines = {{"WANT", "3"}},
                                  .named_compile_args = {{"size", 9}}});
  launch(*device, std::move(program));
  std::printf("ran\n");
  return 0;
}
//--- own.hpp
constexpr uint32_t want = WANT;
//--- good.cpp
#include <cstdint>

#include "own.hpp"

static_assert(want == 3 && get_compile_time_arg_val(1) == 5);

void kernel_main() {
  constexpr uint32_t size = get_named_compile_time_arg_val("size");
  static_assert(size == 9 && kernel_compile_time_args.size() == 2);
}
//--- bad.cpp
#include <cstdint>

void kernel_main() {
  uint32_t wide = 1;
  int narrow{wide};
}
//--- signs.cpp
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  for (int i = 0; i < get_arg_val<uint32_t>(0); ++i) {
  }
}
//--- beyond.cpp
#include "api/dataflow/dataflow_api.h"

void kernel_main() { cb_reserve_back(get_compile_time_arg_val(2), 1); }
//--- names.cpp
#define WANT 5
void kernel_main() {}
//--- exits.cpp
#include <cstdlib>
void kernel_main() { exit(0); }
//--- aborts.cpp
#include <cstdlib>
void kernel_main() { abort(); }
//--- asserts.cpp
#include <cassert>
void kernel_main() { assert(1 == 2); }
//--- slow
#!/bin/sh
# A compiler in which the program that waits for it is told to end.
kill -TERM $PPID
sleep 0.1
exec c++ "$@"
//--- nothing.cpp
int other() { return 1; }
//--- checks

// RUN: env TESSERA_CACHE=%t/cache %t/program good.cpp | FileCheck %t/checks --check-prefix=RAN
// RAN: ran
// RUN: ls %t/cache/kernels | FileCheck %t/checks --check-prefix=ONE
// ONE: .so
// ONE-NOT: {{.}}

// The second run compiles nothing.
// RUN: env TESSERA_CACHE=%t/cache %t/program good.cpp | FileCheck %t/checks --check-prefix=RAN
// RUN: ls %t/cache/kernels | FileCheck %t/checks --check-prefix=ONE

// A change of the kernel's own header is seen.
// RUN: echo "constexpr uint32_t want = WANT + 1;" > %t/own.hpp
// RUN: not env TESSERA_CACHE=%t/cache %t/program good.cpp 2>&1 | FileCheck %t/checks --check-prefix=HEADER
// HEADER: error: kernel 'good' (brisc) does not compile:
// HEADER-NEXT: good.cpp:5:{{[0-9]+: error: (static assertion|static_assert)}} failed

// RUN: not %t/program bad.cpp 2>&1 | FileCheck %t/checks --check-prefix=BAD
// BAD: error: kernel 'bad' (brisc) does not compile:
// BAD: bad.cpp:5:{{.*(narrowing conversion|cannot be narrowed)}}
// RUN: not %t/program signs.cpp 2>&1 | FileCheck %t/checks --check-prefix=SIGNS
// SIGNS: signs.cpp:4:{{.*(comparison of integer expressions of different signedness|comparison of integers of different signs)}}
// RUN: not %t/program beyond.cpp 2>&1 | FileCheck %t/checks --check-prefix=BEYOND
// BEYOND: compile-time argument index out of range
// Where a kernel's text goes wrong in what stands before it, no name of a
// temporary file is shown.
// RUN: not env TESSERA_CACHE=%t/cache %t/program names.cpp 2>&1 | FileCheck %t/checks --check-prefix=NAMES
// NAMES-NOT: {{tessera-......./}}
// NAMES: <before names.cpp>:{{[0-9]+}}:{{.*(this is the location of the previous definition|previous definition is here)}}
// NAMES-NOT: {{tessera-......./}}
// RUN: ls %t/cache/kernels | FileCheck %t/checks --check-prefix=ONE
// A kernel does not end the program.
// RUN: not env TESSERA_CACHE=%t/cache %t/program exits.cpp 2>&1 | FileCheck %t/checks --check-prefix=EXITS
// EXITS: error: program 1, core (0,0), kernel 'exits' (brisc): exit: a kernel has no process to end: return from kernel_main
// RUN: not env TESSERA_CACHE=%t/cache %t/program aborts.cpp 2>&1 | FileCheck %t/checks --check-prefix=ABORTS
// ABORTS: error: program 1, core (0,0), kernel 'aborts' (brisc): abort: a kernel has no process to end: return from kernel_main
// RUN: not env TESSERA_CACHE=%t/cache %t/program asserts.cpp 2>&1 | FileCheck %t/checks --check-prefix=ASSERTS
// ASSERTS: error: program 1, core (0,0), kernel 'asserts' (brisc): asserts.cpp:2: assert: 1 == 2
// RUN: not %t/program nothing.cpp 2>&1 | FileCheck %t/checks --check-prefix=NOTHING
// NOTHING: error: kernel 'nothing' (brisc) has no void kernel_main()
// RUN: not %t/program absent.cpp 2>&1 | FileCheck %t/checks --check-prefix=ABSENT
// ABSENT: error: kernel file '{{.*}}absent.cpp' does not exist
// RUN: not env TESSERA_CXX=no-such-compiler %t/program good.cpp 2>&1 | FileCheck %t/checks --check-prefix=CXX
// CXX: error: TESSERA_CXX names the compiler 'no-such-compiler', which cannot be run
// A compiler that does nothing is not the loader's trouble.
// RUN: not env TESSERA_CACHE=%t/cache2 TESSERA_CXX=/bin/true %t/program good.cpp 2>&1 | FileCheck %t/checks --check-prefix=TRUE
// TRUE: error: kernel 'good' (brisc): the compiler /bin/true has succeeded, and there is no object
// RUN: not env TESSERA_CACHE=%t/cache2 TESSERA_CXX=/bin/false %t/program good.cpp 2>&1 | FileCheck %t/checks --check-prefix=FALSE
// FALSE: error: kernel 'good' (brisc) does not compile:
// FALSE-NEXT: the compiler /bin/false has failed, and said nothing: a full disk in '{{.*}}'? TMPDIR names another folder

// Where kernels cannot be kept they are compiled each time, in a folder that goes.
// RUN: mkdir %t/tmp && touch %t/file
// RUN: echo "constexpr uint32_t want = WANT;" > %t/own.hpp
// RUN: env TMPDIR=%t/tmp TESSERA_CACHE=/proc/nowhere %t/program good.cpp | FileCheck %t/checks --check-prefix=RAN
// RUN: env TMPDIR=%t/tmp TESSERA_CACHE=/proc/nowhere %t/program good.cpp | FileCheck %t/checks --check-prefix=RAN
// RUN: env TMPDIR=%t/tmp TESSERA_CACHE=%t/file %t/program good.cpp | FileCheck %t/checks --check-prefix=RAN
// RUN: env TMPDIR=%t/tmp TESSERA_CACHE=/dev/full %t/program good.cpp | FileCheck %t/checks --check-prefix=RAN
// RUN: not env TMPDIR=%t/tmp TESSERA_CACHE=/proc/nowhere %t/program bad.cpp 2>&1 | FileCheck %t/checks --check-prefix=BAD
// Without a temporary folder, the cache's serves.
// RUN: env TMPDIR=/proc/nowhere TESSERA_CACHE=%t/cache3 %t/program good.cpp | FileCheck %t/checks --check-prefix=RAN
// RUN: ls %t/cache3/kernels | FileCheck %t/checks --check-prefix=ONE
// What is there is used, also where nothing can be written (but by root).
// RUN: chmod a-w %t/cache3/kernels
// RUN: env TMPDIR=%t/tmp TESSERA_CACHE=%t/cache3 %t/program good.cpp | FileCheck %t/checks --check-prefix=RAN
// RUN: not env TMPDIR=%t/tmp TESSERA_CACHE=%t/cache3 %t/program exits.cpp 2>&1 | FileCheck %t/checks --check-prefix=EXITS
// RUN: chmod u+w %t/cache3/kernels
// Nor does Ctrl-C, or being told to end, leave anything.
// RUN: chmod +x %t/slow
// RUN: %python %root/test/tools/exit-code.py -15 env TMPDIR=%t/tmp TESSERA_CACHE=/proc/nowhere TESSERA_CXX=%t/slow %t/program good.cpp
// RUN: not ls %t/tmp/*
// RUN: not env TMPDIR=/proc/nowhere TESSERA_CACHE=%t/file %t/program good.cpp 2>&1 | FileCheck %t/checks --check-prefix=NOWHERE
// NOWHERE: error: cannot make a folder in '/proc/nowhere': No such file or directory; TMPDIR names another one
