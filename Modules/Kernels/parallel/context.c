#include "context.h"

static _Thread_local apus_context context;

apus_context *apus_thread_context(void) { return &context; }

int32_t apus_watched_threads;

void apus_add_watched_threads(int32_t change) {
  __atomic_fetch_add(&apus_watched_threads, change, __ATOMIC_RELAXED);
}
