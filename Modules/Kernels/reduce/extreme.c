#include "kernel.h"

#define APUS_TEMPLATE "../reduce/extremes.inc"
#include "../machine/levels.h"

#define KERNELS(level) { \
  {&smallest_kernel_bool_##level, &largest_kernel_bool_##level}, \
  {&smallest_kernel_int32_##level, &largest_kernel_int32_##level}, \
  {&smallest_kernel_int64_##level, &largest_kernel_int64_##level}, \
  {&smallest_kernel_float32_##level, &largest_kernel_float32_##level}, \
  {&smallest_kernel_float64_##level, &largest_kernel_float64_##level}, \
}

const reduction_kernel *apus_extreme_kernel(bool largest, apus_dtype type) {
  static const reduction_kernel *const kernels[][5][2] = {
    KERNELS(portable),
#if defined(__x86_64__)
    KERNELS(avx2), KERNELS(avx512),
#endif
  };
  return kernels[apus_current_level()][type][largest];
}
