// Moving the first lanes of a vector. AVX2 does it under a mask; elsewhere the lanes go through a
// copy in memory.

#define v_load_or APUS_NAME(v_load_or)
#define v_load_part APUS_NAME(v_load_part)
#define v_store_part APUS_NAME(v_store_part)

#if APUS_MASKED_HALVES

#define v_half APUS_NAME(v_half)
#define v_half_mask APUS_NAME(v_half_mask)
#define v_part_mask APUS_NAME(v_part_mask)

typedef float v_half __attribute__((vector_size(32)));
typedef int32_t v_half_mask __attribute__((vector_size(32)));

APUS_INLINE vi v_part_mask(ptrdiff_t count) {
  const vi lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return lane < (int32_t)count;
}

/// The first `count` lanes; the others are 0.
APUS_INLINE vf v_load_part(const float *p, ptrdiff_t count) {
  vi mask = v_part_mask(count);
  vf x;
  x.lo = __builtin_ia32_maskloadps256((const v_half *)p, (v_half_mask)mask.lo);
  x.hi = __builtin_ia32_maskloadps256((const v_half *)(p + 8), (v_half_mask)mask.hi);
  return x;
}

/// The first `count` lanes; the others are `fill`.
APUS_INLINE vf v_load_or(const float *p, ptrdiff_t count, float fill) {
  return v_part_mask(count) ? v_load_part(p, count) : (vf)fill;
}

APUS_INLINE void v_store_part(float *p, vf x, ptrdiff_t count) {
  vi mask = v_part_mask(count);
  __builtin_ia32_maskstoreps256((v_half *)p, (v_half_mask)mask.lo, (v_half)x.lo);
  __builtin_ia32_maskstoreps256((v_half *)(p + 8), (v_half_mask)mask.hi, (v_half)x.hi);
}

#else

APUS_INLINE vf v_load_or(const float *p, ptrdiff_t count, float fill) {
  vf x = fill;
  memcpy(&x, p, (size_t)count * sizeof(float));
  return x;
}

APUS_INLINE vf v_load_part(const float *p, ptrdiff_t count) { return v_load_or(p, count, 0.0f); }

APUS_INLINE void v_store_part(float *p, vf x, ptrdiff_t count) {
  memcpy(p, &x, (size_t)count * sizeof(float));
}

#endif
