#include "kernel.h"

#define finish_truth apus_finish_truth
#define APUS_TEMPLATE "../reduce/folds_real.inc"
#include "../machine/levels.h"

#define TYPES(op, level) {&op##_kernel_float32_##level, &op##_kernel_float64_##level}
#define TABLE(level) { \
  [apus_reduction_sum] = TYPES(sum, level), \
  [apus_reduction_product] = TYPES(product, level), \
  [apus_reduction_maximum] = TYPES(maximum, level), \
  [apus_reduction_minimum] = TYPES(minimum, level), \
  [apus_reduction_any] = TYPES(any, level), \
  [apus_reduction_all] = TYPES(all, level), \
  [apus_reduction_sum_squares] = TYPES(sum_squares, level), \
}

const reduction_kernel *apus_fold_real(apus_reduction op, bool wide, apus_level level) {
  static const reduction_kernel *const table[][10][2] = {
    TABLE(portable),
#if defined(__x86_64__)
    TABLE(avx2), TABLE(avx512),
#endif
  };
  return table[level][op][wide];
}
