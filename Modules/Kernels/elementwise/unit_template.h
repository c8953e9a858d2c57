#include "../math/vector.h"
#include "../math/exp.h"
#include "../math/mish.h"
#include "loops.h"

// Input 0 is x, the last one the constants. `x`, `p` and, in a slope, `u` for the upstream gradient
// stand for those in the expressions; vectors and numbers alike.

APUS_INLINE vf APUS_NAME(unit_take)(const float *a, ptrdiff_t left, bool fixed) {
  if (fixed) return (vf)*a;
  return left >= lanes ? v_load(a) : v_load_part(a, left);
}

#define VECTOR(name, value, slope)                                                              \
  static void APUS_NAME(name##_f32)(ptrdiff_t n, const void *const *inputs, unsigned fixed,    \
                                    void *output) {                                            \
    (void)fixed;                                                                               \
    const float *a = inputs[0], *p = inputs[1];                                                \
    float *out = output;                                                                       \
    const float p0 = p[0], p1 = p[1], p2 = p[2];                                               \
    (void)p0, (void)p1, (void)p2;                                                              \
    ptrdiff_t i = 0;                                                                           \
    for (; i + lanes <= n; i += lanes) {                                                       \
      const vf x = v_load(a + i);                                                              \
      v_store(out + i, value);                                                                 \
    }                                                                                          \
    if (i < n) {                                                                               \
      const vf x = v_load_part(a + i, n - i);                                                  \
      v_store_part(out + i, value, n - i);                                                     \
    }                                                                                          \
  }                                                                                            \
  static void APUS_NAME(name##_slope_f32)(ptrdiff_t n, const void *const *inputs,              \
                                          unsigned fixed, void *output) {                      \
    const float *a = inputs[0], *upstream = inputs[1], *p = inputs[2];                         \
    float *out = output;                                                                       \
    const float p0 = p[0], p1 = p[1], p2 = p[2];                                               \
    (void)p0, (void)p1, (void)p2;                                                              \
    const bool one = fixed & 1, same = fixed & 2;                                              \
    for (ptrdiff_t i = 0; i < n; i += lanes) {                                                 \
      const vf x = APUS_NAME(unit_take)(one ? a : a + i, n - i, one);                          \
      const vf u = APUS_NAME(unit_take)(same ? upstream : upstream + i, n - i, same);          \
      const vf y = slope;                                                                      \
      if (n - i >= lanes) {                                                                    \
        v_store(out + i, y);                                                                   \
      } else {                                                                                 \
        v_store_part(out + i, y, n - i);                                                       \
      }                                                                                        \
    }                                                                                          \
  }

#define SCALAR(loop, name, value, slope)                                                       \
  static void APUS_NAME(name##_f64)(ptrdiff_t n, const void *const *inputs, unsigned fixed,    \
                                    void *output) {                                            \
    (void)fixed;                                                                               \
    const double *a = inputs[0], *p = inputs[1];                                               \
    double *out = output;                                                                      \
    const double p0 = p[0], p1 = p[1], p2 = p[2];                                              \
    (void)p0, (void)p1, (void)p2;                                                              \
    loop for (ptrdiff_t i = 0; i < n; i++) {                                                   \
      const double x = a[i];                                                                   \
      out[i] = (value);                                                                        \
    }                                                                                          \
  }                                                                                            \
  static void APUS_NAME(name##_slope_f64)(ptrdiff_t n, const void *const *inputs,              \
                                          unsigned fixed, void *output) {                      \
    const double *a = inputs[0], *upstream = inputs[1], *p = inputs[2];                        \
    double *out = output;                                                                      \
    const double p0 = p[0], p1 = p[1], p2 = p[2];                                              \
    (void)p0, (void)p1, (void)p2;                                                              \
    const ptrdiff_t step = fixed & 1 ? 0 : 1, upstream_step = fixed & 2 ? 0 : 1;               \
    for (ptrdiff_t i = 0; i < n; i++) {                                                        \
      const double x = a[i * step], u = upstream[i * upstream_step];                           \
      out[i] = (slope);                                                                        \
    }                                                                                          \
  }

#define UNIT(name, value, slope) VECTOR(name, value, slope) SCALAR(APUS_LOOP, name, value, slope)
// A number where vectors are expected becomes one.
#define IS(condition, yes, no) ((condition) ? (__typeof__(x))(yes) : (__typeof__(x))(no))
#define WITHIN(lower, upper) IS(x < (lower), lower, IS(x > (upper), upper, x))
#define PART(number) ((__typeof__(p0))(number))
#define SHRUNK (1 / (1 + __builtin_elementwise_abs(x)))

UNIT(leaky_relu, IS(x > 0, x, p0 == 0 ? IS(x != x, x, 0) : p0 * x), IS(x > 0, u, p0 * u))
UNIT(hard_tanh, WITHIN(p0, p1), IS((x > p0) & (x < p1), u, 0))
UNIT(hard_sigmoid, IS(x < -3, 0, IS(x > 3, 1, (x + 3) * PART(1.0 / 6))),
     IS((x > -3) & (x < 3), u * PART(1.0 / 6), 0))
UNIT(hard_swish, IS(x < -3, PART(-0.0), IS(x > 3, x, x * ((x + 3) * PART(1.0 / 6)))),
     u * IS(x > -3, IS(x < 3, x * PART(1.0 / 3) + PART(0.5), 1), 0))
// From 10^30 on the quotient is 1.
UNIT(softsign, WITHIN(-PART(1e30), PART(1e30)) /
                   (1 + __builtin_elementwise_abs(WITHIN(-PART(1e30), PART(1e30)))),
     u * (SHRUNK * SHRUNK))

VECTOR(exponential, IS(x > 0, p0 * x, p1 * v_expm1(p2 * x)),
       u * IS(x > 0, p0, p1 * p2 * v_exp(p2 * x)))
SCALAR(, exponential, x > 0 ? p0 * x : p1 * expm1(p2 * x),
       u * (x > 0 ? p0 : p1 * p2 * exp(p2 * x)))
VECTOR(mish, v_mish(x), u * v_mish_slope(x))
SCALAR(, mish, apus_mish(x), u * apus_mish_slope(x))

#undef VECTOR
#undef SCALAR
#undef UNIT
#undef IS
#undef WITHIN
#undef PART
#undef SHRUNK

#define ENTRY(name)                                                                     \
  [apus_unit_##name] = {                                                                \
    {APUS_NAME(name##_f32), APUS_NAME(name##_f64)},                                     \
    {APUS_NAME(name##_slope_f32), APUS_NAME(name##_slope_f64)},                         \
  }

/// By unit, derivative or not, and float64 or not.
static const apus_kernel APUS_NAME(unit_kernels)[apus_unit_mish + 1][2][2] = {
  ENTRY(leaky_relu), ENTRY(hard_tanh), ENTRY(hard_sigmoid), ENTRY(hard_swish),
  ENTRY(exponential), ENTRY(softsign), ENTRY(mish),
};

#undef ENTRY
