#pragma once
#include "memory.h"
#include "size_class.h"

/// A free block holds the link to the next one.
typedef struct memory_block {
  struct memory_block *next;
} memory_block;

/// What one thread keeps. Only its owner writes; statistics read the two counters.
typedef struct memory_cache {
  memory_block *free[memory_small_classes];
  _Atomic int64_t in_use;       // bytes taken less bytes given back by this thread
  _Atomic int64_t cached;       // bytes in `free`
  int64_t limit;                // 0 until registered, and again once the thread is ending
  bool ended;
  struct memory_cache *next, *previous;
} memory_cache;

/// Takes up to `count` blocks of a class, at least one, as a chain.
memory_block *memory_shared_take(unsigned index, int count);
/// Gives back a chain of `count` blocks of a class.
void memory_shared_give(unsigned index, memory_block *first, memory_block *last, int count);

void memory_shared_register(memory_cache *cache);
void memory_shared_unregister(memory_cache *cache);

apus_memory_statistics memory_shared_statistics(void);
void memory_shared_trim(void);
