#include "shared_pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

// Retention: the bytes held from the system (handed out or cached) stay within 5/4 of the most
// ever in use, plus 64 MiB. A request that would pass that bound first returns cached blocks,
// largest first. So a training step finds all its blocks again, and a change of shapes does not
// pile up the old ones.

static const uint64_t slack = 64ull << 20;

static struct {
  pthread_mutex_t mutex;
  memory_block *free[memory_classes];
  memory_cache *caches;
  int64_t in_use;               // of threads that have ended
  uint64_t cached, held, peak, requests;
} pool = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static int64_t total_in_use(void) {
  int64_t total = pool.in_use;
  for (memory_cache *cache = pool.caches; cache; cache = cache->next) {
    total += atomic_load_explicit(&cache->in_use, memory_order_relaxed);
  }
  return total > 0 ? total : 0;
}

static void *map_aligned(size_t bytes) {
  size_t span = bytes + memory_page;
  char *base = mmap(NULL, span, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (base == MAP_FAILED) return NULL;
  size_t head = -(uintptr_t)base & (memory_page - 1);
  if (head) munmap(base, head);
  munmap(base + head + bytes, memory_page - head);
#ifdef MADV_HUGEPAGE
  madvise(base + head, bytes, MADV_HUGEPAGE);
#endif
  return base + head;
}

static memory_block *system_take(size_t bytes) {
  if (bytes > memory_large) return map_aligned(bytes);
  void *block = NULL;
  return posix_memalign(&block, 64, bytes) == 0 ? block : NULL;
}

static void system_give(void *block, size_t bytes) {
  if (bytes > memory_large) munmap(block, bytes);
  else free(block);
  pool.held -= bytes;
  pool.cached -= bytes;
}

/// Returns cached blocks to the system, largest first, until at most `bound` bytes are held.
static void shrink(uint64_t bound) {
  for (int index = memory_classes - 1; index >= 0 && pool.held > bound; index--) {
    size_t bytes = memory_class_bytes((unsigned)index);
    while (pool.free[index] && pool.held > bound) {
      memory_block *block = pool.free[index];
      pool.free[index] = block->next;
      system_give(block, bytes);
    }
  }
}

static memory_block *request(size_t bytes) {
  uint64_t needed = (uint64_t)total_in_use() + bytes;
  if (needed > pool.peak) pool.peak = needed;
  uint64_t bound = pool.peak + pool.peak / 4 + slack;
  if (pool.held + bytes > bound) shrink(bound > bytes ? bound - bytes : 0);
  memory_block *block = system_take(bytes);
  if (!block) {
    shrink(0);
    block = system_take(bytes);
  }
  if (!block) {
    fprintf(stderr, "Apus: out of memory: %zu bytes asked for, %llu in use\n", bytes,
            (unsigned long long)(needed - bytes));
    abort();
  }
  pool.requests++;
  pool.held += bytes;
  return block;
}

memory_block *memory_shared_take(unsigned index, int count) {
  size_t bytes = memory_class_bytes(index);
  pthread_mutex_lock(&pool.mutex);
  memory_block *first = pool.free[index], *last = NULL;
  for (memory_block *block = first; block && count > 0; block = block->next, count--) {
    last = block;
    pool.cached -= bytes;
  }
  if (last) {
    pool.free[index] = last->next;
    last->next = NULL;
  } else {
    first = request(bytes);
    first->next = NULL;
  }
  pthread_mutex_unlock(&pool.mutex);
  return first;
}

void memory_shared_give(unsigned index, memory_block *first, memory_block *last, int count) {
  pthread_mutex_lock(&pool.mutex);
  last->next = pool.free[index];
  pool.free[index] = first;
  pool.cached += (uint64_t)count * memory_class_bytes(index);
  pthread_mutex_unlock(&pool.mutex);
}

void memory_shared_register(memory_cache *cache) {
  pthread_mutex_lock(&pool.mutex);
  cache->next = pool.caches;
  cache->previous = NULL;
  if (pool.caches) pool.caches->previous = cache;
  pool.caches = cache;
  pthread_mutex_unlock(&pool.mutex);
}

void memory_shared_unregister(memory_cache *cache) {
  pthread_mutex_lock(&pool.mutex);
  if (cache->previous) cache->previous->next = cache->next;
  else pool.caches = cache->next;
  if (cache->next) cache->next->previous = cache->previous;
  pool.in_use += atomic_exchange(&cache->in_use, 0);
  pthread_mutex_unlock(&pool.mutex);
}

apus_memory_statistics memory_shared_statistics(void) {
  pthread_mutex_lock(&pool.mutex);
  apus_memory_statistics result = {(uint64_t)total_in_use(), pool.cached, pool.requests};
  for (memory_cache *cache = pool.caches; cache; cache = cache->next) {
    result.cached += (uint64_t)atomic_load_explicit(&cache->cached, memory_order_relaxed);
  }
  pthread_mutex_unlock(&pool.mutex);
  return result;
}

void memory_shared_trim(void) {
  pthread_mutex_lock(&pool.mutex);
  shrink(0);
  pool.peak = (uint64_t)total_in_use();
  pthread_mutex_unlock(&pool.mutex);
}
