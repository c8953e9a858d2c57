#include "kernel.h"

#include <math.h>

#define APUS_TEMPLATE "../reduce/log_sum_exp.inc"
#include "../machine/levels.h"

static float (*const exp_sums[])(const float *, ptrdiff_t, float) = APUS_AT_LEVEL(exp_sum);
static void (*const exp_adders[])(const float *, const float *, float *, ptrdiff_t) =
    APUS_AT_LEVEL(add_exps);

static double exp_sum_wide(const double *a, ptrdiff_t count, double maximum) {
  double s0 = 0, s1 = 0;
  ptrdiff_t i = 0;
  for (; i + 2 <= count; i += 2) {
    s0 += exp(a[i] - maximum);
    s1 += exp(a[i + 1] - maximum);
  }
  return i < count ? s0 + s1 + exp(a[i] - maximum) : s0 + s1;
}

static void add_exps_wide(const double *a, const double *maxima, double *sums, ptrdiff_t count) {
  for (ptrdiff_t c = 0; c < count; c++) sums[c] += exp(a[c] - maxima[c]);
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
