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

/// loss[r] = log_sum_exp(logits[r]) - logits[r, label[r]]; log_sums[r] = log_sum_exp(logits[r]).
/// Labels are int32 or int64 (`label_type`), all within [0, columns): the caller has checked.
void apus_cross_entropy(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *logits,
                        apus_dtype label_type, const void *labels, void *loss, void *log_sums);
/// out[r, c] = upstream[r * upstream_stride] (exp(logits[r, c] - log_sums[r]) - [c = label[r]]).
void apus_cross_entropy_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                                 const void *logits, const void *log_sums,
                                 apus_dtype label_type, const void *labels,
                                 const void *upstream, ptrdiff_t upstream_stride, void *out);
