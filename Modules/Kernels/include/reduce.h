#pragma once
#include "types.h"

typedef enum APUS_CLOSED apus_reduction : int32_t {
  apus_reduction_sum,        // bool, int32, int64 -> int64; floats -> same type. Empty: 0
  apus_reduction_product,    // likewise. Empty: 1
  apus_reduction_maximum,    // same type, propagates NaN. Empty: the lowest value (-infinity)
  apus_reduction_minimum,    // same type, propagates NaN. Empty: the highest value
  apus_reduction_argmax,     // -> int64, row-major position among the reduced axes; the first of
  apus_reduction_argmin,     //    equals; a NaN wins. Empty: 0
  apus_reduction_any,        // -> bool; an element counts when it is not 0
  apus_reduction_all,        // -> bool
  apus_reduction_log_sum_exp,// floats, same type, stable. Empty: -infinity
  apus_reduction_sum_squares,// floats, same type
} apus_reduction;

/// Reduces over the axes whose bit is set in `axes` (bit 0 is axis 0); out is dense over the
/// axes kept, in order. Sums of floats are blocked (error grows like log n, not n) in an order
/// that depends on shape and strides alone: the same bits at any thread count (a view and its dense
/// copy may differ in the last).
void apus_reduce(apus_reduction op, apus_dtype type, int rank, const ptrdiff_t *shape,
                 const void *a, const ptrdiff_t *strides, uint32_t axes, void *out);

/// The dot product of two dense float vectors, written to *out in the same type.
void apus_dot(apus_dtype type, ptrdiff_t count, const void *a, const void *b, void *out);

typedef enum APUS_CLOSED apus_scan_kind : int32_t {
  apus_scan_sum,      // bool, int32, int64 -> int64; floats -> same type, summed in float64
  apus_scan_product,  // likewise
} apus_scan_kind;

// Along the middle axis of a dense [outer, length, inner]; `reverse` goes from the end to the
// beginning. The thread count does not matter.

/// Running sums or products; `exclusive` leaves each element out of its own result.
void apus_scan(apus_scan_kind kind, apus_dtype type, ptrdiff_t outer, ptrdiff_t length,
               ptrdiff_t inner, bool reverse, bool exclusive, const void *a, void *out);

/// The position of the greatest (or least) element so far: the first met of equals; a NaN stays.
void apus_scan_extremes(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                        bool largest, bool reverse, const void *a, int64_t *out);

/// out[j] = a[j] out[j - 1] + b[j] from out[-1] = 0, floats, computed in float64; a[0] is not read.
void apus_scan_recurrence(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                          bool reverse, const void *a, const void *b, void *out);
