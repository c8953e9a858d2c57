// Moving the first lanes of a vector. AVX2 does it under a mask; elsewhere the lanes go through a
// copy in memory.

#define v_load_or APUS_NAME(v_load_or)
#define v_load_part APUS_NAME(v_load_part)
#define v_store_part APUS_NAME(v_store_part)

#if APUS_MASKED_REGISTERS

#define v_register APUS_NAME(v_register)
#define v_register_mask APUS_NAME(v_register_mask)
#define v_part_mask APUS_NAME(v_part_mask)

typedef float v_register __attribute__((vector_size(32), may_alias));
typedef int32_t v_register_mask __attribute__((vector_size(32), may_alias));

/// Lane i counts when i < count.
APUS_INLINE v_register_mask v_part_mask(ptrdiff_t count) {
  const v_register_mask lane = {0, 1, 2, 3, 4, 5, 6, 7};
  return lane < (int32_t)count;
}

/// The first `count` lanes; the others are 0.
APUS_INLINE vf v_load_part(const float *p, ptrdiff_t count) {
  union { vf whole; v_register registers[lanes / 8]; } x;
  for (int k = 0; k < lanes / 8; k++) {
    x.registers[k] = __builtin_ia32_maskloadps256((const v_register *)(p + 8 * k),
                                                  v_part_mask(count - 8 * k));
  }
  return x.whole;
}

/// The first `count` lanes; the others are `fill`.
APUS_INLINE vf v_load_or(const float *p, ptrdiff_t count, float fill) {
  union { vi whole; v_register_mask registers[lanes / 8]; } mask;
  for (int k = 0; k < lanes / 8; k++) mask.registers[k] = v_part_mask(count - 8 * k);
  return mask.whole ? v_load_part(p, count) : (vf)fill;
}

APUS_INLINE void v_store_part(float *p, vf x, ptrdiff_t count) {
  union { vf whole; v_register registers[lanes / 8]; } y = {x};
  for (int k = 0; k < lanes / 8; k++) {
    __builtin_ia32_maskstoreps256((v_register *)(p + 8 * k), v_part_mask(count - 8 * k),
                                  y.registers[k]);
  }
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
