#pragma once
#include "convolution.h"

// Columns [first, last) of the matrix of windows: row (channel, j) holds the element that tap j of
// the window at each output position sees. `image` is [channels, size...].

void conv_lower_float32(const apus_convolution *shape, const void *image, ptrdiff_t channels,
                        ptrdiff_t first, ptrdiff_t last, void *columns);
void conv_lower_float64(const apus_convolution *shape, const void *image, ptrdiff_t channels,
                        ptrdiff_t first, ptrdiff_t last, void *columns);

// The adjoint: adds each element of the columns to where it came from.

void conv_raise_float32(const apus_convolution *shape, const void *columns, ptrdiff_t channels,
                        ptrdiff_t first, ptrdiff_t last, void *image);
void conv_raise_float64(const apus_convolution *shape, const void *columns, ptrdiff_t channels,
                        ptrdiff_t first, ptrdiff_t last, void *image);
