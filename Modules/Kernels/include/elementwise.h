#pragma once
#include "types.h"

// Elementwise functions. The result is dense and row-major; operands have any strides (0
// broadcasts). The output may be the very memory of a dense operand (in place), but must not
// overlap an operand otherwise. Extents may be 0; rank may be 0 (one element).

typedef enum APUS_CLOSED apus_unary : int32_t {
  // every number type (bool: not)
  apus_unary_negate, apus_unary_abs, apus_unary_sign, apus_unary_square, apus_unary_not,
  // float32 and float64
  apus_unary_sqrt, apus_unary_rsqrt, apus_unary_reciprocal,
  apus_unary_exp, apus_unary_expm1, apus_unary_log, apus_unary_log1p,
  apus_unary_sin, apus_unary_cos, apus_unary_tan, apus_unary_atan, apus_unary_tanh, apus_unary_erf,
  apus_unary_sigmoid, apus_unary_softplus, apus_unary_relu, apus_unary_heaviside,
  apus_unary_gelu, apus_unary_gelu_tanh, apus_unary_silu,
  apus_unary_floor, apus_unary_ceil, apus_unary_round, apus_unary_trunc,
} apus_unary;

// Largest error found of the float32 functions against float64, in units in the last place, over
// the whole range. The first figure is for levels with fused multiply-add, the second without:
//   exp 1.1 1.1   expm1 1.7 1.8   log 1.0 1.0   log1p 1.5 1.6   sin, cos 1.6 1.6   tan, atan 0.5
//   tanh 1.8 1.8  sigmoid 2.0 2.0 softplus 2.0 2.5  erf 1.1 1.4  silu 1.9 2.0  gelu_tanh 2.0 2.3
//   gelu 2.0 2.1 for x > 0 and 3.4 4.0 below, down to the last subnormal result.
// float64: 2 for exp, expm1, log, log1p, tanh, sigmoid and softplus; the others go through the C
// library: 2 to 3. An element's result does not depend on its place.

/// out[i] = f(a[i]); out has a's type. `round` is to nearest, ties to even. heaviside(0) = 1/2.
void apus_apply_unary(apus_unary op, apus_dtype type, int rank, const ptrdiff_t *shape,
                      const void *a, const ptrdiff_t *a_strides, void *out);

typedef enum APUS_CLOSED apus_predicate : int32_t {
  apus_predicate_is_nan, apus_predicate_is_finite, apus_predicate_is_infinite,
} apus_predicate;

/// out[i] = predicate(a[i]), as bool.
void apus_apply_predicate(apus_predicate op, apus_dtype type, int rank, const ptrdiff_t *shape,
                          const void *a, const ptrdiff_t *a_strides, void *out);

typedef enum APUS_CLOSED apus_binary : int32_t {
  // every number type (maximum and minimum propagate NaN; bool: add = or, multiply = and,
  // maximum = or, minimum = and, subtract = exclusive or)
  apus_binary_add, apus_binary_subtract, apus_binary_multiply, apus_binary_maximum,
  apus_binary_minimum,
  // integers: quotient and remainder truncate toward zero as in Swift, a zero divisor gives 0;
  // floats: a / b, and fmod
  apus_binary_divide, apus_binary_remainder,
  // float32 and float64
  apus_binary_power, apus_binary_atan2,
  // derivatives with the upstream gradient a, given b: the output y or the input x of the function
  apus_binary_tanh_from_output,       // a (1 - y²)
  apus_binary_sigmoid_from_output,    // a y (1 - y)
  apus_binary_softplus_from_output,   // a (1 - exp(-y)), by expm1
  apus_binary_relu_from_output,       // a if y > 0, else 0
  apus_binary_softplus_from_input,    // a sigmoid(x)
  apus_binary_gelu_from_input,        // a (Phi(x) + x phi(x))
  apus_binary_gelu_tanh_from_input,
  apus_binary_silu_from_input,        // a s (1 + x (1 - s)), s = sigmoid(x)
} apus_binary;

/// out[i] = f(a[i], b[i]); both operands and out have the same type.
void apus_apply_binary(apus_binary op, apus_dtype type, int rank, const ptrdiff_t *shape,
                       const void *a, const ptrdiff_t *a_strides,
                       const void *b, const ptrdiff_t *b_strides, void *out);

/// Activation functions with constants, p.
typedef enum APUS_CLOSED apus_unit : int32_t {
  apus_unit_leaky_relu,    // x for x > 0, p0 x else (0 for p0 = 0)
  apus_unit_hard_tanh,     // x between p0 and p1; the derivative at both is 0
  apus_unit_hard_sigmoid,  // x + 3 between 0 and 6, over 6
  apus_unit_hard_swish,    // x times the above
  apus_unit_exponential,   // p0 x for x > 0, p1 (e^(p2 x) - 1) else
  apus_unit_softsign,      // x / (1 + |x|)
  apus_unit_mish,          // x tanh(log(1 + e^x)); 3 units in the last place
} apus_unit;

/// The number of constants that any unit takes.
enum { apus_unit_constants = 3 };

/// out[i] = f(a[i]); float32 or float64.
void apus_apply_unit(apus_unit unit, const double constants[apus_unit_constants], apus_dtype type,
                     int rank, const ptrdiff_t *shape, const void *a, const ptrdiff_t *a_strides,
                     void *out);

/// out[i] = upstream[i] f'(a[i]).
void apus_apply_unit_slope(apus_unit unit, const double constants[apus_unit_constants],
                           apus_dtype type, int rank, const ptrdiff_t *shape,
                           const void *upstream, const ptrdiff_t *upstream_strides,
                           const void *a, const ptrdiff_t *a_strides, void *out);

typedef enum APUS_CLOSED apus_comparison : int32_t {
  apus_comparison_equal, apus_comparison_not_equal, apus_comparison_less,
  apus_comparison_less_equal, apus_comparison_greater, apus_comparison_greater_equal,
} apus_comparison;

/// out[i] = a[i] <=> b[i], as bool; both operands have the given type.
void apus_apply_comparison(apus_comparison op, apus_dtype type, int rank, const ptrdiff_t *shape,
                           const void *a, const ptrdiff_t *a_strides,
                           const void *b, const ptrdiff_t *b_strides, void *out);

/// out[i] = condition[i] ? a[i] : b[i]; condition is bool.
void apus_select(apus_dtype type, int rank, const ptrdiff_t *shape,
                 const void *condition, const ptrdiff_t *condition_strides,
                 const void *a, const ptrdiff_t *a_strides,
                 const void *b, const ptrdiff_t *b_strides, void *out);

/// out[i] += scale * a[i], dense, float32 or float64.
void apus_add_scaled(apus_dtype type, ptrdiff_t count, double scale, const void *a, void *out);
