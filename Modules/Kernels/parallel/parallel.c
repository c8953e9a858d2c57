#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE  // sched_getaffinity
#endif
#include "parallel.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// One pool, one loop at a time. `state` says whether a loop is open to helpers and how many have
// joined it. A worker joins by a compare-and-swap that succeeds only while the loop is open; the
// caller closes it and then waits for those who joined. A worker that wakes late therefore finds
// the loop closed and never looks at its fields, and nobody waits for a worker that never came.

enum { max_threads = 1024, worker_stack = 4 << 20 };

static const uint64_t active_mask = 0xffffffff;      // bits 0-31: workers that joined
static const uint64_t open_bit = 1ull << 32;         // bit 32: more may join
static const uint64_t generation_one = 1ull << 33;   // bits 33-63: which loop

static struct {
  _Alignas(128) _Atomic uint64_t state;
  _Alignas(128) _Atomic ptrdiff_t next;  // the first chunk nobody has claimed
  _Alignas(128) apus_task task;          // written only while closed with nobody inside
  void *context;
  ptrdiff_t count, grain, chunks;
  int32_t level;                         // the caller's own instruction set, or -1
} loop;

static struct {
  _Alignas(128) atomic_flag busy;        // a caller owns `loop` and `started`
  _Atomic int wanted;                    // threads, the caller included; 0 until first asked
  _Atomic int started;
  _Atomic int parked;
  pthread_mutex_t mutex;
  pthread_cond_t work, surplus;
} pool = {
  .busy = ATOMIC_FLAG_INIT,
  .mutex = PTHREAD_MUTEX_INITIALIZER,
  .work = PTHREAD_COND_INITIALIZER,
  .surplus = PTHREAD_COND_INITIALIZER,
};

static _Thread_local bool inside;        // this thread is running a part of a loop

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static int processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}

static int clamped(long count) {
  return count < 1 ? 1 : count > max_threads ? max_threads : (int)count;
}

int apus_thread_count(void) {
  int wanted = atomic_load_explicit(&pool.wanted, memory_order_relaxed);
  if (wanted != 0) return wanted;
  const char *text = getenv("APUS_THREADS");
  long asked = text ? strtol(text, NULL, 10) : 0;
  int count = clamped(asked > 0 ? asked : processors());
  // A count that somebody set meanwhile stays.
  return atomic_compare_exchange_strong(&pool.wanted, &wanted, count) ? count : wanted;
}

void apus_set_thread_count(int count) {
  pthread_mutex_lock(&pool.mutex);
  atomic_store(&pool.wanted, clamped(count));
  pthread_cond_broadcast(&pool.surplus);
  pthread_mutex_unlock(&pool.mutex);
}

// Waking a parked worker takes 50 to 500 microseconds. It spins about as long before it parks: by
// default 200, or what the environment variable `APUS_SPIN_MICROSECONDS` says.
static int64_t spin_nanoseconds(void) {
  static _Atomic int64_t cached = -1;
  int64_t spin = atomic_load_explicit(&cached, memory_order_relaxed);
  if (spin >= 0) return spin;
  const char *text = getenv("APUS_SPIN_MICROSECONDS");
  spin = text ? strtoll(text, NULL, 10) * 1000 : 200000;
  if (spin < 0) spin = 0;
  atomic_store_explicit(&cached, spin, memory_order_relaxed);
  return spin;
}

static void run_chunks(void) {
  for (;;) {
    ptrdiff_t chunk = atomic_fetch_add_explicit(&loop.next, 1, memory_order_relaxed);
    if (chunk >= loop.chunks) return;
    ptrdiff_t begin = chunk * loop.grain;
    ptrdiff_t end = loop.count - begin < loop.grain ? loop.count : begin + loop.grain;
    loop.task(loop.context, begin, end);
  }
}

static inline bool is_news(uint64_t state, uint64_t seen) {
  return (state & open_bit) && state / generation_one != seen;
}

/// Joins the open loop, if there is one not yet seen, helps and leaves.
static void help(uint64_t *seen) {
  uint64_t state = atomic_load(&loop.state);
  while (is_news(state, *seen)) {
    if (!atomic_compare_exchange_weak(&loop.state, &state, state + 1)) continue;
    *seen = state / generation_one;
    apus_set_thread_level(loop.level);
    run_chunks();
    atomic_fetch_sub(&loop.state, 1);
    return;
  }
}

static bool spin_for_work(uint64_t seen) {
  int64_t deadline = nanoseconds() + spin_nanoseconds();
  do {
    for (int i = 0; i < 64; i++) {
      if (is_news(atomic_load_explicit(&loop.state, memory_order_relaxed), seen)) return true;
      pause_briefly();
    }
  } while (nanoseconds() < deadline);
  return false;
}

static void *worker(void *argument) {
  const int index = (int)(intptr_t)argument;
  uint64_t seen = ~0ull;
  inside = true;
  for (;;) {
    bool surplus = index + 1 >= atomic_load_explicit(&pool.wanted, memory_order_relaxed);
    if (!surplus && spin_for_work(seen)) {
      help(&seen);
      continue;
    }
    pthread_mutex_lock(&pool.mutex);
    atomic_fetch_add(&pool.parked, 1);
    // Counted as parked first, looking for work second; the caller opens first and counts
    // second: one of the two sees the other.
    while (index + 1 >= atomic_load(&pool.wanted)) {
      pthread_cond_wait(&pool.surplus, &pool.mutex);
    }
    if (!is_news(atomic_load(&loop.state), seen)) pthread_cond_wait(&pool.work, &pool.mutex);
    atomic_fetch_sub(&pool.parked, 1);
    pthread_mutex_unlock(&pool.mutex);
    help(&seen);
  }
  return NULL;
}

static void start_workers(int workers) {
  if (atomic_load_explicit(&pool.started, memory_order_relaxed) >= workers) return;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, worker_stack);
  sigset_t all, before;  // signals are for the program's own threads
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (int index = atomic_load(&pool.started); index < workers; index++) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, worker, (void *)(intptr_t)index) != 0) break;
    atomic_store(&pool.started, index + 1);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
}

static void wake_workers(ptrdiff_t helpers) {
  int parked = atomic_load(&pool.parked);
  if (parked == 0) return;
  ptrdiff_t spinning = atomic_load(&pool.started) - parked;
  ptrdiff_t needed = helpers - spinning;
  if (needed <= 0) return;
  pthread_mutex_lock(&pool.mutex);
  if (needed >= parked) {
    pthread_cond_broadcast(&pool.work);
  } else {
    while (needed-- > 0) pthread_cond_signal(&pool.work);
  }
  pthread_mutex_unlock(&pool.mutex);
}

static void wait_for_helpers(void) {
  for (int64_t spins = 0; atomic_load(&loop.state) & active_mask; spins++) {
    if (spins < 4096) pause_briefly();
    else sched_yield();  // a helper may be off its processor: let it on
  }
}

static void run_inline(ptrdiff_t count, ptrdiff_t grain, apus_task task, void *context) {
  for (ptrdiff_t begin = 0; begin < count;) {
    ptrdiff_t end = count - begin < grain ? count : begin + grain;
    task(context, begin, end);
    begin = end;
  }
}

void apus_parallel_for(ptrdiff_t count, ptrdiff_t grain, apus_task task, void *context) {
  if (grain < 1) grain = 1;
  if (count <= grain) {
    if (count > 0) task(context, 0, count);
    return;
  }
  int threads = inside ? 1 : apus_thread_count();
  if (threads == 1 || atomic_flag_test_and_set_explicit(&pool.busy, memory_order_acquire)) {
    run_inline(count, grain, task, context);
    return;
  }
  start_workers(threads - 1);
  loop.level = apus_thread_level();
  loop.task = task;
  loop.context = context;
  loop.count = count;
  loop.grain = grain;
  loop.chunks = (count - 1) / grain + 1;
  atomic_store_explicit(&loop.next, 0, memory_order_relaxed);
  uint64_t generation = atomic_load_explicit(&loop.state, memory_order_relaxed) & ~active_mask;
  atomic_store(&loop.state, (generation + generation_one) | open_bit);

  ptrdiff_t helpers = loop.chunks - 1 < threads - 1 ? loop.chunks - 1 : threads - 1;
  wake_workers(helpers);
  inside = true;
  run_chunks();
  inside = false;
  atomic_fetch_and(&loop.state, ~open_bit);
  wait_for_helpers();
  atomic_flag_clear_explicit(&pool.busy, memory_order_release);
}
