#include "shared_pool.h"

#include <pthread.h>
#include <stdatomic.h>

// A thread takes from and gives to lists of its own, without a lock; it fetches from the shared
// pool when a list is empty and gives back half of everything when it holds too much.

enum { cache_limit = 4 << 20, fetch_bytes = 32 << 10, fetch_blocks = 32 };

static _Thread_local memory_cache cache;
static pthread_key_t key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static inline void add(_Atomic int64_t *counter, int64_t amount) {  // one writer: no lock needed
  int64_t value = atomic_load_explicit(counter, memory_order_relaxed);
  atomic_store_explicit(counter, value + amount, memory_order_relaxed);
}

/// Gives the shared pool all but `keep` of each list's blocks, counted in halves: 0 or 1.
static void flush(bool keep_half) {
  for (unsigned index = 0; index < memory_small_classes; index++) {
    int length = 0;
    for (memory_block *block = cache.free[index]; block; block = block->next) length++;
    int give = keep_half ? (length + 1) / 2 : length;
    if (give == 0) continue;
    memory_block *first = cache.free[index], *last = first;
    for (int i = 1; i < give; i++) last = last->next;
    cache.free[index] = last->next;
    add(&cache.cached, -(int64_t)memory_class_bytes(index) * give);
    memory_shared_give(index, first, last, give);
  }
}

static void end_thread(void *unused) {
  (void)unused;
  flush(false);
  memory_shared_unregister(&cache);
  cache.limit = 0;
  cache.ended = true;
}

static void make_key(void) { pthread_key_create(&key, end_thread); }

/// True when this thread may keep blocks: not once its end has begun.
static bool has_cache(void) {
  if (cache.limit) return true;
  if (cache.ended) return false;
  pthread_once(&key_once, make_key);
  pthread_setspecific(key, &cache);
  memory_shared_register(&cache);
  cache.limit = cache_limit;
  return true;
}

/// Counts bytes taken (or, negative, given back) by a thread whose cache is gone.
static void count_late(int64_t bytes) {
  memory_shared_register(&cache);
  add(&cache.in_use, bytes);
  memory_shared_unregister(&cache);
}

__attribute__((noinline)) static void *allocate_slowly(unsigned index) {
  int64_t bytes = (int64_t)memory_class_bytes(index);
  if (!has_cache()) {
    count_late(bytes);
    return memory_shared_take(index, 1);
  }
  int count = 1;
  if (index < memory_small_classes && bytes < fetch_bytes) {
    count = bytes * fetch_blocks <= fetch_bytes ? fetch_blocks : (int)(fetch_bytes / bytes);
  }
  memory_block *block = memory_shared_take(index, count);
  add(&cache.in_use, bytes);
  if (block->next) {
    cache.free[index] = block->next;
    int64_t more = 0;
    for (memory_block *rest = block->next; rest; rest = rest->next) more += bytes;
    add(&cache.cached, more);
  }
  return block;
}

__attribute__((noinline)) static void deallocate_slowly(memory_block *block, unsigned index) {
  int64_t bytes = (int64_t)memory_class_bytes(index);
  bool kept = has_cache();
  if (kept) add(&cache.in_use, -bytes);
  else count_late(-bytes);
  if (!kept || index >= memory_small_classes) {
    memory_shared_give(index, block, block, 1);
    return;
  }
  block->next = cache.free[index];
  cache.free[index] = block;
  add(&cache.cached, bytes);
  if (atomic_load_explicit(&cache.cached, memory_order_relaxed) > cache.limit) flush(true);
}

void *apus_allocate(size_t bytes) {
  unsigned index = memory_class(bytes);
  if (index < memory_small_classes && cache.free[index]) {
    memory_block *block = cache.free[index];
    cache.free[index] = block->next;
    int64_t taken = (int64_t)memory_class_bytes(index);
    add(&cache.in_use, taken);
    add(&cache.cached, -taken);
    return block;
  }
  return allocate_slowly(index);
}

void apus_deallocate(void *pointer, size_t bytes) {
  unsigned index = memory_class(bytes);
  memory_block *block = pointer;
  if (index < memory_small_classes) {
    int64_t given = (int64_t)memory_class_bytes(index);
    int64_t cached = atomic_load_explicit(&cache.cached, memory_order_relaxed) + given;
    if (cached <= cache.limit) {
      block->next = cache.free[index];
      cache.free[index] = block;
      atomic_store_explicit(&cache.cached, cached, memory_order_relaxed);
      add(&cache.in_use, -given);
      return;
    }
  }
  deallocate_slowly(block, index);
}

apus_memory_statistics apus_memory_get_statistics(void) { return memory_shared_statistics(); }

void apus_memory_trim(void) {
  flush(false);
  memory_shared_trim();
}
