#include "types.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// -1 until first asked for. A plain load of a relaxed atomic costs what a global does.
static _Atomic int32_t current_level = -1;

static _Thread_local int32_t thread_level = -1;

apus_level apus_highest_level(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    return apus_level_portable;
  }
  bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return wide ? apus_level_avx512 : apus_level_avx2;
#else
  return apus_level_portable;
#endif
}

/// The level `APUS_LEVEL` names, if the machine has it; otherwise the highest.
static apus_level initial_level(void) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  apus_level highest = apus_highest_level();
  const char *wanted = getenv("APUS_LEVEL");
  for (int32_t level = 0; wanted && level <= (int32_t)highest; level++) {
    if (strcmp(wanted, names[level]) == 0) return (apus_level)level;
  }
  return highest;
}

apus_level apus_current_level(void) {
  if (thread_level >= 0) return (apus_level)thread_level;
  int32_t level = atomic_load_explicit(&current_level, memory_order_relaxed);
  if (level < 0) {
    // Two threads may both get here; they store the same, unless a level was set meanwhile.
    int32_t unset = -1, first = (int32_t)initial_level();
    level = atomic_compare_exchange_strong(&current_level, &unset, first) ? first : unset;
  }
  return (apus_level)level;
}

bool apus_set_level(apus_level level) {
  if ((int32_t)level < 0 || level > apus_highest_level()) return false;
  atomic_store_explicit(&current_level, (int32_t)level, memory_order_relaxed);
  return true;
}

void apus_set_thread_level(int32_t level) {
  if (level <= (int32_t)apus_highest_level()) thread_level = level;
}

int32_t apus_thread_level(void) { return thread_level; }
