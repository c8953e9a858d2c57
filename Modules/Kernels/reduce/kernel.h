#pragma once
#include "reduce.h"

/// How one reduction over one type is done. Elements become accumulators, accumulators merge, and
/// a finished accumulator is the result.
typedef struct reduction_kernel {
  int32_t element, accumulator, result;  // bytes of each
  int32_t cost;                          // of an element; that of a sum of float32 is 1

  /// For each of `outputs` rows (`a_output` apart) the accumulator of its `count` > 0 elements
  /// (`a_step` apart). Positions are base + i * step (used by argmax and argmin).
  void (*rows)(const void *a, ptrdiff_t outputs, ptrdiff_t a_output, ptrdiff_t count,
               ptrdiff_t a_step, int64_t base, int64_t step, void *accumulators);

  /// For each of `outputs` adjacent columns the accumulator of its `count` > 0 elements
  /// (`a_row` apart); at most reduction_tile columns.
  void (*columns)(const void *a, ptrdiff_t outputs, ptrdiff_t count, ptrdiff_t a_row, int64_t base,
                  int64_t step, void *accumulators);

  /// accumulators[i] = merge(accumulators[i], others[i]).
  void (*merge)(void *accumulators, const void *others, ptrdiff_t count);

  /// Results from accumulators, dense. NULL: they are the same.
  void (*finish)(const void *accumulators, void *out, ptrdiff_t count);

  /// The result over no elements.
  const void *empty;
} reduction_kernel;

enum { reduction_tile = 1024 };

// What folds merge by an operation alone; NULL where the reduction does not exist.
const reduction_kernel *apus_fold_whole(apus_reduction op, apus_dtype type, apus_level level);
const reduction_kernel *apus_fold_real(apus_reduction op, bool wide, apus_level level);
void apus_finish_truth(const void *masks, void *out, ptrdiff_t count);

/// argmax or argmin.
const reduction_kernel *apus_extreme_kernel(bool largest, apus_dtype type);

/// log_sum_exp of float32, or float64 (wide).
const reduction_kernel *apus_log_sum_exp_kernel(bool wide);
