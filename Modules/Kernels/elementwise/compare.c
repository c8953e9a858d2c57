#include "elementwise.h"

#include <string.h>

#include "walk.h"

#define APUS_TEMPLATE "../elementwise/compare_template.h"
#include "../math/each_level.h"

void apus_apply_comparison(apus_comparison op, apus_dtype type, int rank, const ptrdiff_t *shape,
                           const void *a, const ptrdiff_t *a_strides,
                           const void *b, const ptrdiff_t *b_strides, void *out) {
  typedef const apus_kernel table[apus_dtype_float64 + 1];
  static table *const levels[] = APUS_AT_LEVEL(comparison_kernels);
  size_t size = apus_size(type);
  apus_operation operation = {
    .kernel = levels[apus_current_level()][op][type], .inputs = 2, .fixable = 3,
    .cost = size == 8 ? 300 : 130, .out_size = 1,
  };
  apus_input inputs[] = {{a, a_strides, size}, {b, b_strides, size}};
  apus_run(&operation, rank, shape, inputs, out);
}

void apus_apply_predicate(apus_predicate op, apus_dtype type, int rank, const ptrdiff_t *shape,
                          const void *a, const ptrdiff_t *a_strides, void *out) {
  if (type != apus_dtype_float32 && type != apus_dtype_float64) {
    // Integers are finite numbers.
    memset(out, op == apus_predicate_is_finite, (size_t)apus_element_count(rank, shape));
    return;
  }
  typedef const apus_kernel table[2];
  static table *const levels[] = APUS_AT_LEVEL(predicate_kernels);
  apus_operation operation = {
    .kernel = levels[apus_current_level()][op][type == apus_dtype_float64],
    .inputs = 1, .fixable = 0, .cost = type == apus_dtype_float64 ? 160 : 80, .out_size = 1,
  };
  apus_input input = {a, a_strides, apus_size(type)};
  apus_run(&operation, rank, shape, &input, out);
}

void apus_select(apus_dtype type, int rank, const ptrdiff_t *shape,
                 const void *condition, const ptrdiff_t *condition_strides,
                 const void *a, const ptrdiff_t *a_strides,
                 const void *b, const ptrdiff_t *b_strides, void *out) {
  static const apus_kernel *const levels[] = APUS_AT_LEVEL(select_kernels);
  size_t size = apus_size(type);
  apus_operation operation = {
    .kernel = levels[apus_current_level()][size], .inputs = 3, .fixable = 6,
    .cost = (int)size * 40, .out_size = size,
  };
  apus_input inputs[] = {{condition, condition_strides, 1}, {a, a_strides, size},
                         {b, b_strides, size}};
  apus_run(&operation, rank, shape, inputs, out);
}
