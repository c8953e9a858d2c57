#define SCALED(name, type, fused)                                                             \
  static void APUS_NAME(name)(ptrdiff_t n, type scale, const type *a, type *out) {           \
    _Pragma("clang loop vectorize(assume_safety) interleave(enable)")                        \
    for (ptrdiff_t i = 0; i < n; i++) out[i] = fused;                                         \
  }

#if APUS_FUSED
SCALED(add_scaled_f32, float, __builtin_fmaf(scale, a[i], out[i]))
SCALED(add_scaled_f64, double, __builtin_fma(scale, a[i], out[i]))
#else
SCALED(add_scaled_f32, float, out[i] + scale * a[i])
SCALED(add_scaled_f64, double, out[i] + scale * a[i])
#endif
#undef SCALED
