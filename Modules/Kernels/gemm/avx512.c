#include "internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)

#define SCALAR float
#define SCALAR_BYTES 4
#define LANES 16
#define ROWS 12
#define VECTORS 2
#define DEPTH 256
#define NAME(x) float32_##x
#define TABLE apus_gemm_avx512_float32
#define MASK(count) (__mmask16)((1u << (count)) - 1)
#define LOAD_PART(pointer, count) (VEC) _mm512_maskz_loadu_ps(MASK(count), pointer)
#define STORE_PART(pointer, count, value) \
  _mm512_mask_storeu_ps(pointer, MASK(count), (__m512)(value))
#include "kernels.inc"
#undef MASK

#define SCALAR double
#define SCALAR_BYTES 8
#define LANES 8
#define ROWS 12
#define VECTORS 2
#define DEPTH 256
#define NAME(x) float64_##x
#define TABLE apus_gemm_avx512_float64
#define MASK(count) (__mmask8)((1u << (count)) - 1)
#define LOAD_PART(pointer, count) (VEC) _mm512_maskz_loadu_pd(MASK(count), pointer)
#define STORE_PART(pointer, count, value) \
  _mm512_mask_storeu_pd(pointer, MASK(count), (__m512d)(value))
#include "kernels.inc"
#undef MASK

#pragma clang attribute pop
#endif
