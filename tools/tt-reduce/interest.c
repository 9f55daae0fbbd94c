// Is a module interesting? A child process says so, since what is looked for
// may crash, hang, or use up memory.

#include "reduce.h"

#include "tessera/support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Signals that a run waits for: its end, and a user who has had enough.
static void get_signals(sigset_t *out) {
  sigemptyset(out);
  sigaddset(out, SIGCHLD);
  sigaddset(out, SIGINT);
  sigaddset(out, SIGTERM);
}

static const char *find_tool(interest *in, const char *name) {
  tsr_buffer path;
  tsr_buffer_init(&path);
  bool found = tsr_append_root(&path);
  tsr_buffer_printf(&path, "/bin/%s", name);
  const char *tool = found ? tsr_arena_strdup(&in->arena, tsr_buffer_str(&path))
                           : name; // the shell's way, then
  tsr_buffer_deinit(&path);
  return tool;
}

static void remove_folder(void *user) {
  const interest *in = user;
  if (in->file)
    unlink(in->file);
  if (in->said)
    unlink(in->said);
  rmdir(in->folder);
}

tsr_result interest_init(interest *in, const interest_options *options) {
  *in = (interest){.options = options};
  tsr_arena_init(&in->arena);
  in->tool = find_tool(in, options->differs_after ? "tt-run" : "tt-opt");
  const char *place = getenv("TMPDIR");
  char *folder = tsr_arena_printf(&in->arena, "%s/tt-reduce-XXXXXX",
                                  place && *place ? place : "/tmp");
  if (!mkdtemp(folder)) {
    tsr_tool_error("tt-reduce", TSR_DIAG(path_failed), folder, strerror(errno));
    return TSR_FAILED;
  }
  in->folder = folder;
  tsr_undo_begin(&in->undo, remove_folder, in);
  in->file = tsr_arena_printf(&in->arena, "%s/module.tt", folder);
  in->said = tsr_arena_printf(&in->arena, "%s/said.txt", folder);
  sigset_t signals;
  get_signals(&signals);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  return TSR_OK;
}

void interest_deinit(interest *in) {
  if (in->folder) {
    tsr_undo_end(&in->undo);
    remove_folder(in);
  }
  tsr_arena_deinit(&in->arena);
}

// -- Running ------------------------------------------------------------------

static const char **make_command(interest *in) {
  const interest_options *options = in->options;
  size_t count = 0;
  const char **argv =
      TSR_NEW_ARRAY(&in->arena, const char *,
                    options->test_args.count + options->plugins.count + 5);
  const char *pipeline =
      options->fails ? options->fails : options->differs_after;
  argv[count++] = options->test ? options->test : in->tool;
  for (size_t i = 0; i < options->test_args.count; i++)
    argv[count++] = options->test_args.items[i];
  argv[count++] = in->file;
  for (size_t i = 0; pipeline && i < options->plugins.count; i++)
    argv[count++] = tsr_arena_printf(&in->arena, "--load-pass=%s",
                                     options->plugins.items[i]);
  if (pipeline)
    argv[count++] = tsr_arena_printf(&in->arena, "--passes=%s", pipeline);
  if (options->differs_after)
    argv[count++] = "--check-passes";
  return argv;
}

TSR_NORETURN static void become(const interest *in, const char *const *argv) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  // A group of its own, to end it with all that it started.
  setpgid(0, 0);
  int out = open(in->said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (out >= 0) {
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
  }
  execvp(argv[0], (char *const *)argv);
  fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
  _exit(126);
}

static struct timespec until(const struct timespec *end) {
  struct timespec now, left;
  clock_gettime(CLOCK_MONOTONIC, &now);
  left.tv_sec = end->tv_sec - now.tv_sec;
  left.tv_nsec = end->tv_nsec - now.tv_nsec;
  if (left.tv_nsec < 0) {
    left.tv_nsec += 1000000000;
    left.tv_sec--;
  }
  return left;
}

// Waits for the child's end. False: it was ended, for time or for the user.
static bool wait_for(interest *in, pid_t child, int *out_status) {
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  double seconds = in->options->timeout_seconds;
  end.tv_sec += (time_t)seconds;
  end.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
  if (end.tv_nsec >= 1000000000) {
    end.tv_nsec -= 1000000000;
    end.tv_sec++;
  }
  sigset_t signals;
  get_signals(&signals);
  for (;;) {
    if (waitpid(child, out_status, WNOHANG) == child)
      return true;
    struct timespec left = until(&end);
    int met = left.tv_sec < 0 ? 0 : sigtimedwait(&signals, NULL, &left);
    in->is_stopped = in->is_stopped || met == SIGINT || met == SIGTERM;
    if (left.tv_sec < 0 || in->is_stopped)
      break;
  }
  kill(-child, SIGKILL);
  waitpid(child, out_status, 0);
  return false;
}

static bool run(interest *in, int *out_status) {
  const char **argv = make_command(in);
  pid_t child = fork();
  if (child == 0)
    become(in, argv);
  if (child > 0)
    setpgid(child, child); // whichever of the two is first
  in->runs++;
  return child > 0 && wait_for(in, child, out_status);
}

// -- Judging ------------------------------------------------------------------

// True when the last run said `what`; NULL: whatever it said.
static bool has_said(const interest *in, const char *what) {
  tsr_buffer said, why;
  tsr_buffer_init(&said);
  tsr_buffer_init(&why);
  bool found = !what;
  if (what && tsr_buffer_read_file(&said, in->said, &why) == TSR_OK)
    found = strstr(tsr_buffer_str(&said), what) != NULL;
  tsr_buffer_deinit(&why);
  tsr_buffer_deinit(&said);
  return found;
}

// The tool reports the crash of a pass and exits; it may itself be ended, too.
static bool is_failure(int status) {
  return WIFSIGNALED(status) || WEXITSTATUS(status) == TSR_EXIT_INPUT ||
         WEXITSTATUS(status) == TSR_EXIT_CRASH;
}

static bool judge(const interest *in, int status) {
  if (in->options->test)
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (in->options->differs_after)
    return has_said(in, "[pass-changes-numbers]") ||
           has_said(in, "[pass-exceeds-bound]");
  const char *wanted = in->options->message ? in->options->message : in->id;
  return is_failure(status) && has_said(in, wanted);
}

bool interest_holds(interest *in, const tsr_buffer *text) {
  tsr_buffer why;
  tsr_buffer_init(&why);
  int status = 0;
  bool holds = !in->is_stopped &&
               tsr_buffer_write_file(text, in->file, &why) == TSR_OK &&
               run(in, &status) && judge(in, status);
  tsr_buffer_deinit(&why);
  return holds;
}

// The id in brackets at the end of the first error that has one.
static const char *first_id(const char *text, size_t *out_size) {
  for (const char *line = strstr(text, "error: "); line;
       line = strstr(line + 1, "error: ")) {
    const char *end = line + strcspn(line, "\n");
    const char *open = end;
    while (open > line && *open != '[')
      open--;
    *out_size = (size_t)(end - open);
    if (end[-1] == ']' &&
        strspn(open + 1, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
            *out_size - 2)
      return open;
  }
  return NULL;
}

// How a tool says that a pass crashed, up to the signal.
static const char *first_crash(const char *text, size_t *out_size) {
  const char *at = strstr(text, " crashed: SIG");
  if (at)
    *out_size = strcspn(at, ",");
  return at;
}

void interest_learn(interest *in) {
  if (!in->options->fails || in->options->message)
    return;
  tsr_buffer said, why;
  tsr_buffer_init(&said);
  tsr_buffer_init(&why);
  size_t size = 0;
  const char *id = NULL;
  if (tsr_buffer_read_file(&said, in->said, &why) == TSR_OK)
    id = first_id(tsr_buffer_str(&said), &size);
  if (!id && said.size > 0)
    id = first_crash(tsr_buffer_str(&said), &size);
  if (id)
    in->id = tsr_arena_strndup(&in->arena, id, size);
  tsr_buffer_deinit(&why);
  tsr_buffer_deinit(&said);
}
