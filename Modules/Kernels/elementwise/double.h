#pragma once
#include <math.h>

// Functions of one float64 element, over the C library's.

/// Phi(-t) for t >= 0. erfc's argument is rounded, which the tail would magnify: the first-order
/// correction is its derivative.
static inline double apus_normal_tail(double t) {
  double z = t * 0.70710678118654752;
  double rest = fma(t, 0.70710678118654752, -z) + t * -4.8336466567264567e-17;
  return 0.5 * (erfc(z) - 1.1283791670955126 * exp(-z * z) * rest);
}

static inline double apus_sigmoid(double x) {
  double e = exp(-fabs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

static inline double apus_silu(double x) {
  return x < -746 ? -0.0 : x * apus_sigmoid(x);
}

static inline double apus_silu_slope(double x) {
  if (fabs(x) > 800) return x > 0;
  double s = apus_sigmoid(x);
  return s * (1 + x * apus_sigmoid(-x));
}

static inline double apus_softplus(double x) {
  return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}

static inline double apus_gelu(double x) {
  double t = fabs(x) < 40 ? fabs(x) : x == x ? 40 : x;
  return (x > 0 ? x : -0.0) - t * apus_normal_tail(t);
}

static inline double apus_gelu_slope(double x) {
  double t = fabs(x) < 40 ? fabs(x) : x == x ? 40 : x;
  double tail = apus_normal_tail(t), weighted = t * 0.39894228040143268 * exp(-0.5 * t * t);
  return x < 0 ? tail - weighted : (1 - tail) + weighted;
}

static inline double apus_gelu_tanh(double x) {
  if (x < -30) return -0.0;
  return x * apus_sigmoid(x * fma(0.07135481627260025 * x, x, 1.5957691216057308));
}

static inline double apus_gelu_tanh_slope(double x) {
  if (fabs(x) > 30) return x > 0;
  double z = x * fma(0.07135481627260025 * x, x, 1.5957691216057308);
  double slope = x * fma(0.21406444881780073 * x, x, 1.5957691216057308);
  double s = apus_sigmoid(z);
  return s + slope * s * apus_sigmoid(-z);
}

/// As in math/mish.h.
static inline double apus_mish(double x) {
  double w = exp(x > 40 ? 40 : x), q = w * (w + 2);
  return (x < -800 ? -800 : x) * (q / (q + 2));
}

static inline double apus_mish_slope(double x) {
  double y = x > 40 ? 40 : x < -800 ? -800 : x;
  double w = exp(y), q = w * (w + 2), share = 1 / (q + 2);
  return share * (q + 4 * y * w * ((1 + w) * share));
}
