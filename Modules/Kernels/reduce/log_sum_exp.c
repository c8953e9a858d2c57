#include "kernel.h"

#include <math.h>

#include "elementwise.h"

#define APUS_TEMPLATE "../reduce/log_sum_exp.inc"
#include "../machine/levels.h"

static float (*const exp_sums[])(const float *, ptrdiff_t, float) = APUS_AT_LEVEL(exp_sum);
static void (*const exp_adders[])(const float *, const float *, float *, ptrdiff_t) =
    APUS_AT_LEVEL(add_exps);

enum { piece = 512 };

/// e[i] = exp(a[i] - maxima[i * step]).
static void exps(const double *a, const double *maxima, ptrdiff_t step, ptrdiff_t count,
                 double *e) {
  const ptrdiff_t dense = 1;
  for (ptrdiff_t i = 0; i < count; i++) e[i] = a[i] - maxima[i * step];
  apus_apply_unary(apus_unary_exp, apus_dtype_float64, 1, &count, e, &dense, e);
}

static double exp_sum_wide(const double *a, ptrdiff_t count, double maximum) {
  double s0 = 0, s1 = 0, e[piece];
  for (ptrdiff_t begin = 0; begin < count; begin += piece) {
    ptrdiff_t part = count - begin < piece ? count - begin : piece, i = 0;
    exps(a + begin, &maximum, 0, part, e);
    for (; i + 2 <= part; i += 2) {
      s0 += e[i];
      s1 += e[i + 1];
    }
    if (i < part) s0 += e[i];
  }
  return s0 + s1;
}

static void add_exps_wide(const double *a, const double *maxima, double *sums, ptrdiff_t count) {
  double e[piece];
  for (ptrdiff_t begin = 0; begin < count; begin += piece) {
    ptrdiff_t part = count - begin < piece ? count - begin : piece;
    exps(a + begin, maxima + begin, 1, part, e);
    for (ptrdiff_t i = 0; i < part; i++) sums[begin + i] += e[i];
  }
}

#define T float
#define WIDE 0
#define SUM(name) name##_float32
#define EXP expf
#define LOG logf
#define EXP_SUM exp_sums[level]
#define ADD_EXPS exp_adders[level]
#include "log_sum_exp_kernel.inc"

#define T double
#define WIDE 1
#define SUM(name) name##_float64
#define EXP exp
#define LOG log
#define EXP_SUM exp_sum_wide
#define ADD_EXPS add_exps_wide
#include "log_sum_exp_kernel.inc"

const reduction_kernel *apus_log_sum_exp_kernel(bool wide) {
  return wide ? &kernel_float64 : &kernel_float32;
}
