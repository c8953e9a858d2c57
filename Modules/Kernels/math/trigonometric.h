// sin and cos. x = n pi/2 + r in float64, which is exact enough up to 2^20; beyond, the C library
// takes over, lane by lane.
#include <math.h>

#define v_quarter APUS_NAME(v_quarter)
#define v_sin APUS_NAME(v_sin)
#define v_cos APUS_NAME(v_cos)

/// sin(r) or, where n is odd, cos(r), with the sign that bit 1 of n asks for.
APUS_INLINE vf v_quarter(vf r, vi n) {
  vf z = r * r;
  vf s = v_fma(z, v_fma(z, -0x1.9954a4p-13f, 0x1.11077ap-7f), -0x1.555546p-3f);
  s = v_fma(r * z, s, r);
  s = z < 0x1p-40f ? r : s;  // keeps -0
  vf c = v_fma(z, v_fma(z, 0x1.99e0ecp-16f, -0x1.6c0c1ap-10f), 0x1.55554ap-5f);
  c = v_fma(z * z, c, v_fma(z, -0.5f, 1.0f));
  vf y = (vf)((n & 1) != 0 ? (vi)c : (vi)s);
  return (vf)((vu)y ^ ((vu)(n & 2) << 30));
}

#define APUS_TRIGONOMETRIC(name, scalar, quarters)                                            \
  APUS_INLINE vf name(vf x) {                                                                 \
    vi far = ~(v_abs(x) < 0x1p20f);                                                           \
    vd wide = __builtin_convertvector(far ? (vf)0.0f : x, vd);                                \
    vd n = (wide * 0.6366197723675814 + 0x1.8p52) - 0x1.8p52;                                 \
    /* pi/2 in two parts, the first of 33 bits, so that its products with n are exact. */     \
    vd r = (wide - n * 0x1.921fb544p0) - n * 0x1.0b4611a626331p-34;                           \
    vf y = v_quarter(__builtin_convertvector(r, vf), __builtin_convertvector(n, vi) + quarters); \
    if (__builtin_reduce_or(far) != 0) {                                                      \
      for (int i = 0; i < lanes; i++) {                                                       \
        if (far[i]) y[i] = (float)scalar((double)x[i]);                                       \
      }                                                                                       \
    }                                                                                         \
    return y;                                                                                 \
  }

APUS_TRIGONOMETRIC(v_sin, sin, 0)
APUS_TRIGONOMETRIC(v_cos, cos, 1)
#undef APUS_TRIGONOMETRIC
