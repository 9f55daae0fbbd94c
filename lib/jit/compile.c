// From LLVM IR to machine code for this machine.

#include "jit.h"

#include "tessera/version.h"

#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include <pthread.h>
#include <string.h>
#include <unistd.h>

static const char pipeline[] = "default<O2>";

// -- the machine --------------------------------------------------------------

static void register_target(void) {
  LLVMInitializeNativeTarget();
  LLVMInitializeNativeAsmPrinter();
}

tsr_result host_machine_init(host_machine *host, char **out_error) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_target);
  host->triple = tsr_mem_check(LLVMGetDefaultTargetTriple());
  host->cpu = tsr_mem_check(LLVMGetHostCPUName());
  host->features = tsr_mem_check(LLVMGetHostCPUFeatures());
  return LLVMGetTargetFromTriple(host->triple, &host->target, out_error)
             ? TSR_FAILED
             : TSR_OK;
}

void host_machine_deinit(host_machine *host) {
  LLVMDisposeMessage(host->triple);
  LLVMDisposeMessage(host->cpu);
  LLVMDisposeMessage(host->features);
}

void print_identity(const host_machine *host, tsr_buffer *out) {
  unsigned major, minor, patch;
  LLVMGetVersion(&major, &minor, &patch);
  tsr_buffer_printf(out, "tessera %s, LLVM %u.%u.%u, %s, %s, %s, %s\n",
                    TSR_VERSION, major, minor, patch, pipeline, host->triple,
                    host->cpu, host->features);
}

// -- one unit -----------------------------------------------------------------

static bool optimise(unit *u, LLVMTargetMachineRef machine) {
  LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
  LLVMErrorRef error = LLVMRunPasses(u->module, pipeline, machine, options);
  LLVMDisposePassBuilderOptions(options);
  if (!error)
    return true;
  char *message = LLVMGetErrorMessage(error);
  u->error = tsr_mem_check(LLVMCreateMessage(message));
  LLVMDisposeErrorMessage(message);
  return false;
}

static void compile_unit(const host_machine *host, unit *u) {
  LLVMTargetMachineRef machine = LLVMCreateTargetMachine(
      host->target, host->triple, host->cpu, host->features,
      LLVMCodeGenLevelDefault, LLVMRelocPIC, LLVMCodeModelDefault);
  LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
  LLVMSetModuleDataLayout(u->module, layout);
  LLVMSetTarget(u->module, host->triple);
  if (optimise(u, machine))
    LLVMTargetMachineEmitToMemoryBuffer(machine, u->module, LLVMObjectFile,
                                        &u->error, &u->object);
  if (!u->error)
    tsr_mem_check(u->object);
  LLVMDisposeTargetData(layout);
  LLVMDisposeTargetMachine(machine);
}

// -- all of them --------------------------------------------------------------

// Units that wait for a processor.
typedef struct queue {
  const host_machine *host;
  unit *units;
  size_t count, next;
  pthread_mutex_t lock;
  tsr_undo *half_done; // of the thread that waits
} queue;

static unit *take_unit(queue *q) {
  unit *taken = NULL;
  pthread_mutex_lock(&q->lock);
  while (q->next < q->count && !taken) {
    unit *u = &q->units[q->next++];
    taken = u->object ? NULL : u;
  }
  pthread_mutex_unlock(&q->lock);
  return taken;
}

static void work(queue *q) {
  for (unit *u = take_unit(q); u; u = take_unit(q))
    compile_unit(q->host, u);
}

static void *help(void *argument) {
  queue *q = argument;
  tsr_llvm_enter_for(q->half_done);
  work(q);
  tsr_llvm_leave();
  return NULL;
}

void compile_units(const host_machine *host, unit *units, size_t count) {
  enum { MAX_HELPERS = 15 };
  queue q = {.host = host,
             .units = units,
             .count = count,
             .half_done = tsr_llvm_undo_list()};
  size_t todo = 0;
  for (size_t i = 0; i < count; i++)
    todo += !units[i].object;
  pthread_mutex_init(&q.lock, NULL);
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  pthread_t helpers[MAX_HELPERS];
  size_t started = 0;
  // This thread is one of them. Without helpers it only takes longer.
  while (started + 1 < todo && started < MAX_HELPERS &&
         (long)started + 1 < processors &&
         pthread_create(&helpers[started], NULL, help, &q) == 0)
    started++;
  work(&q);
  for (size_t i = 0; i < started; i++)
    pthread_join(helpers[i], NULL);
  pthread_mutex_destroy(&q.lock);
}
