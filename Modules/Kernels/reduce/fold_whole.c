#include "kernel.h"

#define finish_truth apus_finish_truth
void apus_finish_truth(const void *masks, void *out, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) ((bool *)out)[i] = ((const int32_t *)masks)[i] != 0;
}

#define APUS_TEMPLATE "../reduce/folds_whole.inc"
#include "../machine/levels.h"

#define NUMBERS(op, level) &op##_kernel_int32_##level, &op##_kernel_int64_##level
#define TYPES(op, level) {&op##_kernel_bool_##level, NUMBERS(op, level)}
#define TABLE(level) { \
  [apus_reduction_sum] = TYPES(sum, level), \
  [apus_reduction_product] = TYPES(product, level), \
  [apus_reduction_maximum] = TYPES(maximum, level), \
  [apus_reduction_minimum] = TYPES(minimum, level), \
  [apus_reduction_any] = {&maximum_kernel_bool_##level, NUMBERS(any, level)}, \
  [apus_reduction_all] = {&minimum_kernel_bool_##level, NUMBERS(all, level)}, \
}

const reduction_kernel *apus_fold_whole(apus_reduction op, apus_dtype type, apus_level level) {
  static const reduction_kernel *const table[][10][3] = {
    TABLE(portable),
#if defined(__x86_64__)
    TABLE(avx2), TABLE(avx512),
#endif
  };
  return table[level][op][type];
}
