#include <math.h>
#include <string.h>

#include "job.h"
#include "../elementwise/double.h"

// float64, over the C library's exp and log.

static void binary_loss(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const double *x = job->logits, *t = job->targets;
  double *out = job->out;
  for (ptrdiff_t i = begin; i < end; i++) {
    out[i] = ((x[i] > 0 ? x[i] : 0) - x[i] * t[i]) + apus_softplus(-fabs(x[i]));
  }
}

static void binary_slope(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const double *x = job->logits, *t = job->targets, *upstream = job->upstream;
  double *out = job->out;
  for (ptrdiff_t i = begin; i < end; i++) {
    out[i] = (apus_sigmoid(x[i]) - t[i]) * (upstream[i * job->upstream_stride] * job->scale);
  }
}

static void soft_loss(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  for (ptrdiff_t row = begin; row < end; row++) {
    const double *x = (const double *)job->logits + row * n;
    const double *t = (const double *)job->targets + row * n;
    double top = -INFINITY, sum = 0, loss = 0;
    for (ptrdiff_t i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
    for (ptrdiff_t i = 0; i < n; i++) sum += exp(x[i] - top);
    double log_sum = log(sum);
    for (ptrdiff_t i = 0; i < n; i++) {
      if (t[i] != 0) loss += t[i] * (log_sum - (x[i] - top));
    }
    ((double *)job->out)[row] = loss;
    ((double *)job->row_sums)[row] = top + log_sum;
  }
}

static void soft_slope(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  for (ptrdiff_t row = begin; row < end; row++) {
    const double *x = (const double *)job->logits + row * n;
    const double *t = (const double *)job->targets + row * n;
    double *out = (double *)job->out + row * n;
    double log_sum = ((const double *)job->read_row_sums)[row], weight = 0;
    double scale = ((const double *)job->upstream)[row * job->upstream_stride];
    for (ptrdiff_t i = 0; i < n; i++) weight += t[i];
    for (ptrdiff_t i = 0; i < n; i++) out[i] = (exp(x[i] - log_sum) * weight - t[i]) * scale;
  }
}

static void label_loss(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  const double *weights = job->row_weights, *spread = job->spread;
  double *out = job->out, *inverse_sums = job->row_sums;
  for (ptrdiff_t row = begin; row < end; row++) {
    const double *x = (const double *)job->logits + row * n;
    double *powers = job->powers ? (double *)job->powers + row * n : NULL;
    ptrdiff_t label = loss_label(job, row);
    if (label < 0) {
      out[row] = inverse_sums[row] = 0;
      continue;
    }
    double top = -INFINITY, sum = 0, weight = weights ? weights[row] : 1;
    for (ptrdiff_t i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
    for (ptrdiff_t i = 0; i < n; i++) {
      double e = exp(x[i] - top);
      if (powers) powers[i] = e;
      sum += e;
    }
    double log_sum = log(sum);
    double loss = weight == 0 ? 0 : weight * (log_sum - (x[label] - top));
    for (ptrdiff_t i = 0; spread && i < n; i++) {
      if (spread[i] != 0) loss += spread[i] * (log_sum - (x[i] - top));
    }
    out[row] = loss;
    inverse_sums[row] = 1 / sum;
  }
}

static void label_slope(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  const double *weights = job->row_weights, *spread = job->spread;
  double spread_total = 0;
  for (ptrdiff_t i = 0; spread && i < n; i++) spread_total += spread[i];
  for (ptrdiff_t row = begin; row < end; row++) {
    const double *powers = (const double *)job->read_powers + row * n;
    double *out = (double *)job->out + row * n;
    ptrdiff_t label = loss_label(job, row);
    if (label < 0) {
      memset(out, 0, (size_t)n * sizeof(double));
      continue;
    }
    double upstream = ((const double *)job->upstream)[row * job->upstream_stride];
    double weight = weights ? weights[row] : 1;
    double scale = upstream * (weight + spread_total) * ((const double *)job->read_row_sums)[row];
    for (ptrdiff_t i = 0; i < n; i++) out[i] = powers[i] * scale;
    for (ptrdiff_t i = 0; spread && i < n; i++) out[i] -= upstream * spread[i];
    out[label] -= upstream * weight;
  }
}

const loss_part apus_losses_wide[loss_kinds] = {
  [binary_forward] = binary_loss, [binary_gradient] = binary_slope,
  [soft_forward] = soft_loss, [soft_gradient] = soft_slope,
  [label_forward] = label_loss, [label_gradient] = label_slope,
};
