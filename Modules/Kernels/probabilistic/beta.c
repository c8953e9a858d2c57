#include <math.h>

#include "special.h"

double apus_log_beta(double a, double b) {
  double least = a < b ? a : b, most = a < b ? b : a, n = least + most;
  if (least >= 10) {
    double rest =
      apus_stirling_rest(least) + apus_stirling_rest(most) - apus_stirling_rest(n);
    return -0.5 * log(most) + 0.91893853320467274178 + rest
      + (least - 0.5) * log(least / n) + most * log1p(-least / n);
  }
  if (most >= 10) {
    double rest = apus_stirling_rest(most) - apus_stirling_rest(n);
    return apus_log_gamma(least) + rest + least - least * log(n)
      + (most - 0.5) * log1p(-least / n);
  }
  // Products are exact near beta = 1, where the logarithms of their factors would cancel.
  if (least > 1e-100) return log(tgamma(least) * (tgamma(most) / tgamma(n)));
  return apus_log_gamma(least) + (apus_log_gamma(most) - apus_log_gamma(n));
}

double apus_log_beta_density(double a, double b, double x) {
  double y = 1 - x, n = a + b;
  if (a < 1 || b < 1) return a * log(x) + b * log1p(-x) - apus_log_beta(a, b);
  double rest = apus_stirling_rest(n) - apus_stirling_rest(a) - apus_stirling_rest(b);
  return rest - apus_deviance(a, n * x) - apus_deviance(b, n * y)
    + 0.5 * log(a / n * (b / (2 * M_PI)));
}

double apus_log_choose(double n, double k) {
  if (!(k >= 0) || !(n >= k)) return NAN;
  double least = k < n - k ? k : n - k;
  if (least == 0) return 0;
  return -log1p(n) - apus_log_beta(least + 1, n - least + 1);
}

/// The continued fraction of the incomplete beta integral, for x below its mean.
static double fraction(double a, double b, double x) {
  double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), h = d;
  for (double m = 1; m < 1e8; m++) {
    double n = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + n * d);
    c = 1 + n / c;
    h *= c * d;
    n = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + n * d);
    c = 1 + n / c;
    h *= c * d;
    if (fabs(c * d - 1) < 2e-16) break;
  }
  return h;
}

double apus_beta_lower(double a, double b, double x) {
  if (!(a > 0) || !(b > 0) || isinf(a) || isinf(b) || !(x >= 0) || !(x <= 1)) return NAN;
  if (x == 0 || x == 1) return x;
  double density = exp(apus_log_beta_density(a, b, x));
  if (x < (a + 1) / (a + b + 2)) return density / a * fraction(a, b, x);
  return 1 - density / b * fraction(b, a, 1 - x);
}
