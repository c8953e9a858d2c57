// log, log1p and softplus. With x = 2^n (1 + f), 1 + f between sqrt(1/2) and sqrt(2):
// log x = n ln 2 + f - f²/2 + f³ P(f).

#define v_log_sum APUS_NAME(v_log_sum)
#define v_log APUS_NAME(v_log)
#define v_log1p APUS_NAME(v_log1p)
#define v_log1p_unit APUS_NAME(v_log1p_unit)
#define v_softplus APUS_NAME(v_softplus)
#define v_log_edges APUS_NAME(v_log_edges)

#define APUS_SQRT_HALF_BITS 0x3f3504f3

/// n ln 2 + log(1 + f).
APUS_INLINE vf v_log_sum(vf n, vf f) {
  vf f2 = f * f;
  vf low = v_fma(f, -0x1.0002260p-2f, 0x1.55554ap-2f);
  vf high = v_fma(f, -0x1.5476d0p-3f, 0x1.99a5bcp-3f);
  vf top = v_fma(f, -0x1.0ceb32p-3f, 0x1.2269eap-3f);
  vf last = v_fma(f, -0x1.4271e0p-4f, 0x1.080e0ap-3f);
  vf p = v_fma(v_fma(v_fma(last, f2, top), f2, high), f2, low);
  vf rest = v_fma(f, p, -0.5f);
  vf sum = f + v_fma(f2, rest, n * APUS_LN2_LOW);
  return v_fma(n, APUS_LN2_HIGH, sum);
}

/// `y`, but -infinity at argument 0, NaN below and the argument itself at infinity and NaN.
APUS_INLINE vf v_log_edges(vf argument, vf y) {
  vf edge = argument == 0.0f ? (vf)-__builtin_inff() : (vf)__builtin_nanf("");
  edge = argument < 0.0f ? edge : (argument == 0.0f ? edge : argument);
  vi inside = (argument > 0.0f) & (argument < __builtin_inff());
  return inside ? y : edge;
}

APUS_INLINE vf v_log(vf x) {
  vi tiny = x < 0x1p-126f;
  vi bits = (vi)(tiny ? x * 0x1p23f : x) - APUS_SQRT_HALF_BITS;
  vf n = __builtin_convertvector(bits >> 23, vf) - (tiny ? (vf)23.0f : (vf)0.0f);
  vf f = (vf)((bits & 0x007fffff) + APUS_SQRT_HALF_BITS) - 1.0f;
  return v_log_edges(x, v_log_sum(n, f));
}

/// f comes from x itself, not from the rounded 1 + x.
APUS_INLINE vf v_log1p(vf x) {
  vf u = 1.0f + x;
  vi n = ((vi)u - APUS_SQRT_HALF_BITS) >> 23;
  // 2^(2 - n): 2^-n may be too small for a normal number.
  vf scale = (vf)((vu)(129 - n) << 23);
  vf f = (x * scale) * 0.25f + (scale * 0.25f - 1.0f);
  vf y = v_log_sum(__builtin_convertvector(n, vf), f);
  return v_copy_sign(v_log_edges(u, y), x);
}

/// log(1 + e) for 0 <= e <= 1. e² is the only power taken alone: it underflows last.
APUS_INLINE vf v_log1p_unit(vf e) {
  vf e2 = e * e;
  vf a = v_fma(e, 0x1.554dd0p-2f, -0x1.ffffd2p-2f);
  vf b = v_fma(e, 0x1.934b54p-3f, -0x1.ff23e6p-3f);
  vf c = v_fma(e, 0x1.b4ae08p-4f, -0x1.3a435ep-3f);
  vf d = v_fma(e, 0x1.4917cep-6f, -0x1.d6b08cp-5f);
  vf p = v_fma(v_fma(e2, -0x1.af49cep-9f, d), e2, c);
  return v_fma(v_fma(v_fma(p, e2, b), e2, a), e2, e);
}

/// max(x, 0) + log(1 + e^-|x|).
APUS_INLINE vf v_softplus(vf x) {
  vf m, scale, e = v_exp_nonpositive(-v_at_most(v_abs(x), 105.0f), &m, &scale);
  return (x > 0.0f ? x : (vf)0.0f) + v_log1p_unit(e);
}
