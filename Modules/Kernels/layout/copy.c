#include "layout.h"
#include "strided.h"

#include <string.h>

typedef uint32_t word4 __attribute__((vector_size(16), aligned(4)));
typedef uint64_t long2 __attribute__((vector_size(16), aligned(8)));

// Each transposes a block of SIDE by SIDE: out[i][j] = a[j][i].

static inline void transpose_word(const uint32_t *a, ptrdiff_t a_row, uint32_t *out,
                                  ptrdiff_t out_row) {
  word4 a0 = *(const word4 *)a, a1 = *(const word4 *)(a + a_row);
  word4 a2 = *(const word4 *)(a + 2 * a_row), a3 = *(const word4 *)(a + 3 * a_row);
  word4 low01 = __builtin_shufflevector(a0, a1, 0, 4, 1, 5);
  word4 low23 = __builtin_shufflevector(a2, a3, 0, 4, 1, 5);
  word4 high01 = __builtin_shufflevector(a0, a1, 2, 6, 3, 7);
  word4 high23 = __builtin_shufflevector(a2, a3, 2, 6, 3, 7);
  *(word4 *)out = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  *(word4 *)(out + out_row) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  *(word4 *)(out + 2 * out_row) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  *(word4 *)(out + 3 * out_row) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

static inline void transpose_long(const uint64_t *a, ptrdiff_t a_row, uint64_t *out,
                                  ptrdiff_t out_row) {
  for (int j = 0; j < 4; j += 2) {
    for (int i = 0; i < 4; i += 2) {
      long2 a0 = *(const long2 *)(a + j * a_row + i);
      long2 a1 = *(const long2 *)(a + (j + 1) * a_row + i);
      *(long2 *)(out + i * out_row + j) = __builtin_shufflevector(a0, a1, 0, 2);
      *(long2 *)(out + (i + 1) * out_row + j) = __builtin_shufflevector(a0, a1, 1, 3);
    }
  }
}

static inline void transpose_byte(const uint8_t *a, ptrdiff_t a_row, uint8_t *out,
                                  ptrdiff_t out_row) {
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) out[i * out_row + j] = a[j * a_row + i];
  }
}

#define SIDE 4
#define T uint8_t
#define NAME(base) base##_byte
#include "copy.inc"
#undef T
#undef NAME
#define T uint32_t
#define NAME(base) base##_word
#include "copy.inc"
#undef T
#undef NAME
#define T uint64_t
#define NAME(base) base##_long
#include "copy.inc"

void apus_copy(apus_dtype type, int rank, const ptrdiff_t *shape, const void *a,
               const ptrdiff_t *a_strides, void *out, const ptrdiff_t *out_strides) {
  ptrdiff_t bytes = element_bytes(type);
  strided_kernel kernel =
      bytes == 1 ? copy_unit_byte : bytes == 4 ? copy_unit_word : copy_unit_long;
  apus_strided_run(kernel, bytes, rank, shape, a, a_strides, out, out_strides);
}
