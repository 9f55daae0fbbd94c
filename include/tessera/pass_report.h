// What is seen of passes while they run: passes say what they do, and whoever
// runs a pipeline may watch.
#ifndef TESSERA_PASS_REPORT_H
#define TESSERA_PASS_REPORT_H

#include "tessera/pass.h"

TSR_BEGIN_DECLS

// -- for passes ---------------------------------------------------------------
// All of it costs next to nothing as long as nobody watches.

// Says which op the pass is at, for whoever must say where it went wrong.
static inline void tsr_pass_env_at(tsr_pass_env *env, const tsr_op *op) {
  env->at = op;
}

// Adds to a counter of the pass; asking for one that its row does not declare
// is our bug.
void tsr_pass_env_count(const tsr_pass_env *env, const char *name,
                        uint64_t more);

typedef enum tsr_remark_kind {
  TSR_REMARK_PASSED,   // what was done
  TSR_REMARK_MISSED,   // what was not, and why
  TSR_REMARK_ANALYSIS, // what was found out
} tsr_remark_kind;

// Says what was done, or why not.
//
// in     `name`: one word for all remarks of the kind, "NotJoined"; `op`: where
//        it is, and whose function; `format`: as for printf, where `{key:%u}`
//        makes an argument of that name:
//          "@{cb:%s} takes {bytes:%u} B"
void tsr_pass_env_remark(const tsr_pass_env *env, tsr_remark_kind kind,
                         const char *name, const tsr_op *op, const char *format,
                         ...) TSR_PRINTF(5, 6);

// The same for an op that is gone: where it was, and an op that it stood in.
void tsr_pass_env_remark_at(const tsr_pass_env *env, tsr_remark_kind kind,
                            const char *name, tsr_loc loc, const tsr_op *in,
                            const char *format, ...) TSR_PRINTF(6, 7);

// Whether remarks are heard, for those that take work to find.
bool tsr_pass_env_wants_remarks(const tsr_pass_env *env);

// A stretch of the pass that is shown on its own where time is shown, such as
// an analysis. Stretches nest; `name` is a constant.
void tsr_pass_env_enter(const tsr_pass_env *env, const char *name);
void tsr_pass_env_leave(const tsr_pass_env *env);

// A line for --debug-only=PASS. Gone, arguments and all, unless the build is
// for debugging.
#ifdef TESSERA_DEBUG
#define TSR_PASS_DEBUG(env, ...) tsr_pass_env_debug((env), __VA_ARGS__)
#else
#define TSR_PASS_DEBUG(env, ...) ((void)(env))
#endif
// What TSR_PASS_DEBUG calls.
void tsr_pass_env_debug(const tsr_pass_env *env, const char *format, ...)
    TSR_PRINTF(2, 3);

// -- for who runs them --------------------------------------------------------

// A part of a remark's text; parts with a key are its arguments.
typedef struct tsr_remark_part {
  const char *key; // NULL: text between arguments
  const char *text;
} tsr_remark_part;

// Lives as long as the call that hands it over.
typedef struct tsr_remark {
  tsr_remark_kind kind;
  const tsr_pass *pass;
  const char *name;
  tsr_loc loc;
  const char *function; // that it is in; NULL: none
  const char *text;
  const tsr_remark_part *parts; // of `text`, in order
  size_t part_count;
} tsr_remark;

// "Passed", "Missed", "Analysis".
const char *tsr_remark_kind_name(tsr_remark_kind kind);

struct tsr_buffer;
struct cJSON;

// Appends a document of YAML in the form of LLVM's remarks, which its viewers
// read. It is valid UTF-8: other bytes are shown as <hex>.
//
// src    LLVM's docs/Remarks.rst, "YAML remarks"
void tsr_remark_print_yaml(const tsr_remark *remark, struct tsr_buffer *out);

// The same as an object: kind, pass, name, file, line, column, function, text,
// arguments. Its strings are valid UTF-8 too: other bytes are shown as <hex>.
//
// owns   the caller, who frees with cJSON_Delete
struct cJSON *tsr_remark_to_json(const tsr_remark *remark);

// What is called during tsr_pipeline_run; each may be NULL.
struct tsr_run_hooks {
  void *user;
  // Before each pass. False leaves the pass out, and `after` too.
  bool (*before)(void *user, const tsr_pass_env *env, tsr_module *module);
  // After each pass and its verification, failed or not.
  void (*after)(void *user, const tsr_pass_env *env, tsr_module *module,
                tsr_result result);
  // Begins (`name`) or ends (NULL) a stretch within a pass: an analysis, or
  // "verify", "needs" and "names" for what the manager does itself.
  void (*stretch)(void *user, const char *name);
  void (*remark)(void *user, const tsr_remark *remark);
  // `counter`: index in the pass's row.
  void (*count)(void *user, const tsr_pass *pass, size_t counter,
                uint64_t more);
  void (*debug)(void *user, const tsr_pass *pass, const char *text);
};

TSR_END_DECLS

#endif
