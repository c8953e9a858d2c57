#include <math.h>
#include <stdbool.h>

#include "special.h"

#define HALF_LOG_TWO_PI 0.91893853320467274178

double apus_log_gamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

double apus_stirling_rest(double x) {
  double rest = 0;
  // From x to x + 1 the rest falls by (x + 1/2) log(1 + 1/x) - 1.
  for (; x < 10; x++) rest += (x + 0.5) * log1p(1 / x) - 1;
  static const double series[] = {
    0x1.5555555555555p-4,  -0x1.6c16c16c16c17p-9, 0x1.a01a01a01a01ap-11,
    -0x1.3813813813814p-11, 0x1.b951e2b18ff23p-11, -0x1.f6ab0d9993c7dp-10,
    0x1.a41a41a41a41ap-8,  -0x1.e4286cb0f5398p-6, 0x1.6fe96381e0680p-3,
  };
  double z = 1 / (x * x), sum = 0;
  for (int j = 8; j >= 0; j--) sum = fma(sum, z, series[j]);
  return rest + sum / x;
}

/// Taylor's series at the positive root, of which there are two parts.
static double digamma_near_root(double x) {
  static const double series[] = {
    0x1.ef72bc8ee38acp-1,  -0x1.c563b54aa1a35p-2, 0x1.08b4294d50381p-2,  -0x1.4fc1317257da8p-3,
    0x1.b9a5b6370f3abp-4,  -0x1.27baba261cc2cp-4, 0x1.8fce02b239ca7p-5,  -0x1.0fa7ec36a7d8fp-5,
    0x1.723d6807edcc0p-6,  -0x1.f970508e1b6a2p-7, 0x1.5955caaa962f3p-7,  -0x1.d828079282eb8p-8,
    0x1.42e1acf81d8dcp-8,  -0x1.b9afc7cee8a14p-9, 0x1.2e23345f79aafp-9,  -0x1.9d626f71d1f7ap-10,
    0x1.1acebbd761089p-10, -0x1.82f6345c65b35p-11, 0x1.08bdae1a261d4p-11,
  };
  double d = (x - 0x1.762d86356be3fp+0) - 0x1.b86a722197829p-54, sum = 0;
  for (int j = 18; j >= 0; j--) sum = fma(sum, d, series[j]);
  return sum * d;
}

double apus_digamma(double x) {
  if (x <= 0) {
    double fraction = x - floor(x);
    if (fraction == 0) return NAN;
    return apus_digamma(1 - x) - M_PI / tan(M_PI * fraction);
  }
  if (x > 1.3 && x < 1.62) return digamma_near_root(x);
  double below = 0;
  for (; x < 10; x++) below += 1 / x;
  static const double series[] = {
    0x1.5555555555555p-4,  -0x1.1111111111111p-7, 0x1.0410410410410p-8, -0x1.1111111111111p-8,
    0x1.f07c1f07c1f08p-8,  -0x1.5995995995996p-6, 0x1.5555555555555p-4, -0x1.c5e5e5e5e5e5ep-2,
    0x1.86e7f9b9fe6e8p+1,
  };
  double z = 1 / (x * x), sum = 0;
  for (int j = 8; j >= 0; j--) sum = fma(sum, z, series[j]);
  return log(x) - 0.5 / x - sum * z - below;
}

/// Hurwitz's zeta, the sum of (x + k)^-s over k >= 0, by Euler and Maclaurin, for x > 0.
static double zeta(double s, double x) {
  static const double series[] = {
    0x1.5555555555555p-4,  -0x1.6c16c16c16c17p-10, 0x1.1566abc011567p-15, -0x1.bbd779334ef0bp-21,
    0x1.66a8f2bf70ebep-26, -0x1.22805d644267fp-31, 0x1.d6db2c4e09162p-37, -0x1.7da4e1f79955cp-42,
    0x1.355871d652e9ep-47, -0x1.f57d968caacf1p-53, 0x1.967e1f09c376fp-58, -0x1.497d9033a2b5cp-63,
  };
  double sum = 0, least = s > 10 ? s : 10;
  for (; x < least; x++) sum += pow(x, -s);
  double power = pow(x, -s), factor = s * power / x;
  sum += power * (x / (s - 1) + 0.5);
  for (int j = 0; j < 12; j++) {
    double term = series[j] * factor;
    sum += term;
    if (fabs(term) < 1e-17 * sum) break;
    factor *= (s + 2 * j + 1) * (s + 2 * j + 2) / (x * x);
  }
  return sum;
}

double apus_polygamma(double order, double x) {
  if (!(order >= 1) || order != floor(order)) return NAN;
  double s = order + 1, sign = fmod(order, 2) == 1 ? 1 : -1, sum;
  if (x > 0) {
    sum = zeta(s, x);
  } else {
    // Over all whole steps from x to both sides, less those to the other side.
    double fraction = x - floor(x);
    if (fraction == 0) return NAN;
    sum = zeta(s, fraction) + sign * (zeta(s, 1 - fraction) - zeta(s, 1 - x));
  }
  return sign * tgamma(s) * sum;
}

double apus_deviance(double x, double m) {
  if (fabs(x - m) >= 0.1 * (x + m)) return x * log(x / m) + (m - x);
  // 2 x (atanh(v) - v) + (x - m) v, with v = (x - m) / (x + m).
  double v = (x - m) / (x + m), sum = (x - m) * v, power = 2 * x * v;
  for (int k = 3; k < 2000; k += 2) {
    power *= v * v;
    double next = sum + power / k;
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

double apus_log_poisson_density(double a, double z) {
  if (z == 0) return a == 0 ? 0 : -INFINITY;
  if (a < 10) return a * log(z) - z - apus_log_gamma(a + 1);
  return -0.5 * log(2 * M_PI * a) - apus_stirling_rest(a) - apus_deviance(a, z);
}

/// The continued fraction h of Q(a, z) = z^a e^-z / gamma(a) h, by Lentz's method, and its
/// derivative with respect to a.
static double upper_fraction(double a, double z, double *slope) {
  double b = z + 1 - a, c = 1e300, c_slope = 0, d = 1 / b, d_slope = d * d;
  double h = d, relative = d_slope / d;
  for (double i = 1; i < 1e8; i++) {
    double n = i * (a - i);
    b += 2;
    double over = n / c;
    c_slope = -1 + i / c - over * (c_slope / c);
    c = b + over;
    double below = n * d + b, below_slope = i * d + n * d_slope - 1;
    d = 1 / below;
    d_slope = -below_slope * d * d;
    double step = c * d, change = c_slope / c + d_slope / d;
    h *= step;
    relative += change;
    bool still = fabs(change) <= 1e-16 * fabs(relative);
    if (fabs(step - 1) < 2e-16 && (still || !slope)) break;
  }
  if (slope) *slope = h * relative;
  return h;
}

/// P(a, z) over z^a e^-z / gamma(a + 1).
static double lower_series(double a, double z) {
  double sum = 1, term = 1;
  for (double k = 1; term > 1e-17 * sum; k++) sum += term *= z / (a + k);
  return sum;
}

static double from_upper(double a, double z) {
  return exp(apus_log_poisson_density(a, z)) * a * upper_fraction(a, z, 0);
}

static double from_lower(double a, double z) {
  return exp(apus_log_poisson_density(a, z)) * lower_series(a, z);
}

double apus_gamma_lower(double a, double z) {
  if (!(a > 0) || !(z >= 0)) return NAN;
  if (isinf(z)) return 1;
  return z < a + 1 ? from_lower(a, z) : 1 - from_upper(a, z);
}

double apus_gamma_upper(double a, double z) {
  if (!(a > 0) || !(z >= 0)) return NAN;
  if (isinf(z)) return 0;
  return z < a + 1 ? 1 - from_lower(a, z) : from_upper(a, z);
}

double apus_gamma_slope(double a, double log_z) {
  double z = exp(log_z);
  if (!(a > 0) || isnan(z)) return NAN;
  if (isinf(z)) return 0;
  if (z < a + 1) {
    // Of the series: each term z^k / ((a) ... (a + k)) has its own logarithm's slope.
    double term = 1 / a, psi = apus_digamma(a + 1), sum = 0;
    for (double k = 1;; k++) {
      double part = term * (psi - log_z);
      sum += part;
      if (fabs(part) <= 1e-17 * fabs(sum) || !(term > 0)) break;
      term *= z / (a + k);
      psi += 1 / (a + k);
    }
    return sum;
  }
  double slope, h = upper_fraction(a, z, &slope);
  return h * (log_z - apus_digamma(a)) + slope;
}
