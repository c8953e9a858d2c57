// Vectors of the level being compiled, and what the mathematical functions are made of.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef APUS_INLINE
#define APUS_INLINE static inline __attribute__((always_inline))
#endif

#define vf APUS_NAME(vf)  // float32
#define vi APUS_NAME(vi)  // int32, also the comparisons' masks
#define vu APUS_NAME(vu)  // uint32, for bits
#define vd APUS_NAME(vd)  // float64, as many lanes as vf and so twice as wide
#define vf_loose APUS_NAME(vf_loose)
#define lanes (APUS_VECTOR_BYTES / 4)

typedef float vf __attribute__((ext_vector_type(APUS_VECTOR_BYTES / 4)));
typedef int32_t vi __attribute__((ext_vector_type(APUS_VECTOR_BYTES / 4)));
typedef uint32_t vu __attribute__((ext_vector_type(APUS_VECTOR_BYTES / 4)));
typedef double vd __attribute__((ext_vector_type(APUS_VECTOR_BYTES / 4)));
typedef vf vf_loose __attribute__((aligned(4), may_alias));

#define v_load APUS_NAME(v_load)
#define v_store APUS_NAME(v_store)
#define v_fma APUS_NAME(v_fma)
#define v_abs APUS_NAME(v_abs)
#define v_at_most APUS_NAME(v_at_most)
#define v_at_least APUS_NAME(v_at_least)
#define v_copy_sign APUS_NAME(v_copy_sign)
#define v_by_sign APUS_NAME(v_by_sign)

APUS_INLINE vf v_load(const float *p) { return *(const vf_loose *)p; }
APUS_INLINE void v_store(float *p, vf x) { *(vf_loose *)p = x; }

/// a b + c, rounded once where the level can.
APUS_INLINE vf v_fma(vf a, vf b, vf c) {
#if APUS_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

APUS_INLINE vf v_abs(vf x) { return (vf)((vi)x & 0x7fffffff); }

// Both pass a NaN in x on.
APUS_INLINE vf v_at_most(vf x, float limit) { return x > limit ? (vf)limit : x; }
APUS_INLINE vf v_at_least(vf x, float limit) { return x < limit ? (vf)limit : x; }

APUS_INLINE vf v_copy_sign(vf magnitude, vf sign) {
  return (vf)(((vi)magnitude & 0x7fffffff) | ((vi)sign & (int32_t)0x80000000));
}

/// `negative` where x's sign bit is set, else `other`; cheaper than a comparison and a blend.
APUS_INLINE vf v_by_sign(vf x, vf negative, vf other) {
  vi sign = (vi)x >> 31;
  return (vf)(((vi)negative & sign) | ((vi)other & ~sign));
}

#include "part.h"
