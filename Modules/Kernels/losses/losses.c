#include "losses.h"

#include <math.h>

#include "job.h"
#include "parallel.h"

#define APUS_TEMPLATE "../losses/losses_template.h"
#include "../math/each_level.h"

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const loss_job *job = context;
  job->part(job, begin, end);
}

/// Picks the kernel; shares parts of about 15 µs among threads from 30 µs of work up.
static void start(loss_job *job, loss_kind kind, apus_dtype type, ptrdiff_t count,
                  double nanoseconds) {
  static const loss_part *const levels[] = APUS_AT_LEVEL(loss_kernels);
  bool wide = type == apus_dtype_float64;
  job->part = wide ? apus_losses_wide[kind] : levels[apus_current_level()][kind];
  if (wide) nanoseconds *= 16;
  if (count <= 0) return;
  if ((double)count * nanoseconds < 30000) {
    job->part(job, 0, count);
  } else {
    apus_parallel_for(count, 1 + (ptrdiff_t)(15000 / nanoseconds), run, job);
  }
}

void apus_binary_cross_entropy(apus_dtype type, ptrdiff_t count, const void *logits,
                               const void *targets, void *out) {
  loss_job job = {.logits = logits, .targets = targets, .out = out};
  start(&job, binary_forward, type, count, 1);
}

void apus_binary_cross_entropy_backward(apus_dtype type, ptrdiff_t count, const void *logits,
                                        const void *targets, const void *upstream,
                                        ptrdiff_t upstream_stride, double scale, void *out) {
  loss_job job = {
    .logits = logits, .targets = targets, .upstream = upstream,
    .upstream_stride = upstream_stride, .scale = scale, .out = out,
  };
  start(&job, binary_gradient, type, count, 1);
}

void apus_soft_cross_entropy(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                             const void *logits, const void *targets, void *loss,
                             void *log_sums) {
  loss_job job = {
    .columns = columns, .logits = logits, .targets = targets, .out = loss, .row_sums = log_sums,
  };
  start(&job, soft_forward, type, rows, 10 + (double)columns);
}

void apus_soft_cross_entropy_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                                      const void *logits, const void *log_sums,
                                      const void *targets, const void *upstream,
                                      ptrdiff_t upstream_stride, void *out) {
  loss_job job = {
    .columns = columns, .logits = logits, .targets = targets, .upstream = upstream,
    .upstream_stride = upstream_stride, .out = out, .read_row_sums = log_sums,
  };
  start(&job, soft_gradient, type, rows, 10 + (double)columns);
}

void apus_label_cross_entropy(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                              const void *logits, apus_dtype label_type, const void *labels,
                              const void *row_weights, const void *spread, void *loss,
                              void *powers, void *inverse_sums) {
  loss_job job = {
    .columns = columns, .logits = logits, .labels = labels,
    .wide_labels = label_type == apus_dtype_int64, .row_weights = row_weights, .spread = spread,
    .out = loss, .powers = powers, .row_sums = inverse_sums,
  };
  start(&job, label_forward, type, rows, 10 + 0.5 * (double)columns);
}

void apus_label_cross_entropy_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                                       const void *powers, const void *inverse_sums,
                                       apus_dtype label_type, const void *labels,
                                       const void *row_weights, const void *spread,
                                       const void *upstream, ptrdiff_t upstream_stride,
                                       void *out) {
  loss_job job = {
    .columns = columns, .upstream = upstream, .upstream_stride = upstream_stride,
    .labels = labels, .wide_labels = label_type == apus_dtype_int64,
    .row_weights = row_weights, .spread = spread, .out = out, .read_powers = powers,
    .read_row_sums = inverse_sums,
  };
  start(&job, label_gradient, type, rows, 10 + 0.2 * (double)columns);
}
