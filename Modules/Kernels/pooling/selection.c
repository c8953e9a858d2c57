#include "parallel.h"
#include "plan.h"

#include <string.h>

// Moving elements to and from the places that codes name.

typedef struct selection {
  const pool_plan *plan;
  const void *codes, *from;
  void *to;
} selection;

// Runs BODY for each output of planes [begin, end), with `o` its position in the plane, `at` the
// place in its plane that its code names and `plane` the plane's number.
#define EACH(CODE, plan, all_codes, BODY)                                                  \
  do {                                                                                     \
    const pool_windows *d = &(plan)->axis[0], *h = &(plan)->axis[1], *w = &(plan)->axis[2]; \
    const ptrdiff_t *offset = (plan)->offset;                                              \
    for (ptrdiff_t plane = begin; plane < end; plane++) {                                  \
      const CODE *codes = (const CODE *)(all_codes) + plane * (plan)->output;              \
      ptrdiff_t o = 0;                                                                     \
      for (ptrdiff_t od = 0; od < d->output; od++)                                         \
      for (ptrdiff_t oh = 0; oh < h->output; oh++) {                                       \
        ptrdiff_t row = (d->first[od] * h->size + h->first[oh]) * w->size;                 \
        for (ptrdiff_t ow = 0; ow < w->output; ow++, o++) {                                \
          ptrdiff_t at = row + w->first[ow] + offset[codes[o]];                            \
          BODY;                                                                            \
        }                                                                                  \
      }                                                                                    \
    }                                                                                      \
  } while (0)

#define SELECTION(NUMBER, CODE, name)                                                      \
  static void gather_##name(void *context, ptrdiff_t begin, ptrdiff_t end) {               \
    const selection *s = context;                                                          \
    const NUMBER *x = s->from;                                                             \
    NUMBER *y = s->to;                                                                     \
    ptrdiff_t size = s->plan->size, output = s->plan->output;                              \
    EACH(CODE, s->plan, s->codes, y[plane * output + o] = x[plane * size + at]);           \
  }                                                                                        \
  static void scatter_##name(void *context, ptrdiff_t begin, ptrdiff_t end) {              \
    const selection *s = context;                                                          \
    const NUMBER *dy = s->from;                                                            \
    NUMBER *dx = s->to;                                                                    \
    ptrdiff_t size = s->plan->size, output = s->plan->output;                              \
    for (ptrdiff_t first = begin; first < end; first++) {                                  \
      /* Plane by plane, so that the zeros are still in the cache. */                      \
      ptrdiff_t begin = first, end = first + 1;                                            \
      memset(dx + first * size, 0, (size_t)size * sizeof(NUMBER));                         \
      EACH(CODE, s->plan, s->codes, dx[plane * size + at] += dy[plane * output + o]);      \
    }                                                                                      \
  }

SELECTION(float, uint8_t, float_narrow)
SELECTION(float, uint32_t, float_wide)
SELECTION(double, uint8_t, double_narrow)
SELECTION(double, uint32_t, double_wide)

static void places_narrow(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const selection *s = context;
  int64_t *places = s->to;
  EACH(uint8_t, s->plan, s->codes, places[plane * s->plan->output + o] = at);
}

static void places_wide(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const selection *s = context;
  int64_t *places = s->to;
  EACH(uint32_t, s->plan, s->codes, places[plane * s->plan->output + o] = at);
}

static void run(const apus_pooling *pooling, selection work, apus_task narrow, apus_task wide) {
  pool_plan plan = pool_plan_of(pooling, 4);
  work.plan = &plan;
  apus_parallel_for(pooling->planes, pool_grain(plan.size + plan.output),
                    plan.code_size == 1 ? narrow : wide, &work);
  pool_plan_free(&plan);
}

void apus_max_pool_gather(apus_dtype type, const apus_pooling *pooling, const void *codes,
                          const void *x, void *y) {
  selection work = {.codes = codes, .from = x, .to = y};
  bool is_double = type == apus_dtype_float64;
  run(pooling, work, is_double ? gather_double_narrow : gather_float_narrow,
      is_double ? gather_double_wide : gather_float_wide);
}

void pool_scatter(apus_dtype type, const apus_pooling *pooling, const void *codes,
                  const void *dy, void *dx) {
  selection work = {.codes = codes, .from = dy, .to = dx};
  bool is_double = type == apus_dtype_float64;
  run(pooling, work, is_double ? scatter_double_narrow : scatter_float_narrow,
      is_double ? scatter_double_wide : scatter_float_wide);
}

void apus_max_pool_places(const apus_pooling *pooling, const void *codes, int64_t *places) {
  selection work = {.codes = codes, .to = places};
  run(pooling, work, places_narrow, places_wide);
}
