#include <float.h>

#include "givens.h"
#include "internal.h"

#define D(i) d[step * (i)]
#define E(i) e[step * (i)]

/// One implicit QR step with Wilkinson's shift on a block of `count` rows, from D(0) to its end
/// (Golub and Van Loan, section 8.3, in the arrangement of EISPACK's tql2). With step -1 the
/// block is seen upside down.
static void chase(ptrdiff_t count, double *d, double *e, ptrdiff_t step, double *factors) {
  double last = D(count - 1), beside = E(count - 2);
  double g = (D(count - 2) - last) / (2 * beside);
  double r = sqrt(g * g + 1);
  if (!(r < 1e150)) r = fabs(g);
  g = D(0) - last + beside / (g + copysign(r, g));
  double s = 1, c = 1, p = 0;
  for (ptrdiff_t i = 0; i < count - 1; i++) {
    double f = s * E(i), b = c * E(i);
    givens(g, f, &c, &s, &r);
    if (i > 0) E(i - 1) = r;
    g = D(i) - p;
    r = (D(i + 1) - g) * s + 2 * c * b;
    p = s * r;
    D(i) = g + p;
    g = c * r - b;
    factors[2 * i] = c, factors[2 * i + 1] = s;
  }
  D(count - 1) -= p;
  E(count - 2) = g;
}

/// The same step without the rotations and without square roots, on the squares of what is beside
/// the diagonal (Pal, Walker and Kahan; Parlett 1980, section 8.15).
static void chase_squares(ptrdiff_t count, double *d, double *e, ptrdiff_t step) {
  double last = D(count - 1), beside = sqrt(E(count - 2));
  double g = (D(count - 2) - last) / (2 * beside);
  double r = sqrt(g * g + 1);
  if (!(r < 1e150)) r = fabs(g);
  const double shift = last - beside / (g + copysign(r, g));
  double c = 1, s = 0, gamma = D(0) - shift, p = gamma * gamma;
  for (ptrdiff_t i = 0; i < count - 1; i++) {
    const double square = E(i), sum = p + square, old_c = c, old_gamma = gamma, next = D(i + 1);
    if (i > 0) E(i - 1) = s * sum;
    const double inverse = sum / p;
    c = p / sum, s = square / sum;
    gamma = c * (next - shift) - s * old_gamma;
    D(i) = old_gamma + (next - gamma);
    p = c > 0x1p-1000 ? gamma * gamma * inverse : old_c * square;
  }
  E(count - 2) = s * p;
  D(count - 1) = shift + gamma;
}

static bool negligible(const double *d, const double *e, ptrdiff_t i, bool squared) {
  const double square = squared ? e[i] : e[i] * e[i];
  return square <= DBL_MIN / DBL_EPSILON ||
         square <= DBL_EPSILON * DBL_EPSILON * fabs(d[i]) * fabs(d[i + 1]);
}

bool tridiagonal_steps(ptrdiff_t n, double *d, double *e, rotation_queue *vectors) {
  const bool squared = !vectors;
  if (squared) {
    for (ptrdiff_t i = 0; i + 1 < n; i++) e[i] *= e[i];
  }
  ptrdiff_t steps = 0, high = n - 1;
  while (high > 0) {
    ptrdiff_t low = high;
    while (low > 0 && !negligible(d, e, low - 1, squared)) low--;
    if (low > 0) e[low - 1] = 0;
    if (low == high) {
      high--;
      continue;
    }
    if (steps++ > 60 * n) return false;
    const ptrdiff_t count = high - low + 1;
    // Towards the smaller end: graded matrices converge there.
    const ptrdiff_t step = fabs(d[high]) <= fabs(d[low]) ? 1 : -1;
    const ptrdiff_t start = step > 0 ? low : high;
    double *first_e = step > 0 ? e + low : e + high - 1;
    if (squared) {
      chase_squares(count, d + start, first_e, step);
    } else {
      chase(count, d + start, first_e, step, rotation_queue_reserve(vectors, count - 1));
      rotation_queue_commit(vectors, start, step, count - 1);
    }
  }
  if (vectors) rotation_queue_flush(vectors);
  return true;
}
