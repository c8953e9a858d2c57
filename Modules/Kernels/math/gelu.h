// The normal distribution's functions: erf and GELU. For t >= 0,
// Phi(-t) = e^(-t²/2) N(t) / D(t), N / D within 2^-27 relatively up to t = 14.5; the square is
// carried with its rounding error, or the tail would lose up to seven bits.

#define v_normal_tail APUS_NAME(v_normal_tail)
#define v_gelu APUS_NAME(v_gelu)
#define v_gelu_slope APUS_NAME(v_gelu_slope)
#define v_erf APUS_NAME(v_erf)
#define v_cubic APUS_NAME(v_cubic)
#define v_gelu_tanh APUS_NAME(v_gelu_tanh)
#define v_gelu_tanh_slope APUS_NAME(v_gelu_tanh_slope)

/// N(t), 2^64 D(t), m and 2^(n + 64) with e^(-t²/2) = 2^n (1 + m), for 0 <= t <= 14.5.
APUS_INLINE vf v_normal_tail(vf t, vf *denominator, vf *m, vf *scale) {
  vf s = t * t, rest = v_square_rest(t, s);
  vf shifted, r = v_split(-0.5f * s, &shifted);
  *m = v_expm1_core(v_fma(rest, -0.5f, r));
  *scale = v_scale(shifted, 64);
  const float k = 0x1p64f;
  vf d = v_fma(t, 0.010318237602656365f * k, 0.10186179954780532f * k);
  d = v_fma(t, d, 0.46948113426408333f * k);
  d = v_fma(t, d, 1.2025212621762336f * k);
  d = v_fma(t, d, 1.6744874385640824f * k);
  *denominator = v_fma(t, d, k);
  vf p = v_fma(t, 0.004116428967535836f, 0.040634408279305374f);
  p = v_fma(t, p, 0.1832391814528115f);
  p = v_fma(t, p, 0.43830122975054303f);
  return v_fma(t, p, 0.5f);
}

/// x Phi(x) = max(x, 0) - t Phi(-t), t = |x|.
APUS_INLINE vf v_gelu(vf x) {
  vf t = v_at_most(v_abs(x), 14.5f);
  vf d, m, scale, p = v_normal_tail(t, &d, &m, &scale) * t;
  vf tail = v_fma(p, m, p) * scale / d;
  return (x > 0.0f ? x : (vf)-0.0f) - tail;
}

/// Phi(x) + x phi(x).
APUS_INLINE vf v_gelu_slope(vf x) {
  vf t = v_at_most(v_abs(x), 14.5f);
  vf d, m, scale, p = v_normal_tail(t, &d, &m, &scale);
  vf tail = v_fma(p, m, p) * scale / d;
  vf density = v_fma(m, 0.39894228f, 0.39894228f) * scale * 0x1p-64f;
  vf weighted = t * density;
  return x < 0.0f ? tail - weighted : (1.0f - tail) + weighted;
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
  return (x < 0.0f ? below : x) / (1.0f + e);
}

/// s + x s (1 - s) dz/dx, s = sigmoid(z).
APUS_INLINE vf v_gelu_tanh_slope(vf x) {
  vf t = v_at_most(v_abs(x), 11.25f);
  vf m, scale, e = v_cubic(t, &m, &scale), sum = 1.0f + e;
  vf slope = t * v_fma(t * t, 0.21406445f, 1.5957691f);
  vf part = slope * (e / (sum * sum));
  return x < 0.0f ? e / sum - part : 1.0f / sum + part;
}
