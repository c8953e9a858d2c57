#include "elementwise.h"

#include "double.h"
#include "walk.h"

#define APUS_TEMPLATE "../elementwise/unit_template.h"
#include "../math/each_level.h"

/// Picoseconds an element, roughly, for float32 and float64.
static int unit_cost(apus_unit unit, bool wide) {
  switch (unit) {
    case apus_unit_exponential: case apus_unit_mish:
      return wide ? 10000 : 500;
    case apus_unit_softsign:
      return wide ? 800 : 250;
    default:
      return wide ? 250 : 125;
  }
}

/// The constants are one more input, the same for all elements: `count` inputs come before it.
static void run_unit(apus_unit unit, const double *constants, apus_dtype type, int rank,
                     const ptrdiff_t *shape, apus_input *inputs, int count, bool slope, void *out) {
  typedef const apus_kernel table[2][2];
  static table *const levels[] = APUS_AT_LEVEL(unit_kernels);
  if (type != apus_dtype_float32 && type != apus_dtype_float64) {
    apus_unsupported("apus_apply_unit", unit, type);
  }
  static const ptrdiff_t nowhere[APUS_MAX_RANK];
  float narrow[apus_unit_constants];
  for (int k = 0; k < apus_unit_constants; k++) narrow[k] = (float)constants[k];
  bool wide = type == apus_dtype_float64;
  inputs[count] = (apus_input){wide ? (const void *)constants : narrow, nowhere, apus_size(type)};
  apus_operation operation = {
    .kernel = levels[apus_current_level()][unit][slope][wide], .inputs = count + 1,
    .fixable = slope ? 7 : 2, .cost = unit_cost(unit, wide), .out_size = apus_size(type),
  };
  apus_run(&operation, rank, shape, inputs, out);
}

void apus_apply_unit(apus_unit unit, const double constants[apus_unit_constants], apus_dtype type,
                     int rank, const ptrdiff_t *shape, const void *a, const ptrdiff_t *a_strides,
                     void *out) {
  apus_input inputs[apus_max_inputs] = {{a, a_strides, apus_size(type)}};
  run_unit(unit, constants, type, rank, shape, inputs, 1, false, out);
}

void apus_apply_unit_slope(apus_unit unit, const double constants[apus_unit_constants],
                           apus_dtype type, int rank, const ptrdiff_t *shape,
                           const void *upstream, const ptrdiff_t *upstream_strides,
                           const void *a, const ptrdiff_t *a_strides, void *out) {
  apus_input inputs[apus_max_inputs] = {
    {a, a_strides, apus_size(type)}, {upstream, upstream_strides, apus_size(type)},
  };
  run_unit(unit, constants, type, rank, shape, inputs, 2, true, out);
}
