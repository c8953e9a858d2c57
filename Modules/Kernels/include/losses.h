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

/// With label = labels[r] (int32 or int64), weight = row_weights[r] (1 without them) and u = spread
/// (one number a column, 0 without it):
///
///   loss[r] = weight (L - logits[r, label]) + sum over c of u[c] (L - logits[r, c])
///   powers[r, c] = exp(logits[r, c] - max)      inverse_sums[r] = 1 / sum of powers[r]
///
/// for L = log_sum_exp(logits[r]). Weights of 0 count nothing, and neither does a row whose label
/// is negative; other labels are below columns: the caller has checked. row_weights, spread and
/// powers may be NULL.
void apus_label_cross_entropy(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                              const void *logits, apus_dtype label_type, const void *labels,
                              const void *row_weights, const void *spread, void *loss,
                              void *powers, void *inverse_sums);
/// out[r, c] = upstream[r * upstream_stride] ((weight + sum(u)) powers[r, c] inverse_sums[r]
///             - u[c] - weight [c = label]), or 0 in a row with a negative label.
void apus_label_cross_entropy_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                                       const void *powers, const void *inverse_sums,
                                       apus_dtype label_type, const void *labels,
                                       const void *row_weights, const void *spread,
                                       const void *upstream, ptrdiff_t upstream_stride,
                                       void *out);

/// Connectionist temporal classification: loss[b] = -log of the probability of all alignments of
/// the labels of sequence b with its first input_lengths[b] steps, +infinity where there is none.
///
/// log_probabilities [steps, batch, classes]; the labels of sequence b are the label_lengths[b]
/// numbers from labels[offsets[b]] on, all classes but `blank`. alphas [batch, steps, width], for
/// a width of 2 max(label_lengths) + 1 or more, keeps what the gradient needs; it may be NULL.
void apus_ctc(apus_dtype type, ptrdiff_t steps, ptrdiff_t batch, ptrdiff_t classes,
              ptrdiff_t blank, const void *log_probabilities, const int64_t *labels,
              const int64_t *offsets, const int64_t *label_lengths,
              const int64_t *input_lengths, ptrdiff_t width, void *alphas, void *loss);
/// out[t, b, c] = -upstream[b] times the probability that step t of sequence b is aligned with
/// class c, given its labels; 0 beyond its length and where the loss is +infinity.
void apus_ctc_backward(apus_dtype type, ptrdiff_t steps, ptrdiff_t batch, ptrdiff_t classes,
                       ptrdiff_t blank, const void *log_probabilities, const int64_t *labels,
                       const int64_t *offsets, const int64_t *label_lengths,
                       const int64_t *input_lengths, ptrdiff_t width, const void *alphas,
                       const void *loss, const void *upstream, void *out);
