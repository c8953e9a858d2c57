// The normal distribution's functions: GELU and erf. With E(t) = e^(t²/2) Phi(-t),
//   1 / E(t) = 2 + t V(t),  V(t) = v - N(t) / D(t),
// within 2^-26.7 for 0 <= t <= 14.5 (beyond, nothing is left of Phi(-t)). N / D counts only for a
// part of V, and V for a part of the sum, and so do their errors. e^(-t²/2) = 2^n (1 + m) with
// m = 2 f / (R(f) - f): a division costs less than the polynomial it replaces. The square is
// carried with its rounding error, or the tail would lose up to seven bits.

#define v_normal_parts APUS_NAME(v_normal_parts)
#define v_normal_tail APUS_NAME(v_normal_tail)
#define v_tail_argument APUS_NAME(v_tail_argument)
#define v_gelu APUS_NAME(v_gelu)
#define v_half_square APUS_NAME(v_half_square)
#define v_gelu_slope APUS_NAME(v_gelu_slope)
#define v_erf APUS_NAME(v_erf)
#define v_cubic APUS_NAME(v_cubic)
#define v_gelu_tanh APUS_NAME(v_gelu_tanh)
#define v_gelu_tanh_slope APUS_NAME(v_gelu_tanh_slope)

/// |x|, or 0 from 14.5 on; a NaN stays.
APUS_INLINE vf v_tail_argument(vf x) {
  vf t = v_abs(x);
  return (vf)((vi)t & ~(t >= 14.5f));
}

/// f of -t²/2 = (n + f) ln 2, n in the low bits of *shifted. The factor's own error is in the fit.
APUS_INLINE vf v_half_square(vf t, vf *shifted) {
  const float factor = -0.72134752f;
#if APUS_FUSED
  vf s = t * t;
  *shifted = v_fma(s, factor, APUS_ROUNDER);
  vf f = v_fma(s, factor, APUS_ROUNDER - *shifted);
  return v_fma(v_fma(t, t, -s), factor, f);
#else
  vd wide = __builtin_convertvector(t, vd);
  vd z = wide * wide * (double)factor;
  *shifted = __builtin_convertvector(z, vf) + APUS_ROUNDER;
  return __builtin_convertvector(z - __builtin_convertvector(*shifted - APUS_ROUNDER, vd), vf);
#endif
}

/// 2 + t V(t), m and 2^(n + 64).
APUS_INLINE vf v_normal_parts(vf t, vf *m, vf *scale) {
  vf s = t * t, shifted, f = v_half_square(t, &shifted), f2 = f * f;
  vf ratio = v_fma(f2, v_fma(f2, -0x1.e33c94p-11f, 0x1.d930p-4f), 0x1.715476p+1f);
  *m = (f + f) / (ratio - f);
  *scale = v_scale(shifted, 64);
  vf p = v_fma(v_fma(t, 0x1.ffe0b8p+0f, 0x1.102a84p+4f), s,
               v_fma(t, 0x1.f16a0ep+5f, 0x1.a66124p+6f));
  vf q = v_fma(v_fma(t, 0x1.37ea18p+3f, 0x1.5be2aep+5f) + s, s,
               v_fma(t, 0x1.9c24aap+6f, 0x1.cfb63ep+6f));
  return v_fma(t, 0x1.40d972p+1f - p / q, 2.0f);
}

/// x Phi(x) = max(x, 0) - t Phi(-t).
APUS_INLINE vf v_gelu(vf x) {
  vf m, scale, t = v_tail_argument(x), quotient = t / v_normal_parts(t, &m, &scale);
  vf tail = v_fma(quotient, m, quotient) * scale;
  return v_fma(tail, -0x1p-64f, v_by_sign(x, -0.0f, x));
}

/// Phi(x) + x phi(x).
APUS_INLINE vf v_gelu_slope(vf x) {
  vf m, scale, t = v_tail_argument(x);
  vf sum = v_normal_parts(t, &m, &scale);
  vf power = (1.0f + m) * scale * 0x1p-64f;
  vf tail = power / sum, weighted = t * power * 0.39894228f;
  // Beyond 14.5 the argument was 0: the slope has reached its limits there.
  vf far = x < 0.0f ? (vf)0.0f : (vf)1.0f;
  vf near = x < 0.0f ? tail - weighted : (1.0f - tail) + weighted;
  return v_abs(x) >= 14.5f ? far : near;
}

/// x + x P(x²) up to 1, then 1 - e^Q(|x|).
APUS_INLINE vf v_erf(vf x) {
  vf a = v_at_most(v_abs(x), 4.0f), z = a * a;
  vf p = v_fma(z, 0x1.4771fep-14f, -0x1.a3515ep-11f);
  p = v_fma(z, p, 0x1.53f224p-8f);
  p = v_fma(z, p, -0x1.b7f71ap-6f);
  p = v_fma(z, p, 0x1.ce2ce6p-4f);
  p = v_fma(z, p, -0x1.81273ep-2f);
  p = v_fma(z, p, 0x1.06eba8p-3f);
  vf q = v_fma(a, -0x1.67daa4p-16f, 0x1.cbde1ap-12f);
  q = v_fma(a, q, -0x1.12a932p-8f);
  q = v_fma(a, q, 0x1.9c6b72p-6f);
  q = v_fma(a, q, -0x1.bbd9b2p-4f);
  q = v_fma(a, q, -0x1.443c40p-1f);
  q = v_fma(a, q, -0x1.212a54p+0f);
  q = v_fma(a, q, 0x1.7eab5ep-13f);
  vf shifted, m = v_expm1_core(v_split(q, &shifted));
  vf power = v_scale(shifted, 0);
  vf large = 1.0f - v_fma(m, power, power);
  return v_copy_sign(a < 1.0f ? v_fma(a, p, a) : large, x);
}

/// e^-z for z = 2 sqrt(2 / pi) (t + 0.044715 t³), as 1 + m and 2^(n + 64). z goes up to 110, so
/// it is taken in float64. 0 <= t <= 11.25.
APUS_INLINE vf v_cubic(vf t, vf *m, vf *scale) {
  vd wide = __builtin_convertvector(t, vd);
  vd z = wide * (0.07135481627260025 * (wide * wide) + 1.5957691216057308);
  vd n = (z * -1.4426950408889634 + 0x1.8p52) - 0x1.8p52;
  *m = v_expm1_core(__builtin_convertvector(-z - n * 0.6931471805599453, vf));
  *scale = (vf)((vu)(__builtin_convertvector(n, vi) + (127 + 64)) << 23);
  return v_fma(*m, 0x1p-64f, 0x1p-64f) * *scale;
}

/// x (1 + tanh(z / 2)) / 2 = x sigmoid(z), as in silu.
APUS_INLINE vf v_gelu_tanh(vf x) {
  vf t = v_at_most(v_abs(x), 11.25f);
  vf m, scale, e = v_cubic(t, &m, &scale);
  vf below = -v_fma(t, m, t) * scale * 0x1p-64f;
  // An infinite x has no error to be corrected.
  return x > 100.0f ? x : v_copy_sign(v_over_one_plus(v_by_sign(x, below, x), e), x);
}

/// s + x s (1 - s) dz/dx, s = sigmoid(z).
APUS_INLINE vf v_gelu_tanh_slope(vf x) {
  vf t = v_at_most(v_abs(x), 11.25f);
  vf m, scale, e = v_cubic(t, &m, &scale), sum = 1.0f + e;
  vf slope = t * v_fma(t * t, 0.21406445f, 1.5957691f);
  vf part = slope * (e / (sum * sum));
  return x < 0.0f ? e / sum - part : 1.0f / sum + part;
}
