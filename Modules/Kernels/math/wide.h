// float64: exp, expm1, tanh, the logistic function, log, log1p and softplus, by the same forms as in
// float32. Within 2 units in the last place.

#define vw APUS_NAME(vw)
#define vwi APUS_NAME(vwi)
#define vwu APUS_NAME(vwu)
#define vw_loose APUS_NAME(vw_loose)
#define wide_lanes (APUS_VECTOR_BYTES / 8)

typedef double vw __attribute__((ext_vector_type(APUS_VECTOR_BYTES / 8)));
typedef int64_t vwi __attribute__((ext_vector_type(APUS_VECTOR_BYTES / 8)));
typedef uint64_t vwu __attribute__((ext_vector_type(APUS_VECTOR_BYTES / 8)));
typedef vw vw_loose __attribute__((aligned(8), may_alias));

#define w_fma APUS_NAME(w_fma)
#define w_abs APUS_NAME(w_abs)
#define w_at_most APUS_NAME(w_at_most)
#define w_at_least APUS_NAME(w_at_least)
#define w_copy_sign APUS_NAME(w_copy_sign)
#define w_scale APUS_NAME(w_scale)
#define w_split APUS_NAME(w_split)
#define w_expm1_core APUS_NAME(w_expm1_core)
#define w_exp APUS_NAME(w_exp)
#define w_expm1 APUS_NAME(w_expm1)
#define w_tanh APUS_NAME(w_tanh)
#define w_sigmoid APUS_NAME(w_sigmoid)
#define w_log_sum APUS_NAME(w_log_sum)
#define w_log_edges APUS_NAME(w_log_edges)
#define w_log APUS_NAME(w_log)
#define w_log1p APUS_NAME(w_log1p)
#define w_softplus APUS_NAME(w_softplus)

APUS_INLINE vw w_fma(vw a, vw b, vw c) {
#if APUS_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

APUS_INLINE vw w_abs(vw x) { return (vw)((vwi)x & INT64_MAX); }

// Both pass a NaN in x on.
APUS_INLINE vw w_at_most(vw x, double limit) { return x > limit ? (vw)limit : x; }
APUS_INLINE vw w_at_least(vw x, double limit) { return x < limit ? (vw)limit : x; }

APUS_INLINE vw w_copy_sign(vw magnitude, vw sign) {
  return (vw)(((vwi)magnitude & INT64_MAX) | ((vwi)sign & INT64_MIN));
}

// Adding 1.5 · 2^52 rounds to an integer and leaves it in the low bits.
#define APUS_WIDE_ROUNDER 0x1.8p52
#define APUS_WIDE_LOG2_E 0x1.71547652b82fep0
#define APUS_WIDE_LOG2_E_REST 0x1.777d0ffda0d24p-56
// The first part of ln 2 has 33 bits: its products with n are exact.
#define APUS_WIDE_LN2_HIGH 0x1.62e42feep-1
#define APUS_WIDE_LN2_LOW 0x1.a39ef35793c76p-33

/// 2^(n + offset), for -1023 < n + offset < 1024.
APUS_INLINE vw w_scale(vw shifted, int64_t offset) {
  return (vw)(((vwu)shifted << 52) + ((uint64_t)(1023 + offset) << 52));
}

/// x - n ln 2; the bits of *shifted hold n.
APUS_INLINE vw w_split(vw x, vw *shifted) {
  *shifted = w_fma(x, (vw)APUS_WIDE_LOG2_E, (vw)APUS_WIDE_ROUNDER);
  vw n = *shifted - APUS_WIDE_ROUNDER;
  return w_fma(n, (vw)-APUS_WIDE_LN2_LOW, w_fma(n, (vw)-APUS_WIDE_LN2_HIGH, x));
}

/// e^r - 1 by its series, for |r| <= ln 2 / 2.
APUS_INLINE vw w_expm1_core(vw r) {
  vw z = r * r;
  vw even = w_fma(z, (vw)0x1.1eed8eff8d898p-29, (vw)0x1.27e4fb7789f5cp-22);
  vw odd = w_fma(z, (vw)0x1.6124613a86d09p-33, (vw)0x1.ae64567f544e4p-26);
  even = w_fma(z, even, (vw)0x1.a01a01a01a01ap-16);
  odd = w_fma(z, odd, (vw)0x1.71de3a556c734p-19);
  even = w_fma(z, even, (vw)0x1.6c16c16c16c17p-10);
  odd = w_fma(z, odd, (vw)0x1.a01a01a01a01ap-13);
  even = w_fma(z, even, (vw)0x1.5555555555555p-5);
  odd = w_fma(z, odd, (vw)0x1.1111111111111p-7);
  even = w_fma(z, even, (vw)0.5);
  odd = w_fma(z, odd, (vw)0x1.5555555555555p-3);
  return w_fma(w_fma(r, odd, even), z, r);
}

/// e^x; 2^n in two factors, as 2^n alone may be out of range.
APUS_INLINE vw w_exp(vw x) {
  vw shifted, r = w_split(w_at_least(w_at_most(x, 710.0), -746.0), &shifted);
  vwi below = x < 0.0;
  vwu offset = ((uint64_t)(1023 - 1) << 52) + ((vwu)below & ((uint64_t)65 << 52));
  vw rest = (vw)(((uint64_t)1024 << 52) - ((vwu)below & ((uint64_t)65 << 52)));
  return (1.0 + w_expm1_core(r)) * (vw)(((vwu)shifted << 52) + offset) * rest;
}

APUS_INLINE vw w_expm1(vw x) {
  vw shifted, r = w_split(w_at_least(w_at_most(x, 710.0), -38.0), &shifted);
  vw half = w_scale(shifted, -1);
  vw y = 2.0 * w_fma(half, w_expm1_core(r), half - 0.5);
  return w_abs(x) < 0x1p-54 ? x : y;
}

/// As v_tanh; r is the series of h coth h.
APUS_INLINE vw w_tanh(vw x) {
  vw y = w_at_most(w_abs(x), 19.5);
  vw shifted = w_fma(y, (vw)(2.0 * APUS_WIDE_LOG2_E), (vw)-0.25) + APUS_WIDE_ROUNDER;
  vw n = shifted - APUS_WIDE_ROUNDER;
  vw h = w_fma(n, (vw)(-0.5 * APUS_WIDE_LN2_LOW), w_fma(n, (vw)(-0.5 * APUS_WIDE_LN2_HIGH), y));
  vw z = h * h, z2 = z * z;
  vw a = w_fma(z, (vw)0x1.355871d652e9ep-29, (vw)-0x1.7da4e1f79955cp-26);
  vw b = w_fma(z, (vw)0x1.d6db2c4e09162p-23, (vw)-0x1.22805d644267fp-19);
  vw c = w_fma(z, (vw)0x1.66a8f2bf70ebep-16, (vw)-0x1.bbd779334ef0bp-13);
  vw d = w_fma(z, (vw)0x1.1566abc011567p-9, (vw)-0x1.6c16c16c16c17p-6);
  vw p = w_fma(w_fma(w_fma(a, z2, b), z2, c), z2, d);
  vw r = w_fma(w_fma(p, z, (vw)0x1.5555555555555p-2), z, (vw)1.0);
  vw power = w_scale(shifted, 0), rest = r - h;
  vw numerator = w_fma(power - 1.0, r, (power + 1.0) * h);
  return w_copy_sign(numerator / (numerator + (rest + rest)), x);
}

/// As v_sigmoid, with the series of f coth(f ln 2 / 2).
APUS_INLINE vw w_sigmoid(vw x) {
  vw y = w_at_least(w_at_most(x, 40.0), -746.0);
#if APUS_FUSED
  vw shifted = w_fma(y, (vw)-APUS_WIDE_LOG2_E, (vw)APUS_WIDE_ROUNDER);
  vw f = w_fma(y, (vw)-APUS_WIDE_LOG2_E, APUS_WIDE_ROUNDER - shifted);
  f = w_fma(y, (vw)-APUS_WIDE_LOG2_E_REST, f);
#else
  vw shifted, f = w_split(-y, &shifted) * APUS_WIDE_LOG2_E;
#endif
  vw z = f * f, z2 = z * z;
  vw a = w_fma(z, (vw)-0x1.49eb74a460b6ap-36, (vw)0x1.a7e60cd2c83a7p-30);
  vw b = w_fma(z, (vw)-0x1.10f553626c4aep-23, (vw)0x1.63144fb784852p-17);
  vw c = w_fma(z, (vw)-0x1.e50096de2cd99p-11, (vw)0x1.d9303fea2f7eap-4);
  vw ratio = w_fma(w_fma(w_fma(a, z2, b), z2, c), z, (vw)0x1.71547652b82fep+1);
  vw below = ratio - f, above = below + (f + f);
  vw numerator = (vw)((vwu)below - ((uint64_t)64 << 52));
  return numerator / w_fma(above, w_scale(shifted, -64), numerator);
}

/// n ln 2 + log(1 + f) + rest, with sqrt(1/2) <= 1 + f < sqrt(2): with s = f / (2 + f) and
/// log(1 + f) = 2 atanh(s), f - f²/2 + s (f²/2 + R(s²)).
APUS_INLINE vw w_log_sum(vw n, vw f, vw rest) {
  vw s = f / (2.0 + f), z = s * s, half = 0.5 * (f * f);
  // 2 atanh(s) / s - 2, interpolated at Chebyshev's points.
  vw r = w_fma(z, (vw)0x1.2b5b5fb2eac92p-3, (vw)0x1.39fe208c33457p-3);
  r = w_fma(z, r, (vw)0x1.7462b69705382p-3);
  r = w_fma(z, r, (vw)0x1.c71c62debf86bp-3);
  r = w_fma(z, r, (vw)0x1.2492492df6947p-2);
  r = w_fma(z, r, (vw)0x1.99999999952b2p-2);
  r = w_fma(z, r, (vw)0x1.5555555555558p-1);
  vw sum = w_fma(s, w_fma(z, r, half), w_fma(n, (vw)APUS_WIDE_LN2_LOW, rest));
  return w_fma(n, (vw)APUS_WIDE_LN2_HIGH, f - (half - sum));
}

/// `y`, but -infinity at argument 0, NaN below and the argument itself at infinity and NaN.
APUS_INLINE vw w_log_edges(vw argument, vw y) {
  vw edge = argument < 0.0 ? (vw)__builtin_nan("") : argument;
  edge = argument == 0.0 ? (vw)-__builtin_inf() : edge;
  vwi inside = (argument > 0.0) & (argument < __builtin_inf());
  return inside ? y : edge;
}

#define APUS_WIDE_SQRT_HALF_BITS 0x3fe6a09e667f3bcd

// The exponent is kept positive while it is shifted down: there is no signed shift in AVX2.
APUS_INLINE vw w_log(vw x) {
  vwi tiny = x < 0x1p-1022;
  vwu bits = (vwu)(tiny ? x * 0x1p54 : x) - APUS_WIDE_SQRT_HALF_BITS + ((uint64_t)1024 << 52);
  vw n = (vw)((bits >> 52) + 0x4338000000000000) - (APUS_WIDE_ROUNDER + 1024);
  vw f = (vw)((bits & 0x000fffffffffffff) + APUS_WIDE_SQRT_HALF_BITS) - 1.0;
  return w_log_edges(x, w_log_sum(n - (tiny ? (vw)54.0 : (vw)0.0), f, (vw)0.0));
}

/// What 1 + x loses comes back as a first-order term.
APUS_INLINE vw w_log1p(vw x) {
  vw u = 1.0 + x;
  vw lost = (u > 2.0 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
  vwu bits = (vwu)u - APUS_WIDE_SQRT_HALF_BITS + ((uint64_t)1024 << 52);
  vw n = (vw)((bits >> 52) + 0x4338000000000000) - (APUS_WIDE_ROUNDER + 1024);
  vw f = (vw)((bits & 0x000fffffffffffff) + APUS_WIDE_SQRT_HALF_BITS) - 1.0;
  vw y = w_log_edges(u, w_log_sum(n, f, lost));
  return w_copy_sign(w_abs(x) < 0x1p-54 ? x : y, x);
}

/// max(x, 0) + log(1 + e^-|x|).
APUS_INLINE vw w_softplus(vw x) {
  return (x > 0.0 ? x : (vw)0.0) + w_log1p(w_exp(-w_abs(x)));
}
