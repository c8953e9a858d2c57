#include "layout.h"
#include "strided.h"

#define T uint8_t
#define NAME(base) base##_bool
#define ADD(x, y) ((uint8_t)((x) | (y)))
#include "accumulate.inc"
#undef T
#undef NAME
#undef ADD

// Unsigned, so that overflow wraps.
#define ADD(x, y) ((x) + (y))
#define T uint32_t
#define NAME(base) base##_int32
#include "accumulate.inc"
#undef T
#undef NAME
#define T uint64_t
#define NAME(base) base##_int64
#include "accumulate.inc"
#undef T
#undef NAME
#define T float
#define NAME(base) base##_float32
#include "accumulate.inc"
#undef T
#undef NAME
#define T double
#define NAME(base) base##_float64
#include "accumulate.inc"

void apus_accumulate(apus_dtype type, int rank, const ptrdiff_t *shape, const void *a,
                     const ptrdiff_t *a_strides, void *out, const ptrdiff_t *out_strides) {
  static const strided_kernel kernels[] = {
    [apus_dtype_bool] = add_unit_bool,       [apus_dtype_int32] = add_unit_int32,
    [apus_dtype_int64] = add_unit_int64,     [apus_dtype_float32] = add_unit_float32,
    [apus_dtype_float64] = add_unit_float64,
  };
  apus_strided_run(kernels[type], element_bytes(type), rank, shape, a, a_strides, out,
                   out_strides);
}
