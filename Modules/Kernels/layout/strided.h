#pragma once
#include "axes.h"

/// Works on a matrix of `rows` by `columns` elements with any strides on both sides.
typedef void (*strided_kernel)(const void *a, ptrdiff_t a_row, ptrdiff_t a_column, void *out,
                               ptrdiff_t out_row, ptrdiff_t out_column, ptrdiff_t rows,
                               ptrdiff_t columns);

/// Runs `kernel` over matrices that together cover all elements, in parallel when they are many.
/// Where operand and output run along different axes, these two are the matrix.
void apus_strided_run(strided_kernel kernel, ptrdiff_t element, int rank, const ptrdiff_t *shape,
                      const void *a, const ptrdiff_t *a_strides, void *out,
                      const ptrdiff_t *out_strides);
