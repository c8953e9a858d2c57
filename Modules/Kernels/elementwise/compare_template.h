#include "loops.h"

#define LOOPS(name, expression)                                                 \
  APUS_BINARY_LOOP(APUS_LOOP, name##_bool, uint8_t, uint8_t, expression)        \
  APUS_BINARY_LOOP(APUS_LOOP, name##_i32, int32_t, uint8_t, expression)         \
  APUS_BINARY_LOOP(APUS_LOOP, name##_i64, int64_t, uint8_t, expression)         \
  APUS_BINARY_LOOP(APUS_LOOP, name##_f32, float, uint8_t, expression)           \
  APUS_BINARY_LOOP(APUS_LOOP, name##_f64, double, uint8_t, expression)

LOOPS(equal, x == y)
LOOPS(not_equal, x != y)
LOOPS(less, x < y)
LOOPS(less_equal, x <= y)
LOOPS(greater, x > y)
LOOPS(greater_equal, x >= y)
#undef LOOPS

#define LOOPS(name, expression)                                         \
  APUS_UNARY_LOOP(APUS_LOOP, name##_f32, float, uint8_t, expression)    \
  APUS_UNARY_LOOP(APUS_LOOP, name##_f64, double, uint8_t, expression)

LOOPS(is_nan, x != x)
LOOPS(is_finite, x - x == 0)
LOOPS(is_infinite, (x == x) & (x - x != 0))
#undef LOOPS

// The condition is a byte; elements are moved by size, whatever their type. Bit 1 of `fixed` is
// for the first choice, bit 2 for the second.
#define SELECT(type)                                                                           \
  static void APUS_NAME(select_##type)(ptrdiff_t n, const void *const *inputs, unsigned fixed, \
                                       void *output) {                                         \
    const uint8_t *condition = inputs[0];                                                      \
    const type *a = inputs[1], *b = inputs[2];                                                 \
    type *out = output;                                                                        \
    const type a0 = *a, b0 = *b;                                                               \
    if (fixed == 0) {                                                                          \
      APUS_LOOP for (ptrdiff_t i = 0; i < n; i++) {                                            \
        const type x = a[i], y = b[i];                                                         \
        out[i] = condition[i] ? x : y;                                                         \
      }                                                                                        \
    } else if (fixed == 2) {                                                                   \
      APUS_LOOP for (ptrdiff_t i = 0; i < n; i++) {                                            \
        const type y = b[i];                                                                   \
        out[i] = condition[i] ? a0 : y;                                                        \
      }                                                                                        \
    } else if (fixed == 4) {                                                                   \
      APUS_LOOP for (ptrdiff_t i = 0; i < n; i++) {                                            \
        const type x = a[i];                                                                   \
        out[i] = condition[i] ? x : b0;                                                        \
      }                                                                                        \
    } else {                                                                                   \
      APUS_LOOP for (ptrdiff_t i = 0; i < n; i++) out[i] = condition[i] ? a0 : b0;             \
    }                                                                                          \
  }

SELECT(uint8_t)
SELECT(uint32_t)
SELECT(uint64_t)
#undef SELECT

#define ENTRIES(name) \
  [apus_comparison_##name] = {APUS_NAME(name##_bool), APUS_NAME(name##_i32), \
                              APUS_NAME(name##_i64), APUS_NAME(name##_f32), APUS_NAME(name##_f64)}

static const apus_kernel
    APUS_NAME(comparison_kernels)[apus_comparison_greater_equal + 1][apus_dtype_float64 + 1] = {
  ENTRIES(equal), ENTRIES(not_equal), ENTRIES(less), ENTRIES(less_equal), ENTRIES(greater),
  ENTRIES(greater_equal),
};
#undef ENTRIES

/// For float32 and float64.
static const apus_kernel APUS_NAME(predicate_kernels)[apus_predicate_is_infinite + 1][2] = {
  [apus_predicate_is_nan] = {APUS_NAME(is_nan_f32), APUS_NAME(is_nan_f64)},
  [apus_predicate_is_finite] = {APUS_NAME(is_finite_f32), APUS_NAME(is_finite_f64)},
  [apus_predicate_is_infinite] = {APUS_NAME(is_infinite_f32), APUS_NAME(is_infinite_f64)},
};

/// By element size.
static const apus_kernel APUS_NAME(select_kernels)[9] = {
  [1] = APUS_NAME(select_uint8_t), [4] = APUS_NAME(select_uint32_t),
  [8] = APUS_NAME(select_uint64_t),
};
