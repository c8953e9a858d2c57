// exp, expm1, tanh and the logistic family. With x = n ln 2 + r, |r| <= ln 2 / 2, and
// e^r = 1 + m:  e^x = 2^n (1 + m). 2^n alone may be out of range where e^x is not, so it is
// applied in two factors.
//
// Where a sum below a division rounds, the remainder y - q (1 + e) is found exactly (y - q is
// exact, the rest is one fused step) and divided by a mere guess at the sum.

#define v_split APUS_NAME(v_split)
#define v_expm1_rest APUS_NAME(v_expm1_rest)
#define v_expm1_core APUS_NAME(v_expm1_core)
#define v_scale APUS_NAME(v_scale)
#define v_exp APUS_NAME(v_exp)
#define v_exp_flushed APUS_NAME(v_exp_flushed)
#define v_guess APUS_NAME(v_guess)
#define v_over_one_plus APUS_NAME(v_over_one_plus)
#define v_exp_nonpositive APUS_NAME(v_exp_nonpositive)
#define v_expm1 APUS_NAME(v_expm1)
#define v_tanh APUS_NAME(v_tanh)
#define v_sigmoid APUS_NAME(v_sigmoid)
#define v_silu APUS_NAME(v_silu)
#define v_silu_slope APUS_NAME(v_silu_slope)

// Adding 1.5 · 2^23 rounds to an integer and leaves it in the low bits.
#define APUS_ROUNDER 12582912.0f
// ln 2 in two parts; the first has 9 bits, so that its products with n are exact.
#define APUS_LN2_HIGH 0.693359375f
#define APUS_LN2_LOW -2.12194440e-4f
#define APUS_LOG2_E 1.44269504f
#define APUS_LOG2_E_REST 1.92596299e-8f

/// r of x; the bits of *shifted hold n. |x| < 2^21.
APUS_INLINE vf v_split(vf x, vf *shifted) {
  *shifted = v_fma(x, APUS_LOG2_E, APUS_ROUNDER);
  vf n = *shifted - APUS_ROUNDER;
  return v_fma(n, -APUS_LN2_LOW, v_fma(n, -APUS_LN2_HIGH, x));
}

/// (e^r - 1 - r) / r².
APUS_INLINE vf v_expm1_rest(vf r) {
  vf r2 = r * r;
  return v_fma(v_fma(r2, 0x1.6cd73ap-10f, v_fma(r, 0x1.122ep-7f, 0x1.555538p-5f)), r2,
               v_fma(r, 0x1.5554a8p-3f, 0.5f));
}

/// m = e^r - 1, within 2^-26 |r| e^r.
APUS_INLINE vf v_expm1_core(vf r) { return v_fma(v_expm1_rest(r), r * r, r); }

/// 2^(n + offset), for -127 < n + offset < 128.
APUS_INLINE vf v_scale(vf shifted, int offset) {
  return (vf)(((vu)shifted << 23) + (uint32_t)((127 + offset) << 23));
}

/// e^x.
APUS_INLINE vf v_exp(vf x) {
  vf shifted, r = v_split(v_at_least(v_at_most(x, 89.0f), -104.0f), &shifted);
  vf m = v_expm1_core(r);
  // n goes from -150 to 128: 64 more and 2^-64 below 0, or 1 less and 2 above.
  vu below = (vu)((vi)x >> 31);
  vu offset = ((127 - 1) << 23) + (below & (65 << 23));
  vf rest = (vf)((128 << 23) - (below & (65 << 23)));
  return (1.0f + m) * (vf)(((vu)shifted << 23) + offset) * rest;
}

/// e^x for x <= 0 or little above; 0 where it would be subnormal, which costs time and counts for
/// nothing beside the 1 of a maximum.
APUS_INLINE vf v_exp_flushed(vf x) {
  vf shifted, m = v_expm1_core(v_split(v_at_least(x, -88.0f), &shifted));
  vf power = v_scale(shifted, 0);
  vf e = v_fma(m, power, power);
  return x < -87.0f ? (vf)0.0f : e;
}

/// 1 / x within an eighth, for normal x.
APUS_INLINE vf v_guess(vf x) { return (vf)(0x7ef311c3 - (vi)x); }

/// y / (1 + e) for 0 <= e <= 1, without the errors of the sum and the division.
APUS_INLINE vf v_over_one_plus(vf y, vf e) {
  vf sum = 1.0f + e, quotient = y / sum;
  vf rest = v_fma(-quotient, e, y - quotient);
  return v_fma(rest, v_guess(sum), quotient);
}

/// e^x for -112 <= x <= 0 (or NaN); 1 + m and 2^(n + 64) as well.
APUS_INLINE vf v_exp_nonpositive(vf x, vf *m, vf *scale) {
  vf shifted, r = v_split(x, &shifted);
  *m = v_expm1_core(r);
  *scale = v_scale(shifted, 64);
  return v_fma(*m, 0x1p-64f, 0x1p-64f) * *scale;
}

APUS_INLINE vf v_expm1(vf x) {
  vf shifted, r = v_split(v_at_least(v_at_most(x, 89.0f), -18.0f), &shifted);
  vf half = v_scale(shifted, -1);
  vf y = 2.0f * v_fma(half, v_expm1_core(r), half - 0.5f);
  // Halving would cost a tiny result its last bit; -0 stays -0.
  return v_abs(x) < 0x1p-25f ? x : y;
}

/// With |x| = n ln 2 / 2 + h, p = 2^n and r = h coth h: the numerator a = (p - 1) r + (p + 1) h
/// over a + 2 (r - h), which shares its error, so that none is left near 1. n is rounded from a
/// quarter less: at 0 it stays 0 longer, where only r rounds. One part of ln 2 is enough: the
/// larger n, the less h counts.
APUS_INLINE vf v_tanh(vf x) {
  vf y = v_at_most(v_abs(x), 9.1f);
  vf shifted = v_fma(y, 2.0f * APUS_LOG2_E, -0.25f) + APUS_ROUNDER;
  vf h = v_fma(shifted - APUS_ROUNDER, -0.34657359f, y), h2 = h * h;
  vf r = v_fma(h2, 0x1.11282ep-9f, -0x1.6c1072p-6f);
  r = v_fma(v_fma(h2, r, 0x1.555554p-2f), h2, 1.0f);
  vf power = v_scale(shifted, 0), rest = r - h;
  vf numerator = v_fma(power - 1.0f, r, (power + 1.0f) * h);
  return v_copy_sign(numerator / (numerator + (rest + rest)), x);
}

/// 1 / (1 + e^-x), on one side for all x, which ends where the result is 1 or 0. With
/// -x log2 e = n + f and R = f coth(f ln 2 / 2), e^-x = 2^n (R + f) / (R - f): one division is
/// left. Both parts carry 2^-64, or 2^n would overflow before the result is 0.
APUS_INLINE vf v_sigmoid(vf x) {
  vf y = v_at_least(v_at_most(x, 20.0f), -105.0f);
#if APUS_FUSED
  vf shifted = v_fma(y, -APUS_LOG2_E, APUS_ROUNDER);
  vf f = v_fma(y, -APUS_LOG2_E, APUS_ROUNDER - shifted);
  f = v_fma(y, -APUS_LOG2_E_REST, f);
#else
  // Where products round, the leading 12 bits of both factors are multiplied first.
  vf high = (vf)((vi)y & (int32_t)0xfffff000), shifted = y * -APUS_LOG2_E + APUS_ROUNDER;
  vf f = high * -0x1.714p+0f + (APUS_ROUNDER - shifted);
  f += (y - high) * -APUS_LOG2_E + high * -0x1.47652cp-12f;
#endif
  vf f2 = f * f;
  vf ratio = v_fma(v_fma(f2, -0x1.e3e150p-11f, 0x1.d93080p-4f), f2, 0x1.715476p+1f);
  vf below = ratio - f, above = below + (f + f);
  vf numerator = (vf)((vu)below - (64 << 23));
  return numerator / v_fma(above, v_scale(shifted, -64), numerator);
}

/// x sigmoid(x). x (1 + m) comes before the scaling, which alone may underflow.
APUS_INLINE vf v_silu(vf x) {
  vf bounded = v_at_least(x, -110.0f);
  vf m, scale, e = v_exp_nonpositive(-v_at_most(v_abs(x), 110.0f), &m, &scale);
  vf below = v_fma(bounded, m, bounded) * scale * 0x1p-64f;
  // An infinite x has no error to be corrected.
  return x > 100.0f ? x : v_copy_sign(v_over_one_plus(v_by_sign(x, below, x), e), x);
}

/// s (1 + x (1 - s)) for s = sigmoid(x).
APUS_INLINE vf v_silu_slope(vf x) {
  vf m, scale, e = v_exp_nonpositive(-v_at_most(v_abs(x), 110.0f), &m, &scale);
  vf sum = 1.0f + e;
  vf s = (x < 0.0f ? e : (vf)1.0f) / sum, rest = (x < 0.0f ? (vf)1.0f : e) / sum;
  return s * v_fma(v_at_most(v_at_least(x, -110.0f), 110.0f), rest, 1.0f);
}
