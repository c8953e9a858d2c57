#pragma once
#include "types.h"

/// What the calling thread is in the middle of: read on each operation, so it is a plain C
/// thread-local (1.4 ns) and not a Swift task-local (14 ns). Core owns the meaning of each field.
typedef struct apus_context {
  int32_t recording;           // > 0: operations on tracked tensors record their derivative
  int32_t depth;               // how many derivative scopes are open
  int32_t training;            // 1 in training mode
  void *overrides;             // parameters rebound by an inner derivative scope, or NULL
  void *random;                // the innermost `withRandom` scope, or NULL
  void *trace;                 // the summary being made of a model's calls, or NULL
  void *watch;                 // what looks at each result for numbers that are not finite, or NULL
} apus_context;

apus_context *apus_thread_context(void);

/// How many threads have a watch. While there are none, asking costs a load.
extern int32_t apus_watched_threads;

/// Changes the number of threads that have a watch.
void apus_add_watched_threads(int32_t change);

static inline bool apus_is_watched(void) {
  return __builtin_expect(__atomic_load_n(&apus_watched_threads, __ATOMIC_RELAXED) != 0, 0) &&
         apus_thread_context()->watch != NULL;
}
