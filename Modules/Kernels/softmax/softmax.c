#include "softmax.h"

#include <math.h>

#include "job.h"
#include "parallel.h"

#define APUS_TEMPLATE "../softmax/softmax_template.h"
#include "../math/each_level.h"

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const softmax_job *job = context;
  job->rows(job, begin, end);
}

/// Picks the kernel; shares rows among threads in chunks of about 15 µs from 30 µs of work up.
static void start(softmax_job *job, softmax_kind kind, apus_dtype type, ptrdiff_t rows) {
  static const softmax_rows *const levels[] = APUS_AT_LEVEL(softmax_kernels);
  bool wide = type == apus_dtype_float64;
  job->rows = wide ? apus_softmax_wide[kind] : levels[apus_current_level()][kind];
  if (rows <= 0 || job->columns <= 0) return;
  ptrdiff_t row_nanoseconds = 10 + (wide ? 8 * job->columns : job->columns / 2);
  if (rows * row_nanoseconds < 30000) {
    job->rows(job, 0, rows);
  } else {
    apus_parallel_for(rows, 1 + 15000 / row_nanoseconds, run, job);
  }
}

void apus_softmax(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *a, void *out) {
  softmax_job job = {.columns = columns, .a = a, .out = out};
  start(&job, softmax_forward, type, rows);
}

void apus_softmax_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                           const void *y, const void *upstream, void *out) {
  softmax_job job = {.columns = columns, .a = y, .upstream = upstream, .out = out};
  start(&job, softmax_gradient, type, rows);
}

void apus_log_softmax(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *a,
                      void *out) {
  softmax_job job = {.columns = columns, .a = a, .out = out};
  start(&job, log_softmax_forward, type, rows);
}

void apus_log_softmax_backward(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns,
                               const void *y, const void *upstream, void *out) {
  softmax_job job = {.columns = columns, .a = y, .upstream = upstream, .out = out};
  start(&job, log_softmax_gradient, type, rows);
}
