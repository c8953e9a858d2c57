#pragma once
#include "types.h"

/// One contiguous part [begin, end) of a parallel loop.
typedef void (*apus_task)(void *context, ptrdiff_t begin, ptrdiff_t end);

/// Splits [0, count) into chunks of `grain` (the last may be shorter) and runs `task` on each;
/// the chunk borders depend on count and grain alone, never on the thread count. Returns when all
/// are done. Runs inline, in order, when there is one chunk, one thread, when called from inside
/// another parallel loop, or when the pool is busy with another caller's loop. (Inline runs may
/// still be called chunk by chunk: the task must treat each call as one chunk.)
void apus_parallel_for(ptrdiff_t count, ptrdiff_t grain, apus_task task, void *context);

/// Threads that a parallel loop may use, the caller included. Default: the environment variable
/// `APUS_THREADS`, else the processors available to the process.
int apus_thread_count(void);
void apus_set_thread_count(int count);
