#include "../math/vector.h"
#include "../math/exp.h"
#include "../math/gelu.h"
#include "loops.h"

#define FLOATS(name, expression)                                     \
  APUS_BINARY_LOOP(APUS_LOOP, name##_f32, float, float, expression)  \
  APUS_BINARY_LOOP(APUS_LOOP, name##_f64, double, double, expression)

#define INTEGERS(pragma, name, expression)                              \
  APUS_BINARY_LOOP(pragma, name##_i32, int32_t, int32_t, expression)    \
  APUS_BINARY_LOOP(pragma, name##_i64, int64_t, int64_t, expression)

#define BOOL(name, expression) \
  APUS_BINARY_LOOP(APUS_LOOP, name##_bool, uint8_t, uint8_t, expression)

#define SCALAR(name, single, wide)                             \
  APUS_BINARY_LOOP(, name##_f32, float, float, single)         \
  APUS_BINARY_LOOP(, name##_f64, double, double, wide)

APUS_INLINE vf APUS_NAME(v_take)(const float *p, ptrdiff_t i, ptrdiff_t left, unsigned fixed) {
  if (fixed) return (vf)*p;
  return left >= lanes ? v_load(p + i) : v_load_part(p + i, left);
}

// `x` and `y` stand for vectors here.
#define VECTOR(name, expression)                                                               \
  static void APUS_NAME(name##_f32)(ptrdiff_t n, const void *const *inputs, unsigned fixed,   \
                                    void *output) {                                           \
    float *out = output;                                                                      \
    for (ptrdiff_t i = 0; i < n; i += lanes) {                                                \
      vf x = APUS_NAME(v_take)(inputs[0], i, n - i, fixed & 1);                               \
      vf y = APUS_NAME(v_take)(inputs[1], i, n - i, fixed & 2);                               \
      if (n - i >= lanes) {                                                                   \
        v_store(out + i, expression);                                                         \
      } else {                                                                                \
        v_store_part(out + i, expression, n - i);                                             \
      }                                                                                       \
    }                                                                                         \
  }

#define MATH(name, vector, scalar) \
  VECTOR(name, vector)             \
  APUS_BINARY_LOOP(, name##_f64, double, double, scalar)

// Integers wrap around.
INTEGERS(APUS_LOOP, add, (__typeof__(x))((uint64_t)x + (uint64_t)y))
INTEGERS(APUS_LOOP, subtract, (__typeof__(x))((uint64_t)x - (uint64_t)y))
INTEGERS(APUS_LOOP, multiply, (__typeof__(x))((uint64_t)x * (uint64_t)y))
INTEGERS(APUS_LOOP, maximum, x > y ? x : y)
INTEGERS(APUS_LOOP, minimum, x < y ? x : y)
// -1 is apart because the lowest number's negative overflows.
INTEGERS(, divide, y == 0 ? 0 : y == -1 ? (__typeof__(x))(0 - (uint64_t)x) : x / y)
INTEGERS(, remainder, y == 0 || y == -1 ? 0 : x % y)

BOOL(add, x | y)
BOOL(subtract, x ^ y)
BOOL(multiply, x & y)
BOOL(maximum, x | y)
BOOL(minimum, x & y)

FLOATS(add, x + y)
FLOATS(subtract, x - y)
FLOATS(multiply, x * y)
FLOATS(divide, x / y)
FLOATS(maximum, ((x > y) | (x != x)) ? x : y)
FLOATS(minimum, ((x < y) | (x != x)) ? x : y)

SCALAR(remainder, fmodf(x, y), fmod(x, y))
// The commonest exponents; a product rounds as pow does.
SCALAR(power, y == 2 ? x * x : y == 1 ? x : powf(x, y), y == 2 ? x * x : y == 1 ? x : pow(x, y))
SCALAR(atan2, atan2f(x, y), atan2(x, y))

FLOATS(tanh_from_output, x * (1 - y * y))
FLOATS(sigmoid_from_output, x * (y * (1 - y)))
FLOATS(relu_from_output, y > 0 ? x : 0)

MATH(softplus_from_output, -x * v_expm1(-y), -x * expm1(-y))
MATH(softplus_from_input, x * v_sigmoid(y), x * apus_sigmoid(y))
MATH(gelu_from_input, x * v_gelu_slope(y), x * apus_gelu_slope(y))
MATH(gelu_tanh_from_input, x * v_gelu_tanh_slope(y), x * apus_gelu_tanh_slope(y))
MATH(silu_from_input, x * v_silu_slope(y), x * apus_silu_slope(y))

#undef FLOATS
#undef INTEGERS
#undef BOOL
#undef SCALAR
#undef VECTOR
#undef MATH

#define ENTRY(name, type, suffix) \
  [apus_binary_##name][apus_dtype_##type] = APUS_NAME(name##_##suffix)
#define FLOATS(name) ENTRY(name, float32, f32), ENTRY(name, float64, f64)
#define NUMBERS(name) ENTRY(name, int32, i32), ENTRY(name, int64, i64), FLOATS(name)
#define ALL(name) ENTRY(name, bool, bool), NUMBERS(name)

static const apus_kernel
    APUS_NAME(binary_kernels)[apus_binary_silu_from_input + 1][apus_dtype_float64 + 1] = {
  ALL(add), ALL(subtract), ALL(multiply), ALL(maximum), ALL(minimum),
  NUMBERS(divide), NUMBERS(remainder), FLOATS(power), FLOATS(atan2),
  FLOATS(tanh_from_output), FLOATS(sigmoid_from_output), FLOATS(softplus_from_output),
  FLOATS(relu_from_output), FLOATS(softplus_from_input), FLOATS(gelu_from_input),
  FLOATS(gelu_tanh_from_input), FLOATS(silu_from_input),
};

#undef ENTRY
#undef FLOATS
#undef NUMBERS
#undef ALL
