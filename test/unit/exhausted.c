// UNSUPPORTED: sanitizers
// RUN: env LD_PRELOAD=%unit/starve.so %unit/exhausted

// A program that goes on when the library runs out of memory, wherever that is:
// its handler jumps out of the call, what the call had is destroyed, and
// another context gives what the first would have given.

#include "tessera/compile.h"
#include "tessera/memory.h"
#include "tessera/registry.h"
#include "tessera/text.h"

#include "check.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <string.h>

static const char text[] =
    "func @f(%a: tensor<32x32xbf16>) -> tensor<32x32xbf16> {\n"
    "  %b = tensor.relu %a : tensor<32x32xbf16>\n"
    "  return %b\n"
    "}\n";

// Everything there is at one moment.
typedef struct host {
  jmp_buf out;
  tsr_context *context;
  tsr_diag *diag;
  tsr_registry *registry;
  tsr_module *module;
  tsr_arena arena;
  tsr_buffer printed;
  tsr_artifacts files;
} host;

static void leave(void *user, size_t bytes) {
  host *h = user;
  (void)bytes;
  longjmp(h->out, 1);
}

static bool compile(host *h) {
  tsr_target target;
  tsr_pipeline pipeline = {NULL, 0};
  h->context = tsr_context_create();
  h->diag = tsr_diag_create();
  h->registry = tsr_registry_create();
  tsr_registry_add_builtin(h->registry);
  h->module = tsr_module_load(h->context, "f.tt", text, strlen(text), NULL,
                              h->diag, &target, NULL);
  tsr_run_options run = {.target = &target};
  const tsr_backend *all = tsr_backend_find("all");
  tsr_emit_options emit = {.target = &target,
                           .backends = &all,
                           .backend_count = 1,
                           .metalium = TSR_METALIUM_2026_08};
  if (!h->module ||
      tsr_pipeline_parse(h->registry, "test", "default", &h->arena, h->diag,
                         &pipeline) != TSR_OK ||
      tsr_pipeline_run(&pipeline, h->module, h->diag, &run) != TSR_OK ||
      tsr_module_emit(h->module, &emit, h->diag, &h->files) != TSR_OK)
    return false;
  tsr_module_print(h->module, NULL, &h->printed);
  return true;
}

static void init(host *h) {
  memset(h, 0, sizeof *h);
  tsr_arena_init(&h->arena);
  tsr_buffer_init(&h->printed);
  tsr_artifacts_init(&h->files);
}

// Of anything that was made.
static void destroy(host *h) {
  tsr_module_destroy(h->module);
  if (h->registry)
    tsr_registry_destroy(h->registry);
  if (h->diag)
    tsr_diag_destroy(h->diag);
  if (h->context)
    tsr_context_destroy(h->context);
  tsr_artifacts_deinit(&h->files);
  tsr_buffer_deinit(&h->printed);
  tsr_arena_deinit(&h->arena);
}

typedef unsigned long starve(long point, bool alone);

static starve *find_starve(void) {
  union {
    void *symbol;
    starve *call;
  } found = {dlsym(RTLD_DEFAULT, "starve_memory")};
  return found.call;
}

static host whole, cut, again;

// Returns whether there was such a point. A call that fails alone may be one
// that the library can do without.
static bool try_at(starve *call, long point, bool alone) {
  init(&cut);
  tsr_mem_set_handler(leave, &cut);
  if (setjmp(cut.out) == 0) {
    call(point, alone);
    CHECK(compile(&cut));
  }
  bool was_reached = call(-1, false) > (unsigned long)point;
  tsr_mem_set_handler(NULL, NULL);
  destroy(&cut);
  return was_reached;
}

static void check_again(void) {
  init(&again);
  CHECK(compile(&again));
  CHECK(again.printed.size == whole.printed.size);
  CHECK(memcmp(again.printed.data, whole.printed.data, whole.printed.size) ==
        0);
  destroy(&again);
}

int main(void) {
  starve *call = find_starve();
  CHECK(call != NULL);
  if (!call)
    return report_checks();
  init(&whole);
  CHECK(compile(&whole));
  // The second time some points are enough: it is the state behind that
  // differs.
  static const long steps[] = {1, 7};
  long points[] = {0, 0};
  for (int alone = 0; alone < 2; alone++)
    for (; points[alone] < 100000 && try_at(call, points[alone], alone);
         points[alone] += steps[alone])
      check_again();
  // To the end, and not at once.
  CHECK(points[0] > 100 && points[0] < 100000);
  CHECK(points[1] > 100 && points[1] < 100000);
  printf("%ld and %ld points\n", points[0], points[1]);
  destroy(&whole);
  return report_checks();
}
