// What would end the host's program, which is the chip's as well: kernels are
// linked so that their calls of it come here (compiler.cpp).

#include "tessera/sim_calls.h"

namespace {

[[noreturn]] void refuse(const char *call) {
  tsr_sim_fail(call, "a kernel has no process to end: return from kernel_main",
               {nullptr, 0, 0});
}

} // namespace

extern "C" {
[[noreturn]] void __wrap_exit(int) { refuse("exit"); }
[[noreturn]] void __wrap__exit(int) { refuse("_exit"); }
[[noreturn]] void __wrap__Exit(int) { refuse("_Exit"); }
[[noreturn]] void __wrap_quick_exit(int) { refuse("quick_exit"); }
[[noreturn]] void __wrap_abort() { refuse("abort"); }

[[noreturn]] void __wrap___assert_fail(const char *condition, const char *file,
                                       unsigned line, const char *) {
  tsr_sim_fail("assert", condition, {file, line, 0});
}
}
