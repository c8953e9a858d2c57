#include <math.h>
#include <string.h>

#include "memory.h"
#include "parallel.h"
#include "plan.h"

typedef struct max_job {
  const pool_plan *plan;
  const void *x;
  void *y, *codes;
} max_job;

/// The gradient of pairs, which reads codes and dy, and writes dx.
typedef struct spread_job {
  const apus_pooling *pooling;
  const uint8_t *codes;
  const void *dy;
  void *dx;
} spread_job;

/// The places that the windows [begin, end) of an axis reach from and to.
static void reach(const pool_windows *w, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t *low,
                  ptrdiff_t *high) {
  *low = w->size;
  *high = 0;
  for (ptrdiff_t o = begin; o < end; o++) {
    ptrdiff_t from = w->first[o] + w->from[o] * w->step;
    ptrdiff_t to = w->first[o] + (w->to[o] - 1) * w->step + 1;
    if (from < *low) *low = from;
    if (to > *high) *high = to;
  }
}

#define APUS_TEMPLATE "../pooling/maximum.inc"
#include "../machine/levels.h"

typedef struct max_kernels {
  apus_task bands, pairs, spread;
} max_kernels;

#define KERNELS(NUMBER, level) \
  {max_bands_##NUMBER##_##level, max_pairs_##NUMBER##_##level, max_spread_##NUMBER##_##level}

static const max_kernels kernels[][2] = {
  {KERNELS(float, portable), KERNELS(double, portable)},
#if defined(__x86_64__)
  {KERNELS(float, avx2), KERNELS(double, avx2)},
  {KERNELS(float, avx512), KERNELS(double, avx512)},
#endif
};

static const max_kernels *kernels_for(apus_dtype type) {
  return &kernels[apus_current_level()][type == apus_dtype_float64];
}

void apus_max_pool(apus_dtype type, const apus_pooling *pooling, const void *x, void *y,
                   void *codes) {
  pool_plan plan = pool_plan_of(pooling, type == apus_dtype_float64 ? 8 : 4);
  max_job job = {&plan, x, y, codes};
  const max_kernels *k = kernels_for(type);
  if (pool_is_pairs(pooling)) {
    apus_parallel_for(pooling->planes, pool_grain(plan.size), k->pairs, &job);
  } else {
    apus_parallel_for(pooling->planes * plan.bands, pool_grain(plan.size / plan.bands), k->bands,
                      &job);
  }
  pool_plan_free(&plan);
}

void apus_max_pool_scatter(apus_dtype type, const apus_pooling *pooling, const void *codes,
                           const void *dy, void *dx) {
  if (!pool_is_pairs(pooling)) {
    pool_scatter(type, pooling, codes, dy, dx);
    return;
  }
  spread_job job = {pooling, codes, dy, dx};
  ptrdiff_t size = pooling->axis[1].size * pooling->axis[2].size;
  apus_parallel_for(pooling->planes, pool_grain(size), kernels_for(type)->spread, &job);
}
