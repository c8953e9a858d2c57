#pragma once
#include "types.h"

// Normalisation, float32 or float64; every array has the type `type`. A NULL scale counts as 1, a
// NULL shift as 0. Sums have a fixed order, whatever the number of threads.

/// Over the rows of a dense [rows, columns]:
///
///     y = scale (x - mean) inverse + shift,  inverse = 1 / sqrt(variance + epsilon)
///
/// with the mean and (biased) variance of each row; `centred` false is the root-mean-square form,
/// mean = 0 and the mean square in the variance's place. scale and shift are [columns]; mean
/// (only where centred) and inverse, [rows], are written for the gradient.
void apus_normalize_rows(apus_dtype type, bool centred, ptrdiff_t rows, ptrdiff_t columns,
                         const void *x, const void *scale, const void *shift, double epsilon,
                         void *out, void *mean, void *inverse);

/// The gradients of that; `scale_gradient` and `shift_gradient`, [columns], may be NULL.
void apus_normalize_rows_backward(apus_dtype type, bool centred, ptrdiff_t rows,
                                  ptrdiff_t columns, const void *x, const void *upstream,
                                  const void *scale, const void *mean, const void *inverse,
                                  void *out, void *scale_gradient, void *shift_gradient);

/// Over all but the middle axis of a dense [outer, channels, inner]; scale, shift, mean and
/// variance (biased) are [channels]. Mean and variance are read where `given`, else written.
void apus_normalize_channels(apus_dtype type, bool given, ptrdiff_t outer, ptrdiff_t channels,
                             ptrdiff_t inner, const void *x, const void *scale,
                             const void *shift, double epsilon, void *out, void *mean,
                             void *variance);

/// The gradients of that; where `given`, mean and variance are constants. `scale_gradient` and
/// `shift_gradient`, [channels], are written always.
void apus_normalize_channels_backward(apus_dtype type, bool given, ptrdiff_t outer,
                                      ptrdiff_t channels, ptrdiff_t inner, const void *x,
                                      const void *upstream, const void *scale,
                                      const void *mean, const void *variance, double epsilon,
                                      void *out, void *scale_gradient, void *shift_gradient);
