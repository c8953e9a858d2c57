#include "internal.h"

// Vectors of 16 bytes, which every x86-64 and 64-bit ARM has. ARM's 32 registers hold a tile twice
// as wide.

#if defined(__aarch64__)
#define TILE_VECTORS 4
#else
#define TILE_VECTORS 2
#endif

/// Parts of vectors go through memory: rare, and there is no masked access to rely on.
#define PART_OF(type, lanes, name)                                                    \
  typedef type name##_part __attribute__((ext_vector_type(lanes)));                   \
  static inline name##_part name##_load_part(const type *from, ptrdiff_t count) {     \
    type lane[lanes] = {0};                                                           \
    for (ptrdiff_t i = 0; i < lanes && i < count; i++) lane[i] = from[i];             \
    name##_part x;                                                                    \
    __builtin_memcpy(&x, lane, sizeof x);                                             \
    return x;                                                                         \
  }                                                                                   \
  static inline void name##_store_part(type *to, ptrdiff_t count, name##_part x) {    \
    type lane[lanes];                                                                 \
    __builtin_memcpy(lane, &x, sizeof x);                                             \
    for (ptrdiff_t i = 0; i < lanes && i < count; i++) to[i] = lane[i];               \
  }
PART_OF(float, 4, float32)
PART_OF(double, 2, float64)

#define SCALAR float
#define SCALAR_BYTES 4
#define LANES 4
#define ROWS 6
#define VECTORS TILE_VECTORS
#define DEPTH 512
#define NAME(x) float32_##x
#define TABLE apus_gemm_portable_float32
#define LOAD_PART(pointer, count) float32_load_part(pointer, count)
#define STORE_PART(pointer, count, value) float32_store_part(pointer, count, value)
#include "kernels.inc"

#define SCALAR double
#define SCALAR_BYTES 8
#define LANES 2
#define ROWS 6
#define VECTORS TILE_VECTORS
#define DEPTH 512
#define NAME(x) float64_##x
#define TABLE apus_gemm_portable_float64
#define LOAD_PART(pointer, count) float64_load_part(pointer, count)
#define STORE_PART(pointer, count, value) float64_store_part(pointer, count, value)
#include "kernels.inc"
