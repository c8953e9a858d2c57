#pragma once
#include "types.h"

/// out[r, c] = a[r * row_stride + c * column_stride], out dense, elements of 1, 4 or 8 bytes.
void apus_pack(size_t size, ptrdiff_t rows, ptrdiff_t columns, const void *a,
               ptrdiff_t row_stride, ptrdiff_t column_stride, void *out);
