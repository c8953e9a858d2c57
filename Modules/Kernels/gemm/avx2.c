#include "internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

/// A window into this is the mask of a part of a vector: its first lanes on, the rest off.
static const int32_t window[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

/// The mask of `count` lanes of `bytes` bytes.
#define MASK(count, bytes) _mm256_loadu_si256((const __m256i *)(window + 8 - (count) * (bytes) / 4))

#define SCALAR float
#define SCALAR_BYTES 4
#define LANES 8
#define ROWS 6
#define VECTORS 2
#define DEPTH 384
#define NAME(x) float32_##x
#define TABLE apus_gemm_avx2_float32
#define LOAD_PART(pointer, count) (VEC) _mm256_maskload_ps(pointer, MASK(count, 4))
#define STORE_PART(pointer, count, value) \
  _mm256_maskstore_ps(pointer, MASK(count, 4), (__m256)(value))
#include "kernels.inc"

#define SCALAR double
#define SCALAR_BYTES 8
#define LANES 4
#define ROWS 6
#define VECTORS 2
#define DEPTH 384
#define NAME(x) float64_##x
#define TABLE apus_gemm_avx2_float64
#define LOAD_PART(pointer, count) (VEC) _mm256_maskload_pd(pointer, MASK(count, 8))
#define STORE_PART(pointer, count, value) \
  _mm256_maskstore_pd(pointer, MASK(count, 8), (__m256d)(value))
#include "kernels.inc"

#pragma clang attribute pop
#endif
