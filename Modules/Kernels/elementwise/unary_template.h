#include "../math/vector.h"
#include "../math/exp.h"
#include "../math/log.h"
#include "../math/gelu.h"
#include "../math/trigonometric.h"
#include "../math/wide.h"
#include "loops.h"

#define NUMBERS(name, float_expression, wrapping_expression)                        \
  APUS_UNARY_LOOP(APUS_LOOP, name##_i32, int32_t, int32_t, wrapping_expression)     \
  APUS_UNARY_LOOP(APUS_LOOP, name##_i64, int64_t, int64_t, wrapping_expression)     \
  FLOATS(name, float_expression)

#define FLOATS(name, expression)                                    \
  APUS_UNARY_LOOP(APUS_LOOP, name##_f32, float, float, expression)  \
  APUS_UNARY_LOOP(APUS_LOOP, name##_f64, double, double, expression)

// The last elements go through a whole vector too: an element's place does not change its bits.
#define VECTOR(name, function)                                                               \
  static void APUS_NAME(name##_f32)(ptrdiff_t n, const void *const *inputs, unsigned fixed,  \
                                    void *output) {                                          \
    (void)fixed;                                                                             \
    const float *a = inputs[0];                                                              \
    float *out = output;                                                                     \
    ptrdiff_t i = 0;                                                                         \
    for (; i + lanes <= n; i += lanes) v_store(out + i, function(v_load(a + i)));            \
    if (i < n) v_store_part(out + i, function(v_load_part(a + i, n - i)), n - i);            \
  }

#define WIDE(name, function)                                                                 \
  static void APUS_NAME(name##_f64)(ptrdiff_t n, const void *const *inputs, unsigned fixed,  \
                                    void *output) {                                          \
    (void)fixed;                                                                             \
    const double *a = inputs[0];                                                             \
    double *out = output;                                                                    \
    ptrdiff_t i = 0;                                                                         \
    for (; i + wide_lanes <= n; i += wide_lanes) {                                           \
      *(vw_loose *)(out + i) = function(*(const vw_loose *)(a + i));                         \
    }                                                                                        \
    if (i < n) {                                                                             \
      vw rest = 0.0;                                                                         \
      memcpy(&rest, a + i, (size_t)(n - i) * sizeof(double));                                \
      rest = function(rest);                                                                 \
      memcpy(out + i, &rest, (size_t)(n - i) * sizeof(double));                              \
    }                                                                                        \
  }

#define BOTH(name, single, wide) \
  VECTOR(name, single)           \
  WIDE(name, wide)

#define MATH(name, vector, scalar) \
  VECTOR(name, vector)             \
  APUS_UNARY_LOOP(, name##_f64, double, double, scalar)

NUMBERS(negate, -x, (0 - (uint64_t)x))
NUMBERS(abs, __builtin_elementwise_abs(x), (x < 0 ? 0 - (uint64_t)x : (uint64_t)x))
NUMBERS(sign, x > 0 ? 1 : x < 0 ? -1 : x, (x > 0) - (x < 0))
NUMBERS(square, x * x, ((uint64_t)x * (uint64_t)x))
APUS_UNARY_LOOP(APUS_LOOP, not_bool, uint8_t, uint8_t, x == 0)

FLOATS(sqrt, __builtin_elementwise_sqrt(x))
FLOATS(rsqrt, 1 / __builtin_elementwise_sqrt(x))
FLOATS(reciprocal, 1 / x)
FLOATS(relu, 0 > x ? 0 : x)
FLOATS(heaviside, x > 0 ? 1 : x < 0 ? 0 : x == 0 ? (__typeof__(x))0.5 : x)
FLOATS(floor, __builtin_elementwise_floor(x))
FLOATS(ceil, __builtin_elementwise_ceil(x))
FLOATS(round, __builtin_elementwise_rint(x))
FLOATS(trunc, __builtin_elementwise_trunc(x))

BOTH(exp, v_exp, w_exp)
BOTH(expm1, v_expm1, w_expm1)
BOTH(log, v_log, w_log)
BOTH(log1p, v_log1p, w_log1p)
MATH(sin, v_sin, sin(x))
MATH(cos, v_cos, cos(x))
BOTH(tanh, v_tanh, w_tanh)
MATH(erf, v_erf, erf(x))
BOTH(sigmoid, v_sigmoid, w_sigmoid)
BOTH(softplus, v_softplus, w_softplus)
MATH(gelu, v_gelu, apus_gelu(x))
MATH(gelu_tanh, v_gelu_tanh, apus_gelu_tanh(x))
MATH(silu, v_silu, apus_silu(x))

// Rare ones: correctly rounded from float64 but for one case in 10^8.
APUS_UNARY_LOOP(, tan_f32, float, float, (float)tan((double)x))
APUS_UNARY_LOOP(, tan_f64, double, double, tan(x))
APUS_UNARY_LOOP(, atan_f32, float, float, (float)atan((double)x))
APUS_UNARY_LOOP(, atan_f64, double, double, atan(x))

#undef NUMBERS
#undef FLOATS
#undef VECTOR
#undef WIDE
#undef BOTH
#undef MATH

#define ENTRY(name, type, suffix) \
  [apus_unary_##name][apus_dtype_##type] = APUS_NAME(name##_##suffix)
#define FLOATS(name) ENTRY(name, float32, f32), ENTRY(name, float64, f64)
#define NUMBERS(name) ENTRY(name, int32, i32), ENTRY(name, int64, i64), FLOATS(name)

static const apus_kernel APUS_NAME(unary_kernels)[apus_unary_trunc + 1][apus_dtype_float64 + 1] = {
  NUMBERS(negate), NUMBERS(abs), NUMBERS(sign), NUMBERS(square), ENTRY(not, bool, bool),
  FLOATS(sqrt), FLOATS(rsqrt), FLOATS(reciprocal), FLOATS(exp), FLOATS(expm1), FLOATS(log),
  FLOATS(log1p), FLOATS(sin), FLOATS(cos), FLOATS(tan), FLOATS(atan), FLOATS(tanh), FLOATS(erf),
  FLOATS(sigmoid), FLOATS(softplus), FLOATS(relu), FLOATS(heaviside), FLOATS(gelu),
  FLOATS(gelu_tanh), FLOATS(silu), FLOATS(floor), FLOATS(ceil), FLOATS(round), FLOATS(trunc),
};

#undef ENTRY
#undef FLOATS
#undef NUMBERS
