#include "elementwise.h"

#include "double.h"
#include "walk.h"

#define APUS_AVX2_REGISTERS 4
#define APUS_TEMPLATE "../elementwise/unary_template.h"
#include "../math/each_level.h"

/// Picoseconds an element, roughly, for float32 and float64.
static int unary_cost(apus_unary op, apus_dtype type) {
  bool wide = type == apus_dtype_float64;
  switch (op) {
    case apus_unary_exp: case apus_unary_expm1: case apus_unary_log: case apus_unary_log1p:
    case apus_unary_tanh: case apus_unary_sigmoid: case apus_unary_softplus:
      return wide ? 1500 : 350;
    case apus_unary_silu: case apus_unary_gelu: case apus_unary_erf:
      return wide ? 8000 : 450;
    case apus_unary_gelu_tanh: case apus_unary_sin: case apus_unary_cos:
      return wide ? 12000 : 900;
    case apus_unary_tan: case apus_unary_atan:
      return 15000;
    case apus_unary_sqrt: case apus_unary_rsqrt: case apus_unary_reciprocal:
      return wide ? 800 : 250;
    default:
      return wide ? 250 : 125;
  }
}

void apus_apply_unary(apus_unary op, apus_dtype type, int rank, const ptrdiff_t *shape,
                      const void *a, const ptrdiff_t *a_strides, void *out) {
  typedef const apus_kernel table[apus_dtype_float64 + 1];
  static table *const levels[] = APUS_AT_LEVEL(unary_kernels);
  apus_operation operation = {
    .kernel = levels[apus_current_level()][op][type], .inputs = 1, .fixable = 0,
    .cost = unary_cost(op, type), .out_size = apus_size(type),
  };
  if (!operation.kernel) apus_unsupported("apus_apply_unary", op, type);
  apus_input input = {a, a_strides, operation.out_size};
  apus_run(&operation, rank, shape, &input, out);
}
