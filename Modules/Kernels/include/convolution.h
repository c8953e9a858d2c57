#pragma once
#include "gemm.h"

#define APUS_SPACE 3

/// The sizes of a cross-correlation over three axes of space (depth, height, width); one with fewer
/// has leading axes of size 1 there.
///
///     y[n, f, o] = Σ_c Σ_j  w[f, c, j] x[n, group(f) · C/G + c, o · stride + j · dilation − before]
///
/// where x is 0 outside its borders. x is [batch, channels, size...], w is
/// [filters, channels / groups, kernel...], y is [batch, filters, output...], all dense. `output` is
/// given, not derived: what x has beyond the last window plays no part.
typedef struct apus_convolution {
  ptrdiff_t batch, channels, filters, groups;
  ptrdiff_t size[APUS_SPACE], kernel[APUS_SPACE], output[APUS_SPACE];
  ptrdiff_t stride[APUS_SPACE], dilation[APUS_SPACE], before[APUS_SPACE];
  /// Whether methods that round more than a plain sum does, Winograd's, are ruled out.
  bool exact;
} apus_convolution;

/// y = activation(w ⋆ x + bias). type: float32 or float64. bias: `filters` values, or NULL.
void apus_convolution_forward(apus_dtype type, const apus_convolution *shape, const void *x,
                              const void *w, const void *bias, apus_activation activation,
                              void *y);

/// The adjoint in x, which is the transposed convolution: dx = activation(wᵀ dy + bias).
/// bias: `channels` values, or NULL.
void apus_convolution_input_gradient(apus_dtype type, const apus_convolution *shape,
                                     const void *dy, const void *w, const void *bias,
                                     apus_activation activation, void *dx);

/// The adjoint in w: dw[f, c, j] = Σ_n Σ_o dy[n, f, o] x[n, c, o · stride + j · dilation − before].
void apus_convolution_weight_gradient(apus_dtype type, const apus_convolution *shape,
                                      const void *x, const void *dy, void *dw);
