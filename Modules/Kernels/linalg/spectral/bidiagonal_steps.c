#include <float.h>

#include "givens.h"
#include "internal.h"

#define D(i) d[step * (i)]
#define E(i) e[step * (i)]

/// The smaller singular value of [[f, g], [0, h]], without overflow or cancellation.
static double smaller_singular_value(double f, double g, double h) {
  f = fabs(f), g = fabs(g), h = fabs(h);
  double low = fmin(f, h), high = fmax(f, h);
  if (low == 0) return 0;
  double sum = 1 + low / high, difference = (high - low) / high;
  if (g < high) {
    double t = g / high * (g / high);
    return low * (2 / (sqrt(sum * sum + t) + sqrt(difference * difference + t)));
  }
  double t = high / g;
  if (t == 0) return low * high / g;
  double c = 1 / (sqrt(1 + sum * t * (sum * t)) + sqrt(1 + difference * t * (difference * t)));
  return 2 * (low * c * t);
}

/// One implicit QR step on a block of `count` rows (Golub and Kahan 1965; without a shift, the form
/// of Demmel and Kahan 1990, which keeps small values exact and copes with zeros). With step -1 the
/// block is seen upside down and transposed.
static void chase(ptrdiff_t count, double *d, double *e, ptrdiff_t step, double *left,
                  double *right) {
  double first = fabs(D(0));
  double shift = smaller_singular_value(D(count - 2), E(count - 2), D(count - 1));
  if (first == 0 || shift / first * (shift / first) < DBL_EPSILON) {
    double c = 1, s = 0, old_c = 1, old_s = 0, r;
    for (ptrdiff_t i = 0; i < count - 1; i++) {
      givens(D(i) * c, E(i), &c, &s, &r);
      if (i > 0) E(i - 1) = old_s * r;
      givens(old_c * r, D(i + 1) * s, &old_c, &old_s, &D(i));
      if (left) {
        right[2 * i] = c, right[2 * i + 1] = s;
        left[2 * i] = old_c, left[2 * i + 1] = old_s;
      }
    }
    double h = D(count - 1) * c;
    D(count - 1) = h * old_c;
    E(count - 2) = h * old_s;
    return;
  }
  double f = (first - shift) * (copysign(1, D(0)) + shift / D(0)), g = E(0), r;
  for (ptrdiff_t i = 0; i < count - 1; i++) {
    double c, s;
    givens(f, g, &c, &s, &r);
    if (i > 0) E(i - 1) = r;
    f = c * D(i) + s * E(i);
    E(i) = c * E(i) - s * D(i);
    g = s * D(i + 1);
    D(i + 1) *= c;
    if (right) right[2 * i] = c, right[2 * i + 1] = s;
    givens(f, g, &c, &s, &r);
    D(i) = r;
    f = c * E(i) + s * D(i + 1);
    D(i + 1) = c * D(i + 1) - s * E(i);
    if (i < count - 2) {
      g = s * E(i + 1);
      E(i + 1) *= c;
    }
    if (left) left[2 * i] = c, left[2 * i + 1] = s;
  }
  E(count - 2) = f;
}

bool bidiagonal_steps(ptrdiff_t n, double *d, double *e, rotation_queue *left,
                      rotation_queue *right) {
  double largest = 0;
  for (ptrdiff_t i = 0; i < n; i++) largest = fmax(largest, fabs(d[i]));
  for (ptrdiff_t i = 0; i + 1 < n; i++) largest = fmax(largest, fabs(e[i]));
  const double least = fmax(DBL_EPSILON / 4 * largest, DBL_MIN / DBL_EPSILON);
  ptrdiff_t steps = 0, high = n - 1;
  while (high > 0) {
    ptrdiff_t low = high;
    while (low > 0) {
      double size = fabs(e[low - 1]);
      if (size <= least || size <= DBL_EPSILON * (fabs(d[low - 1]) + fabs(d[low])) / 2) break;
      low--;
    }
    if (low > 0) e[low - 1] = 0;
    if (low == high) {
      high--;
      continue;
    }
    if (steps++ > 60 * n) return false;
    const ptrdiff_t count = high - low + 1;
    double *lefts = left ? rotation_queue_reserve(left, count - 1) : NULL;
    double *rights = left ? rotation_queue_reserve(right, count - 1) : NULL;
    // Towards the smaller end, where the values converge.
    const ptrdiff_t step = fabs(d[low]) >= fabs(d[high]) ? 1 : -1;
    const ptrdiff_t start = step > 0 ? low : high;
    if (step > 0) chase(count, d + low, e + low, 1, lefts, rights);
    else chase(count, d + high, e + high - 1, -1, rights, lefts);
    if (left) {
      rotation_queue_commit(left, start, step, count - 1);
      rotation_queue_commit(right, start, step, count - 1);
    }
  }
  if (left) {
    rotation_queue_flush(left);
    rotation_queue_flush(right);
  }
  return true;
}
