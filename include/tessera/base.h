// Small things every part shares: results, attributes, limits.
#ifndef TESSERA_BASE_H
#define TESSERA_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Compiler extensions appear here and nowhere else.
#if defined(__GNUC__)
#define TSR_PRINTF(text, first)                                                \
  __attribute__((__format__(__printf__, text, first)))
#define TSR_MUST_USE __attribute__((warn_unused_result))
#define TSR_NORETURN __attribute__((noreturn))
#define TSR_UNUSED   __attribute__((unused))
#define TSR_NOINLINE __attribute__((noinline))
#else
#define TSR_PRINTF(text, first)
#define TSR_MUST_USE
#define TSR_NORETURN
#define TSR_UNUSED
#define TSR_NOINLINE
#endif

// Between these stands what others may call: C names, seen outside of the
// library, which hides all others.
#if defined(__GNUC__)
#define TSR_SHOW _Pragma("GCC visibility push(default)")
#define TSR_HIDE _Pragma("GCC visibility pop")
#else
#define TSR_SHOW
#define TSR_HIDE
#endif
#ifdef __cplusplus
#define TSR_BEGIN_DECLS                                                        \
  extern "C" {                                                                 \
  TSR_SHOW
#define TSR_END_DECLS                                                          \
  TSR_HIDE                                                                     \
  }
#else
#define TSR_BEGIN_DECLS TSR_SHOW
#define TSR_END_DECLS   TSR_HIDE
#endif

TSR_BEGIN_DECLS

// The outcome of a step that can meet wrong input. A failed step has already
// reported why.
typedef enum tsr_result { TSR_OK, TSR_FAILED } tsr_result;

// Largest rank of a tensor or buffer.
enum { TSR_MAX_RANK = 4 };

// Side of a tile, in elements.
enum { TSR_TILE_SIDE = 32 };

// Version of the IR text and of the plan. A reader refuses a newer one.
enum { TSR_IR_VERSION = 1, TSR_PLAN_VERSION = 1 };

// Where something was written. `file` is interned in the context and may be
// NULL (made by a pass, place unknown); line and column count from 1.
typedef struct tsr_loc {
  const char *file;
  uint32_t line;
  uint32_t column;
} tsr_loc;

typedef struct tsr_context tsr_context;
typedef struct tsr_module tsr_module;
typedef struct tsr_op tsr_op;
typedef struct tsr_value tsr_value;
typedef struct tsr_block tsr_block;
typedef struct tsr_type tsr_type;
typedef struct tsr_attr tsr_attr;
typedef struct tsr_diag tsr_diag;

TSR_END_DECLS

#endif
