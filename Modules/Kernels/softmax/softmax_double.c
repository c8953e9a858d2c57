#include <math.h>

#include "elementwise.h"
#include "job.h"

// float64, over the elementwise exponential.

enum { piece = 512 };

static double maximum(const double *a, ptrdiff_t n) {
  double top = -INFINITY;
  for (ptrdiff_t i = 0; i < n; i++) top = a[i] > top ? a[i] : top;
  return top;
}

/// out[i] = e^(a[i] - top).
static void exps(const double *a, ptrdiff_t n, double top, double *out) {
  const ptrdiff_t dense = 1;
  for (ptrdiff_t i = 0; i < n; i++) out[i] = a[i] - top;
  apus_apply_unary(apus_unary_exp, apus_dtype_float64, 1, &n, out, &dense, out);
}

/// The sum of e^(a[i] - top), the terms stored where out is not NULL.
static double exp_sum(const double *a, ptrdiff_t n, double top, double *out) {
  double sum = 0, terms[piece];
  for (ptrdiff_t begin = 0; begin < n; begin += piece) {
    ptrdiff_t count = n - begin < piece ? n - begin : piece;
    double *e = out ? out + begin : terms;
    exps(a + begin, count, top, e);
    for (ptrdiff_t i = 0; i < count; i++) sum += e[i];
  }
  return sum;
}

#define ROWS(name)                                                                      \
  static void name(const softmax_job *job, ptrdiff_t begin, ptrdiff_t end) {            \
    const ptrdiff_t n = job->columns;                                                   \
    for (ptrdiff_t row = begin; row < end; row++) {                                     \
      name##_row(job, row, n, (const double *)job->a + row * n);                        \
    }                                                                                   \
  }

static void forward_row(const softmax_job *job, ptrdiff_t row, ptrdiff_t n, const double *a) {
  double *out = (double *)job->out + row * n;
  double scale = 1 / exp_sum(a, n, maximum(a, n), out);
  for (ptrdiff_t i = 0; i < n; i++) out[i] *= scale;
}

static void gradient_row(const softmax_job *job, ptrdiff_t row, ptrdiff_t n, const double *y) {
  const double *upstream = (const double *)job->upstream + row * n;
  double *out = (double *)job->out + row * n, dot = 0;
  for (ptrdiff_t i = 0; i < n; i++) dot += upstream[i] * y[i];
  for (ptrdiff_t i = 0; i < n; i++) out[i] = y[i] * (upstream[i] - dot);
}

static void log_forward_row(const softmax_job *job, ptrdiff_t row, ptrdiff_t n, const double *a) {
  double *out = (double *)job->out + row * n;
  double top = maximum(a, n), log_sum = log(exp_sum(a, n, top, NULL));
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (a[i] - top) - log_sum;
}

static void log_gradient_row(const softmax_job *job, ptrdiff_t row, ptrdiff_t n, const double *y) {
  const double *upstream = (const double *)job->upstream + row * n;
  double *out = (double *)job->out + row * n, sum = 0;
  for (ptrdiff_t i = 0; i < n; i++) sum += upstream[i];
  double e[piece];
  for (ptrdiff_t begin = 0; begin < n; begin += piece) {
    ptrdiff_t count = n - begin < piece ? n - begin : piece;
    exps(y + begin, count, 0, e);
    for (ptrdiff_t i = 0; i < count; i++) out[begin + i] = upstream[begin + i] - e[i] * sum;
  }
}

ROWS(forward)
ROWS(gradient)
ROWS(log_forward)
ROWS(log_gradient)

const softmax_rows apus_softmax_wide[softmax_kinds] = {
  [softmax_forward] = forward, [softmax_gradient] = gradient,
  [log_softmax_forward] = log_forward, [log_softmax_gradient] = log_gradient,
};
