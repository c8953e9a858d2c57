#pragma once
#include "types.h"

// Losses beside those of softmax.h. Everything is dense, float32 or float64.

/// out[i] = max(x, 0) - x t + log(1 + exp(-|x|)) for x = logits[i], t = targets[i]: the
/// cross-entropy of t against sigmoid(x), without overflow or cancellation.
void apus_binary_cross_entropy(apus_dtype type, ptrdiff_t count, const void *logits,
                               const void *targets, void *out);
/// out[i] = scale upstream[i * upstream_stride] (sigmoid(logits[i]) - targets[i]).
void apus_binary_cross_entropy_backward(apus_dtype type, ptrdiff_t count, const void *logits,
                                        const void *targets, const void *upstream,
                                        ptrdiff_t upstream_stride, double scale, void *out);

/// loss[r] = sum over c of targets[r, c] (log_sums[r] - logits[r, c]), where targets of 0 count
/// nothing; log_sums[r] = log_sum_exp(logits[r]).
void apus_soft_cross_entropy(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                             const void *logits, const void *targets, void *loss, void *log_sums);
/// out[r, c] = upstream[r * upstream_stride]
///             (exp(logits[r, c] - log_sums[r]) sum(targets[r]) - targets[r, c]).
void apus_soft_cross_entropy_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                                      const void *logits, const void *log_sums,
                                      const void *targets, const void *upstream,
                                      ptrdiff_t upstream_stride, void *out);
