// Plug-ins that are wrong, and one that is not: CASE says which.

#include "tessera/plugin.h"

#include "tessera/buffer.h"

#ifdef OTHER_VERSION
#undef TSR_VERSION
#define TSR_VERSION "0.0.9"
#endif
#ifdef NO_VERSION
#undef TSR_VERSION
#define TSR_VERSION NULL
#endif
#ifdef OTHER_TABLES
#define tsr_plugin_tables "none module "
#endif
#ifdef OTHER_INTERFACE
#undef TSR_PLUGIN_ABI
#define TSR_PLUGIN_ABI 7
#endif
#ifndef PASS_NAME
#define PASS_NAME "rename"
#endif
#ifndef PIPELINE_RUN
#define PIPELINE_RUN "rename"
#endif

#ifdef MISCOMPILES
// The first exp becomes a square root.
#ifndef OF_TILES
#define EXP  TSR_OP_tensor_exp
#define SQRT TSR_OP_tensor_sqrt
#else
#define EXP  TSR_OP_tile_exp
#define SQRT TSR_OP_tile_sqrt
#endif
static bool break_exp(tsr_block *block) {
  for (tsr_op *op = tsr_block_first(block); op; op = tsr_op_next(op)) {
    if (tsr_op_is(op, EXP)) {
      tsr_builder before = tsr_builder_before(op);
      tsr_value *result = tsr_op_result(op, 0);
      tsr_value_replace_uses(result, tsr_build_unary(&before, SQRT,
                                                     tsr_value_get_type(result),
                                                     tsr_op_operand(op, 0)));
      tsr_op_erase(op);
      return true;
    }
    for (size_t i = 0; i < tsr_op_block_count(op); i++)
      if (break_exp(tsr_op_block(op, i)))
        return true;
  }
  return false;
}
#endif

// Gives the module a name, which is prefix, then how often this was done.
static tsr_result run(tsr_pass_env *env, tsr_module *module) {
  int *count = env->run->pass->user;
  tsr_buffer name;
  tsr_buffer_init(&name);
  tsr_buffer_printf(&name, "%s%d", tsr_pass_env_option(env, "prefix")->text,
                    ++*count);
  tsr_op_set_symbol(tsr_module_op(module), "name", tsr_buffer_str(&name));
  tsr_buffer_deinit(&name);
  if (tsr_pass_env_option(env, "text")->is_set)
    tsr_op_set_attr(tsr_module_op(module), "text",
                    tsr_attr_string(tsr_module_get_context(module),
                                    tsr_pass_env_option(env, "text")->text));
#ifdef MISCOMPILES
  break_exp(tsr_module_block(module));
#endif
#ifdef LEAVES_A_WRECK
  tsr_op_remove_attr(tsr_block_first(tsr_module_block(module)), "name");
  tsr_builder end = tsr_builder_at_end(module, tsr_module_block(module),
                                       (tsr_loc){NULL, 0, 0});
  (void)tsr_build(&end, &(tsr_op_desc){.kind = TSR_OP_func});
#endif
#ifdef SAYS_NOTHING
  return TSR_FAILED;
#endif
#ifdef HIDES_ERROR
  tsr_diag_error(env->diag, tsr_module_op(module), "rename-odd", "odd name");
#endif
#ifdef FAILS
  return tsr_diag_error(env->diag, tsr_module_op(module), "rename-refused",
                        "'%s' is no name", "x");
#endif
  return TSR_OK;
}

static void end(void *user) { tsr_mem_resize(user, 0); }

#ifdef ADD_CRASHES
static const char *volatile nothing;
#endif

static tsr_result add(tsr_registry *registry, tsr_diag *diag) {
#ifdef ADD_CRASHES
  if (!*nothing)
    return TSR_FAILED;
#endif
#ifdef ADD_EXHAUSTS
  tsr_mem_exhausted(4096);
#endif
  static const tsr_pass_option options[] = {
      {"prefix", TSR_OPTION_KEYWORD, "m", "m|n", "how names begin"},
      {"text", TSR_OPTION_STRING, "", "", "what the module is called"},
#ifdef OPTION_TWICE
      {"prefix", TSR_OPTION_INT, "", "", "how names end"},
#endif
  };
  static const char *const runs[] = {PIPELINE_RUN};
  tsr_pass pass = {
      .name = PASS_NAME,
      .run = run,
      .summary = "Rename the module",
      .docs = "Names are numbered.",
#ifdef PROMISES
      .gives = 1u << TSR_STATE_TILED,
#endif
#ifdef MAY_ROUND
      .changes_rounding = true,
#endif
      .options = options,
      .option_count = sizeof(options) / sizeof(options[0]),
      .user = tsr_mem_zeroed(1, sizeof(int)),
      .destroy = end,
  };
  tsr_named_pipeline pipeline = {.name = "twice", .runs = runs, .run_count = 1};
  if (tsr_registry_add_pass(registry, &pass, diag) != TSR_OK)
    return TSR_FAILED;
#ifdef ADDS_NOTHING
  return TSR_FAILED;
#endif
  return tsr_registry_add_pipeline(registry, &pipeline, diag);
}

#ifdef CALLS_WHAT_IS_NOT_THERE
int not_there(void);
int ask(void) { return not_there(); }
#endif
#ifndef NO_SYMBOL
TSR_PLUGIN("rename", add)
#endif
