// RUN: %parts
// What the host has and no processor of the chip: an error before the kernel
// runs, by name, and by line where the kernel names it itself.
// RUN: not %t/program cstdlib 'if (system("echo OOPS")) { return; }' > %t/system 2>&1
// RUN: FileCheck %t/main.cpp --check-prefix=SYSTEM < %t/system
// RUN: not %t/program unistd.h 'fork()' 2>&1 | FileCheck %t/main.cpp --check-prefix=FORK
// RUN: not %t/program unistd.h 'const char *text = "close(1"; close(text[0])' 2>&1 | FileCheck %t/main.cpp --check-prefix=CLOSE
// RUN: not %t/program csignal 'raise(11)' 2>&1 | FileCheck %t/main.cpp --check-prefix=RAISE
// RUN: not %t/program thread 'std::thread one([] {}); one.join()' 2>&1 | FileCheck %t/main.cpp --check-prefix=THREAD
// RUN: not %t/program vector 'std::vector<uint32_t> many(get_arg_val<uint32_t>(0)); many.clear()' 2>&1 | FileCheck %t/main.cpp --check-prefix=VECTOR
// RUN: not %t/program cstdint 'volatile uint32_t *many = new uint32_t[get_arg_val<uint32_t>(0)]; many[0] = 1' 2>&1 | FileCheck %t/main.cpp --check-prefix=NEW
// RUN: not %t/program cstdlib 'void *volatile many = malloc(8); (void)many' 2>&1 | FileCheck %t/main.cpp --check-prefix=MALLOC
// RUN: not %t/program cstdio 'printf("text\n")' 2>&1 | FileCheck %t/main.cpp --check-prefix=PRINTF
// RUN: not %t/program iostream 'std::cout << 1' 2>&1 | FileCheck %t/main.cpp --check-prefix=COUT
// RUN: not %t/program csetjmp 'jmp_buf at; if (setjmp(at) == 0) { longjmp(at, 1); }' 2>&1 | FileCheck %t/main.cpp --check-prefix=JUMP
// RUN: not %t/program own.h 'wait_a_second()' 2>&1 | FileCheck %t/main.cpp --check-prefix=OWN
// RUN: not %t/program cstdlib "uint32_t many = 1'000; if (many) { system(nullptr); }" 2>&1 | FileCheck %t/main.cpp --check-prefix=SYSTEM
// RUN: not %t/program cstdlib 'char text[] = "1.5"; volatile double x = strtod(text, nullptr); (void)x' 2>&1 | FileCheck %t/main.cpp --check-prefix=STRTOD
// RUN: not %t/program cstring 'char text[] = "1.5"; volatile char *x = strdup(text); (void)x' 2>&1 | FileCheck %t/main.cpp --check-prefix=STRDUP
// RUN: not %t/program cerrno 'errno = 0' 2>&1 | FileCheck %t/main.cpp --check-prefix=ERRNO
// RUN: not %t/program cfenv 'fesetround(FE_UPWARD)' 2>&1 | FileCheck %t/main.cpp --check-prefix=ROUND
// RUN: not %t/program math.h 'volatile int x = signgam; (void)x' 2>&1 | FileCheck %t/main.cpp --check-prefix=SIGN
// What only computes is on the chip as well.
// RUN: %t/program cmath 'float x = get_arg_val<uint32_t>(0); volatile float y = sinf(x) + std::pow(x, 1.5f) + std::fmod(x, 3.0f); (void)y' | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: %t/program cstring 'char text[9] = "tessera"; if (strlen(text) != 7 || memcmp(text, "tess", 4) || strchr(text, 120)) { abort(); }' | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: %t/program algorithm 'uint32_t all[] = {3, 1, 2}; std::sort(all, all + 3); if (all[0] != 1) { abort(); }' | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: %t/program cstdint 'uint64_t x = get_arg_val<uint32_t>(0); volatile unsigned __int128 y = ((unsigned __int128)x << 70) / (x + 1); (void)y' | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: %t/program own_math.h 'compute_long(get_arg_val<uint32_t>(0))' | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: %t/program own_text.h 'read_text(get_arg_val<uint32_t>(0))' | FileCheck %t/main.cpp --check-prefix=RAN
// Nor is what flags make compilers insert. Undefined behaviour is a trap.
// RUN: env TESSERA_CXXFLAGS=-D_FORTIFY_SOURCE=2 %t/program own_text.h 'move_text(get_arg_val<uint32_t>(0))' | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: env TESSERA_CXXFLAGS=-fsanitize=undefined %t/program own_math.h 'add_large(7)' | FileCheck %t/main.cpp --check-prefix=RAN
// RUN: not env TESSERA_CXXFLAGS=-fsanitize=undefined %t/program own_math.h 'add_large(2147483647)' 2>&1 | FileCheck %t/main.cpp --check-prefix=TRAP
//--- main.cpp
#include "harness.hpp"

#include <fstream>

using namespace harness;

int main(int, char **argv) {
  std::ofstream(KERNEL_DIR "/reader.cpp")
      << "#include <stdint.h>\n#include \"" << argv[1]
      << "\"\n#include <cstdlib>\nvoid kernel_main() {\n  " << argv[2]
      << ";\n}\n";
  auto device = distributed::MeshDevice::create_unit_mesh(0);
  Program program = CreateProgram();
  KernelHandle reader =
      CreateKernel(program, KERNEL_DIR "/reader.cpp", CoreCoord(0, 0),
                   ReaderDataMovementConfig());
  SetRuntimeArgs(program, reader, CoreCoord(0, 0), {7});
  launch(*device, std::move(program));
  std::printf("ran\n");
  return 0;
}
// RAN: ran
// SYSTEM-NOT: {{^}}OOPS
// SYSTEM: error: {{.*}}reader.cpp:5: kernel 'reader' (ncrisc) uses 'system', which is outside of the model's surface: a processor of the chip has no operating system, heap, files or threads; docs/model.md, "Surface", lists what kernels may call
// FORK: reader.cpp:5: kernel 'reader' (ncrisc) uses 'fork', which
// CLOSE: reader.cpp:5: kernel 'reader' (ncrisc) uses 'close', which
// RAISE: reader.cpp:5: kernel 'reader' (ncrisc) uses 'raise', which
// THREAD: reader.cpp:5: kernel 'reader' (ncrisc) uses 'std::thread::
// VECTOR: error: kernel 'reader' (ncrisc) uses 'operator new(unsigned long)', which
// NEW: reader.cpp:5: kernel 'reader' (ncrisc) uses 'operator new[](unsigned long)', which
// MALLOC: reader.cpp:5: kernel 'reader' (ncrisc) uses 'malloc', which
// PRINTF: reader.cpp:5: kernel 'reader' (ncrisc) uses 'printf', which
// COUT: reader.cpp:5: kernel 'reader' (ncrisc) uses 'std::cout', which
// JUMP: reader.cpp:5: kernel 'reader' (ncrisc) uses '{{_setjmp|longjmp}}', which
// STRTOD: reader.cpp:5: kernel 'reader' (ncrisc) uses 'strtod', which
// STRDUP: reader.cpp:5: kernel 'reader' (ncrisc) uses 'strdup', which
// ERRNO: reader.cpp:5: kernel 'reader' (ncrisc) uses '__errno_location', which
// ROUND: reader.cpp:5: kernel 'reader' (ncrisc) uses 'fesetround', which
// SIGN: reader.cpp:5: kernel 'reader' (ncrisc) uses '{{_*}}signgam', which
// TRAP: error: program 1, core (0,0), kernel 'reader' (ncrisc): {{.*}}runs into a trap
// OWN: own.h:3: kernel 'reader' (ncrisc) uses 'sleep', which
//--- own.h
#include <unistd.h>

inline void wait_a_second() { sleep(1); }
//--- own_math.h
#include <cmath>
#include <cstdlib>

// Also where only compilers with a `float` for it have the function.
inline void compute_long(volatile uint32_t one) {
  volatile float x = one;
  volatile long double y = sinl(x) + cosl(x) + j0(x) + cbrtl(x);
  y = y + nexttowardf(x, y) + roundevenf(x) + lgammaf(x);
  y = y + std::nan("") + nanf(one ? "1" : "2") + std::isnan(x);
  y = y + std::fpclassify(y);
}

inline void add_large(int one) {
  volatile int x = one;
  x = x + 1;
}
//--- own_text.h
#include <algorithm>
#include <cctype>
#include <cinttypes>
#include <cstdlib>
#include <cstring>

inline int compare(const void *left, const void *right) {
  return *static_cast<const int *>(left) - *static_cast<const int *>(right);
}

inline void read_text(uint32_t seven) {
  char text[] = "12 -0x30 Z", *end = nullptr, *kept = nullptr;
  text[1] = static_cast<char>('0' + seven);
  int all[] = {static_cast<int>(strtoul(text, &end, 0)),
               static_cast<int>(strtoll(end, &end, 0)), atoi(text) - 16};
  qsort(all, 3, sizeof all[0], compare);
  const void *found = bsearch(&all[1], all, 3, sizeof all[0], compare);
  const char *word = strtok_r(end, " ", &kept);
  if (all[0] != -48 || all[1] != 1 || all[2] != 17 || found != all + 1 ||
      !isupper(*word) || tolower(*word) != 'z' || strcasecmp(word, "z") ||
      strtoimax(text, nullptr, 8) != 15) {
    abort();
  }
}

inline void move_text(uint32_t count) {
  char text[16] = "tessera", copy[16];
  memmove(text + 1, text, count);
  strcpy(copy, text + 1);
  if (strcmp(copy, "tessera")) {
    abort();
  }
}
