#include "elementwise.h"

#include "parallel.h"
#include "walk.h"

#define APUS_TEMPLATE "../elementwise/scaled_template.h"
#include "../math/each_level.h"

typedef struct scaled {
  apus_dtype type;
  apus_level level;
  double scale;
  const void *a;
  void *out;
} scaled;

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  static void (*const single[])(ptrdiff_t, float, const float *, float *) =
      APUS_AT_LEVEL(add_scaled_f32);
  static void (*const wide[])(ptrdiff_t, double, const double *, double *) =
      APUS_AT_LEVEL(add_scaled_f64);
  const scaled *s = context;
  if (s->type == apus_dtype_float32) {
    single[s->level](end - begin, (float)s->scale, (const float *)s->a + begin,
                     (float *)s->out + begin);
  } else {
    wide[s->level](end - begin, s->scale, (const double *)s->a + begin, (double *)s->out + begin);
  }
}

void apus_add_scaled(apus_dtype type, ptrdiff_t count, double scale, const void *a, void *out) {
  if (type != apus_dtype_float32 && type != apus_dtype_float64) {
    apus_unsupported("apus_add_scaled", 0, type);
  }
  scaled s = {type, apus_current_level(), scale, a, out};
  ptrdiff_t grain = type == apus_dtype_float32 ? 65536 : 32768;
  if (count <= 2 * grain) {
    run(&s, 0, count);
  } else {
    apus_parallel_for(count, grain, run, &s);
  }
}
