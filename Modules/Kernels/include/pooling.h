#pragma once
#include "convolution.h"

/// The windows of a pooling along one axis. Window o takes the places o · stride − before +
/// t · dilation for its taps t = 0…kernel − 1, those inside the border. A stride of 0 means
/// adaptive windows, which share the axis out evenly: ⌊o · size / output⌋ up to ⌈(o + 1) · size /
/// output⌉; `kernel` is then the size of the largest.
typedef struct apus_pool_axis {
  ptrdiff_t size, output, kernel, stride, dilation, before;
} apus_pool_axis;

/// A pooling of `planes` images over three axes (depth, height, width); one with fewer has leading
/// axes of size 1. Each window must have an element.
typedef struct apus_pooling {
  ptrdiff_t planes;
  apus_pool_axis axis[APUS_SPACE];
} apus_pooling;

/// Bytes of the code that says which tap of its window an output was taken from: 1 or 4.
size_t apus_pool_code_size(const apus_pooling *pooling);

/// y = the greatest element of each window, the first of equals; a NaN wins over numbers, and over
/// a NaN before it. type: float32 or float64. codes: one for each output, or NULL.
void apus_max_pool(apus_dtype type, const apus_pooling *pooling, const void *x, void *y,
                   void *codes);

/// y[o] = x[where the code of o points]: a linear map for given codes.
void apus_max_pool_gather(apus_dtype type, const apus_pooling *pooling, const void *codes,
                          const void *x, void *y);

/// Its adjoint: dx = 0, then dx[where the code of o points] += dy[o], in order.
void apus_max_pool_scatter(apus_dtype type, const apus_pooling *pooling, const void *codes,
                           const void *dy, void *dx);

/// Where each code points, as an index into its plane.
void apus_max_pool_places(const apus_pooling *pooling, const void *codes, int64_t *places);

/// A sparse matrix [output, size] that acts along an axis: row j has weight[e] at place[e] for
/// start[j] ≤ e < start[j + 1].
typedef struct apus_axis_map {
  ptrdiff_t size, output;
  const ptrdiff_t *start;
  const int32_t *place;
  const double *weight;
} apus_axis_map;

/// y = the maps applied to x [planes, size...] along its three axes; a map without `start` is the
/// identity. type: float32 or float64.
void apus_map_axes(apus_dtype type, ptrdiff_t planes, const apus_axis_map *maps, const void *x,
                   void *y);

/// The windows of x [batch, channels, size...] as columns [batch, channels · kernel, windows].
void apus_unfold(apus_dtype type, const apus_convolution *shape, const void *x, void *columns);

/// Its adjoint: each element of the columns added to where it came from.
void apus_fold(apus_dtype type, const apus_convolution *shape, const void *columns, void *x);
