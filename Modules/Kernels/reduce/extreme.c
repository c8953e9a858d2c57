#include "kernel.h"

#define IS_NAN(x) ((x) != (x))
// Any NaN beats any number.
#define LARGER(a, b) (((a) > (b)) | (((a) != (a)) & ((b) == (b))))
#define SMALLER(a, b) (((a) < (b)) | (((a) != (a)) & ((b) == (b))))
#define FIND_REAL(op, wide) apus_fold_real(op, wide, apus_current_level())->rows
#define FIND_WHOLE(op, type) apus_fold_whole(op, type, apus_current_level())->rows

#define T float
#define MASK int32_t
#define EXTREME(name) largest_##name##_float32
#define BEATS LARGER
#define FIND FIND_REAL(apus_reduction_maximum, false)
#include "extreme.inc"
#define T float
#define MASK int32_t
#define EXTREME(name) smallest_##name##_float32
#define BEATS SMALLER
#define FIND FIND_REAL(apus_reduction_minimum, false)
#include "extreme.inc"

#define T double
#define MASK int64_t
#define EXTREME(name) largest_##name##_float64
#define BEATS LARGER
#define FIND FIND_REAL(apus_reduction_maximum, true)
#include "extreme.inc"
#define T double
#define MASK int64_t
#define EXTREME(name) smallest_##name##_float64
#define BEATS SMALLER
#define FIND FIND_REAL(apus_reduction_minimum, true)
#include "extreme.inc"

#undef LARGER
#undef SMALLER
#undef IS_NAN
#define IS_NAN(x) false
#define LARGER(a, b) ((a) > (b))
#define SMALLER(a, b) ((a) < (b))

#define T uint8_t
#define MASK uint8_t
#define EXTREME(name) largest_##name##_bool
#define BEATS LARGER
#define FIND FIND_WHOLE(apus_reduction_maximum, apus_dtype_bool)
#include "extreme.inc"
#define T uint8_t
#define MASK uint8_t
#define EXTREME(name) smallest_##name##_bool
#define BEATS SMALLER
#define FIND FIND_WHOLE(apus_reduction_minimum, apus_dtype_bool)
#include "extreme.inc"

#define T int32_t
#define MASK int32_t
#define EXTREME(name) largest_##name##_int32
#define BEATS LARGER
#define FIND FIND_WHOLE(apus_reduction_maximum, apus_dtype_int32)
#include "extreme.inc"
#define T int32_t
#define MASK int32_t
#define EXTREME(name) smallest_##name##_int32
#define BEATS SMALLER
#define FIND FIND_WHOLE(apus_reduction_minimum, apus_dtype_int32)
#include "extreme.inc"

#define T int64_t
#define MASK int64_t
#define EXTREME(name) largest_##name##_int64
#define BEATS LARGER
#define FIND FIND_WHOLE(apus_reduction_maximum, apus_dtype_int64)
#include "extreme.inc"
#define T int64_t
#define MASK int64_t
#define EXTREME(name) smallest_##name##_int64
#define BEATS SMALLER
#define FIND FIND_WHOLE(apus_reduction_minimum, apus_dtype_int64)
#include "extreme.inc"

const reduction_kernel *apus_extreme_kernel(bool largest, apus_dtype type) {
  static const reduction_kernel *const kernels[5][2] = {
    {&smallest_kernel_bool, &largest_kernel_bool},
    {&smallest_kernel_int32, &largest_kernel_int32},
    {&smallest_kernel_int64, &largest_kernel_int64},
    {&smallest_kernel_float32, &largest_kernel_float32},
    {&smallest_kernel_float64, &largest_kernel_float64},
  };
  return kernels[type][largest];
}
