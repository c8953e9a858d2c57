#include <math.h>

#include "special.h"

#define SLOPE 1.1283791670955125739  // 2 / sqrt(pi), that of erf at 0

/// Halley's step for a function with value `off` and slope of size `slope` at y, both of erf's form.
static double halley(double y, double off, double slope) {
  double newton = off / slope;
  return y - newton / (1 + newton * y);
}

double apus_erfc_inverse(double x) {
  if (!(x >= 0) || !(x <= 2)) return NAN;
  if (x == 0 || x == 2) return x == 0 ? INFINITY : -INFINITY;
  if (x > 0.5) return apus_erf_inverse(1 - x);
  // Abramowitz and Stegun 26.2.23, then Halley on erfc.
  double t = sqrt(-2 * log(0.5 * x));
  double y = t - (2.515517 + t * (0.802853 + t * 0.010328))
    / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  y *= 0.70710678118654752;
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
