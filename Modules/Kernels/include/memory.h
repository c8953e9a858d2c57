#pragma once
#include "types.h"

/// A block of at least `bytes` (which may be 0), 64-byte aligned, contents undefined. Blocks come
/// from and return to size-class pools (a per-thread cache first, then a shared one), so a
/// training step asks the system for nothing after its first iteration. Large blocks are aligned
/// for, and ask for, huge pages. Never returns NULL: aborts with a message when memory is out.
void *apus_allocate(size_t bytes);

/// Gives back a block; `bytes` must be what it was allocated with. Any thread may free.
void apus_deallocate(void *block, size_t bytes);

/// Bytes handed out and not yet given back, bytes kept for reuse, and the number of times the
/// system was asked for memory since the start.
typedef struct apus_memory_statistics {
  uint64_t in_use, cached, system_requests;
} apus_memory_statistics;
apus_memory_statistics apus_memory_get_statistics(void);

/// Returns cached blocks of the shared pool and of the calling thread to the system.
void apus_memory_trim(void);
