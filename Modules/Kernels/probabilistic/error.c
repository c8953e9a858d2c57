#include <math.h>

#include "special.h"

#define SLOPE 1.1283791670955125739  // 2 / sqrt(pi), that of erf at 0

/// Halley's step for a function with value `off` and slope of size `slope` at y, both of erf's form.
static double halley(double y, double off, double slope) {
  double newton = off / slope;
  return y - newton / (1 + newton * y);
}

/// log of erfc(y) + y^2 for y > 20, by its asymptotic series.
static double log_scaled_erfc(double y) {
  double w = 1 / (2 * y * y);
  return log1p(-w * (1 - 3 * w * (1 - 5 * w * (1 - 7 * w)))) - log(y) - 0.57236494292470008707;
}

double apus_erfc_inverse(double x) {
  if (!(x >= 0) || !(x <= 2)) return NAN;
  if (x == 0 || x == 2) return x == 0 ? INFINITY : -INFINITY;
  if (x > 0.5) return apus_erf_inverse(1 - x);
  // Abramowitz and Stegun 26.2.23, then Halley on erfc.
  double t = sqrt(-2 * (log(x) - 0.69314718055994530942));
  double y = t - (2.515517 + t * (0.802853 + t * 0.010328))
    / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  y *= 0.70710678118654752;
  if (x < 1e-290) {
    // erfc itself would be subnormal: Newton on its logarithm, whose slope is nearly -2 y.
    for (int step = 0; step < 4; step++) {
      y += (log_scaled_erfc(y) - y * y - log(x)) / (2 * y + 1 / y);
    }
    return y;
  }
  for (int step = 0; step < 3; step++) y = halley(y, erfc(y) - x, -SLOPE * exp(-y * y));
  return y;
}

double apus_erf_inverse(double x) {
  if (!(fabs(x) <= 1)) return NAN;
  if (fabs(x) > 0.5) return copysign(apus_erfc_inverse(1 - fabs(x)), x);
  double y = x / SLOPE, z = y * y;
  y *= 1 + z * (1.0 / 3 + z * (7.0 / 30 + z * (127.0 / 630)));
  for (int step = 0; step < 2; step++) y = halley(y, erf(y) - x, SLOPE * exp(-y * y));
  return y;
}
