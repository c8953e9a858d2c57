#include "elementwise.h"

#include "double.h"
#include "walk.h"

#define APUS_TEMPLATE "../elementwise/binary_template.h"
#include "../math/each_level.h"

/// Picoseconds an element, roughly, for the 4-byte types; others take at least twice as long.
static int binary_cost(apus_binary op, apus_dtype type) {
  bool wide = type == apus_dtype_float64 || type == apus_dtype_int64;
  bool integer = type == apus_dtype_int32 || type == apus_dtype_int64;
  switch (op) {
    case apus_binary_divide:
      return integer ? 2500 : wide ? 800 : 200;
    case apus_binary_remainder:
      return integer ? 2500 : 12000;
    case apus_binary_power: case apus_binary_atan2:
      return 15000;
    case apus_binary_softplus_from_output: case apus_binary_softplus_from_input:
    case apus_binary_silu_from_input:
      return wide ? 10000 : 500;
    case apus_binary_gelu_from_input: case apus_binary_gelu_tanh_from_input:
      return wide ? 20000 : 900;
    default:
      return wide ? 330 : 160;
  }
}

void apus_apply_binary(apus_binary op, apus_dtype type, int rank, const ptrdiff_t *shape,
                       const void *a, const ptrdiff_t *a_strides,
                       const void *b, const ptrdiff_t *b_strides, void *out) {
  typedef const apus_kernel table[apus_dtype_float64 + 1];
  static table *const levels[] = APUS_AT_LEVEL(binary_kernels);
  size_t size = apus_size(type);
  apus_operation operation = {
    .kernel = levels[apus_current_level()][op][type], .inputs = 2, .fixable = 3,
    .cost = binary_cost(op, type), .out_size = size,
  };
  if (!operation.kernel) apus_unsupported("apus_apply_binary", op, type);
  apus_input inputs[] = {{a, a_strides, size}, {b, b_strides, size}};
  apus_run(&operation, rank, shape, inputs, out);
}
