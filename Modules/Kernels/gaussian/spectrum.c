#include "spectrum.h"

#include <math.h>
#include <string.h>

/// Whether sign (a - shift I) is positive definite: whether it has a Cholesky factor.
static bool is_beyond(ptrdiff_t n, const double *a, double shift, double sign, double *room) {
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j <= i; j++) {
      double sum = sign * (a[i * n + j] - (i == j ? shift : 0));
      for (ptrdiff_t k = 0; k < j; k++) sum -= room[i * n + k] * room[j * n + k];
      if (i == j && !(sum > 0)) return false;
      room[i * n + j] = i == j ? sqrt(sum) : sum / room[j * n + j];
    }
  }
  return true;
}

/// One of Jacobi's rotations: makes a[p, q] zero, and turns the columns of `vectors` with it.
static void rotate(ptrdiff_t n, double *a, double *vectors, ptrdiff_t p, ptrdiff_t q) {
  const double apq = a[p * n + q];
  if (apq == 0) return;
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
  const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
  const double c = 1 / sqrt(t * t + 1), s = t * c;
  for (ptrdiff_t k = 0; k < n; k++) {
    const double x = a[k * n + p], y = a[k * n + q];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (ptrdiff_t k = 0; k < n; k++) {
    const double x = a[p * n + k], y = a[q * n + k];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
    const double v = vectors[k * n + p], w = vectors[k * n + q];
    vectors[k * n + p] = c * v - s * w;
    vectors[k * n + q] = s * v + c * w;
  }
}

/// Diagonalises a by sweeps of rotations, until what is beside the diagonal is rounding.
static void diagonalize(ptrdiff_t n, double *a, double *vectors) {
  memset(vectors, 0, (size_t)(n * n) * sizeof(double));
  for (ptrdiff_t i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (int sweep = 0; sweep < 30; sweep++) {
    double beside = 0, on = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
      on += a[i * n + i] * a[i * n + i];
      for (ptrdiff_t j = 0; j < i; j++) beside += a[i * n + j] * a[i * n + j];
    }
    if (!(beside > 1e-30 * on)) return;
    for (ptrdiff_t p = 0; p < n; p++) {
      for (ptrdiff_t q = p + 1; q < n; q++) rotate(n, a, vectors, p, q);
    }
  }
}

bool gaussian_clamp(ptrdiff_t n, double *lower, double least, double greatest, double slack,
                    double *room) {
  double *a = room, *vectors = room + n * n;
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j <= i; j++) {
      double sum = 0;
      for (ptrdiff_t k = 0; k <= j; k++) sum += lower[i * n + k] * lower[j * n + k];
      a[i * n + j] = a[j * n + i] = sum;
    }
  }
  // Two factorisations tell, for a third of the cost of one sweep, that nothing is to be done.
  if (is_beyond(n, a, least * (1 - slack), 1, vectors) &&
      (isinf(greatest) || is_beyond(n, a, greatest * (1 + slack), -1, vectors))) {
    return false;
  }
  diagonalize(n, a, vectors);
  for (ptrdiff_t k = 0; k < n; k++) {
    const double value = a[k * n + k];
    lower[k] = value < least ? least : value > greatest ? greatest : value;
  }
  for (ptrdiff_t k = 0; k < n; k++) a[k] = lower[k];
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j <= i; j++) {
      double sum = 0;
      for (ptrdiff_t k = 0; k < n; k++) sum += vectors[i * n + k] * a[k] * vectors[j * n + k];
      lower[i * n + j] = sum;
    }
  }
  // Cholesky's factor in place.
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = 0; j <= i; j++) {
      double sum = lower[i * n + j];
      for (ptrdiff_t k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
      lower[i * n + j] = i == j ? sqrt(sum) : sum / lower[j * n + j];
    }
    for (ptrdiff_t j = i + 1; j < n; j++) lower[i * n + j] = 0;
  }
  return true;
}
