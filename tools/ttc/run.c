// Building and running a host program on the model of the chip.
//
// The model's headers and library are found relative to this tool: bin/,
// include/tessera-metalium/ and lib/ stand side by side in the build tree as in
// an installation.

#include "run.h"

#include "common/cli.h"
#include "tessera/arena.h"
#include "tessera/support.h"
#include "tessera/vector.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int complain(const char *what, const char *why) {
  return tsr_tool_error("ttc", TSR_DIAG(path_failed), what, why);
}

// The folder that holds bin/, include/ and lib/, or NULL.
static const char *find_root(tsr_arena *arena) {
  tsr_buffer path;
  tsr_buffer_init(&path);
  const char *root = NULL;
  if (tsr_append_root(&path))
    root = tsr_arena_strdup(arena, tsr_buffer_str(&path));
  tsr_buffer_deinit(&path);
  return root;
}

// Runs a command and waits; `env` is name, value pairs ended by NULL.
static int run_command(const char *const *argv, const char *const *env) {
  fflush(NULL);
  pid_t child = fork();
  if (child < 0)
    return complain(argv[0], strerror(errno));
  if (child == 0) {
    for (; env && *env; env += 2)
      setenv(env[0], env[1], 1);
    execvp(argv[0], (char *const *)argv);
    complain(argv[0], strerror(errno));
    _exit(127);
  }
  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return complain(argv[0], strerror(errno));
  if (WIFEXITED(status))
    return WEXITSTATUS(status);
  return tsr_tool_error("ttc", TSR_DIAG(program_signal), argv[0],
                        WTERMSIG(status));
}

// A C string literal for -D.
static const char *quote(tsr_arena *arena, const char *text) {
  char *quoted = tsr_arena_alloc(arena, 2 * strlen(text) + 3);
  char *to = quoted;
  *to++ = '"';
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      *to++ = '\\';
    *to++ = *text;
  }
  *to++ = '"';
  return quoted;
}

// A model that was built with sanitizers, as this tool then was, needs programs
// that bring their runtime.
#ifdef __SANITIZE_ADDRESS__
static const char sanitize_flag[] = "-fsanitize=address,undefined";
#else
static const char sanitize_flag[] = "-fno-sanitize=all";
#endif

static int build(tsr_arena *arena, const char *root, const char *folder,
                 const char *metalium, const char *program) {
  const char *compiler = getenv("CXX");
  const char *include =
      tsr_arena_printf(arena, "%s/include/tessera-metalium", root);
  struct stat status;
  if (stat(include, &status) != 0)
    return tsr_tool_error("ttc", TSR_DIAG(model_not_installed), include);
  const char *argv[] = {
      compiler && *compiler ? compiler : "c++",
      "-std=c++20",
      "-O1",
      sanitize_flag,
      tsr_arena_printf(arena, "-DKERNEL_DIR=%s", quote(arena, folder)),
      tsr_arena_printf(arena, "-I%s/%s", include, metalium),
      tsr_arena_printf(arena, "-I%s/common", include),
      tsr_arena_printf(arena, "%s/main.cpp", folder),
      "-o",
      program,
      tsr_arena_printf(arena, "-L%s/lib", root),
      "-ltessera_metalium",
      tsr_arena_printf(arena, "-Wl,-rpath,%s/lib", root),
      NULL};
  int code = run_command(argv, NULL);
  return code == 0 ? TSR_EXIT_OK : TSR_EXIT_INPUT;
}

static int run(tsr_arena *arena, const char *program, const char *target,
               char *const *args, size_t arg_count) {
  const char **argv = TSR_NEW_ARRAY(arena, const char *, arg_count + 2);
  argv[0] = program;
  for (size_t i = 0; i < arg_count; i++)
    argv[i + 1] = args[i];
  // A device that the caller names stays: so a program can meet another one.
  const char *env[] = {"TESSERA_TARGET", target, NULL};
  return run_command(argv, getenv("TESSERA_TARGET") ? NULL : env);
}

// Where a program is built.
typedef struct place {
  const char *folder, *program;
} place;

static void remove_place(void *user) {
  const place *of = user;
  unlink(of->program);
  rmdir(of->folder);
}

static tsr_result make_place(tsr_arena *arena, place *out) {
  const char *temporary = getenv("TMPDIR");
  char *folder = tsr_arena_printf(arena, "%s/ttc-XXXXXX",
                                  temporary && *temporary ? temporary : "/tmp");
  // Names come first: once there is a folder, there may be no memory for them.
  char *program = tsr_arena_printf(arena, "%s/main", folder);
  if (!mkdtemp(folder)) {
    complain(folder, strerror(errno));
    return TSR_FAILED;
  }
  memcpy(program, folder, strlen(folder));
  *out = (place){.folder = folder, .program = program};
  return TSR_OK;
}

int ttc_run(const char *folder, const char *metalium, const char *target,
            char *const *args, size_t arg_count) {
  char absolute[PATH_MAX];
  place in;
  tsr_undo undo;
  tsr_arena arena;
  tsr_arena_init(&arena);
  const char *root = find_root(&arena);
  int code = TSR_EXIT_INPUT;
  if (!root || !realpath(folder, absolute)) {
    complain(folder, strerror(errno));
  } else if (make_place(&arena, &in) == TSR_OK) {
    tsr_undo_begin(&undo, remove_place, &in);
    fprintf(stderr, "ttc: building %s/main.cpp\n", folder);
    code = build(&arena, root, absolute, metalium, in.program);
    if (code == TSR_EXIT_OK) {
      fprintf(stderr, "ttc: running it on the model of %s\n", target);
      code = run(&arena, in.program, target, args, arg_count);
    }
    tsr_undo_end(&undo);
    remove_place(&in);
  }
  tsr_arena_deinit(&arena);
  return code;
}
