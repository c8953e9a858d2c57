#pragma once
#include "types.h"

// All matrices here are dense [rows, columns], float32 or float64, and reduce over columns.

/// out = exp(a - max) / sum, with the row's maximum subtracted. An out equal to a is allowed.
void apus_softmax(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *a, void *out);
/// out = y (upstream - sum(upstream y)) for y = softmax(a).
void apus_softmax_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                           const void *y, const void *upstream, void *out);

/// out = a - log_sum_exp(a).
void apus_log_softmax(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *a, void *out);
/// out = upstream - exp(y) sum(upstream) for y = log_softmax(a).
void apus_log_softmax_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                               const void *y, const void *upstream, void *out);
