#include "pack.h"

#include <string.h>

typedef uint32_t block __attribute__((ext_vector_type(4)));
typedef block loose_block __attribute__((aligned(4), may_alias));

/// Columns are contiguous in memory: 4 x 4 blocks are transposed in registers.
static void transpose4(ptrdiff_t rows, ptrdiff_t columns, const uint32_t *a, ptrdiff_t stride,
                       uint32_t *out) {
  ptrdiff_t whole_rows = rows & ~(ptrdiff_t)3, whole_columns = columns & ~(ptrdiff_t)3;
  for (ptrdiff_t c = 0; c < whole_columns; c += 4) {
    for (ptrdiff_t r = 0; r < whole_rows; r += 4) {
      const uint32_t *from = a + c * stride + r;
      block w = *(const loose_block *)from, x = *(const loose_block *)(from + stride);
      block y = *(const loose_block *)(from + 2 * stride);
      block z = *(const loose_block *)(from + 3 * stride);
      block wx = __builtin_shufflevector(w, x, 0, 4, 1, 5);
      block yz = __builtin_shufflevector(y, z, 0, 4, 1, 5);
      block wx2 = __builtin_shufflevector(w, x, 2, 6, 3, 7);
      block yz2 = __builtin_shufflevector(y, z, 2, 6, 3, 7);
      uint32_t *to = out + r * columns + c;
      *(loose_block *)to = __builtin_shufflevector(wx, yz, 0, 1, 4, 5);
      *(loose_block *)(to + columns) = __builtin_shufflevector(wx, yz, 2, 3, 6, 7);
      *(loose_block *)(to + 2 * columns) = __builtin_shufflevector(wx2, yz2, 0, 1, 4, 5);
      *(loose_block *)(to + 3 * columns) = __builtin_shufflevector(wx2, yz2, 2, 3, 6, 7);
    }
  }
  for (ptrdiff_t c = 0; c < columns; c++) {
    for (ptrdiff_t r = c < whole_columns ? whole_rows : 0; r < rows; r++) {
      out[r * columns + c] = a[c * stride + r];
    }
  }
}

#define PACK(type)                                                                            \
  static void pack_##type(ptrdiff_t rows, ptrdiff_t columns, const type *a, ptrdiff_t rs,     \
                          ptrdiff_t cs, type *out) {                                          \
    if (cs == 1) {                                                                            \
      for (ptrdiff_t r = 0; r < rows; r++) {                                                  \
        memcpy(out + r * columns, a + r * rs, (size_t)columns * sizeof(type));                \
      }                                                                                       \
    } else if (cs == 0) {                                                                     \
      for (ptrdiff_t r = 0; r < rows; r++) {                                                  \
        const type x = a[r * rs];                                                             \
        for (ptrdiff_t c = 0; c < columns; c++) out[r * columns + c] = x;                     \
      }                                                                                       \
    } else if (rs == 1) {                                                                     \
      for (ptrdiff_t c = 0; c < columns; c++) {                                               \
        for (ptrdiff_t r = 0; r < rows; r++) out[r * columns + c] = a[c * cs + r];            \
      }                                                                                       \
    } else {                                                                                  \
      for (ptrdiff_t r = 0; r < rows; r++) {                                                  \
        for (ptrdiff_t c = 0; c < columns; c++) out[r * columns + c] = a[r * rs + c * cs];    \
      }                                                                                       \
    }                                                                                         \
  }

PACK(uint8_t)
PACK(uint32_t)
PACK(uint64_t)

void apus_pack(size_t size, ptrdiff_t rows, ptrdiff_t columns, const void *a,
               ptrdiff_t row_stride, ptrdiff_t column_stride, void *out) {
  if (size == 4 && row_stride == 1 && column_stride > 1 && rows >= 4) {
    transpose4(rows, columns, a, column_stride, out);
  } else if (size == 4) {
    pack_uint32_t(rows, columns, a, row_stride, column_stride, out);
  } else if (size == 8) {
    pack_uint64_t(rows, columns, a, row_stride, column_stride, out);
  } else {
    pack_uint8_t(rows, columns, a, row_stride, column_stride, out);
  }
}
