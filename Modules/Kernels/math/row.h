// Sums and maxima over lanes.

#define v_sum APUS_NAME(v_sum)
#define v_largest APUS_NAME(v_largest)

APUS_INLINE float v_sum(vf x) {
#if APUS_VECTOR_BYTES == 64
  __typeof__(x.lo) half = x.lo + x.hi;
  __typeof__(x.lo.lo) quarter = half.lo + half.hi;
#elif APUS_VECTOR_BYTES == 32
  __typeof__(x.lo) quarter = x.lo + x.hi;
#else
  vf quarter = x;
#endif
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

#define APUS_LARGER(a, b) ((a) > (b) ? (a) : (b))

APUS_INLINE float v_largest(vf x) {
#if APUS_VECTOR_BYTES == 64
  __typeof__(x.lo) half = APUS_LARGER(x.lo, x.hi);
  __typeof__(x.lo.lo) quarter = APUS_LARGER(half.lo, half.hi);
#elif APUS_VECTOR_BYTES == 32
  __typeof__(x.lo) quarter = APUS_LARGER(x.lo, x.hi);
#else
  vf quarter = x;
#endif
  float even = APUS_LARGER(quarter[0], quarter[2]), odd = APUS_LARGER(quarter[1], quarter[3]);
  return APUS_LARGER(even, odd);
}
