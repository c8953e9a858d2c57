#include <math.h>

#include "ctc.h"
#include "losses.h"
#include "parallel.h"

#define APUS_TEMPLATE "../losses/ctc_template.h"
#include "../math/each_level.h"

// The inner loops in float64, over the C library's exp and log.

static double advance_wide(void *to, const void *from, const void *skips, const void *emissions,
                           ptrdiff_t n) {
  double *out = to, highest = -INFINITY;
  const double *a = from, *skip = skips, *emission = emissions;
  for (ptrdiff_t s = 0; s < n; s++) {
    double x = a[s], y = a[s - 1], z = a[s - 2] + skip[s];
    double larger = x > y ? x : y, low = x > y ? y : x;
    double top = larger > z ? larger : z, other = larger > z ? z : larger;
    double base = top == -INFINITY ? 0 : top;
    out[s] = top + log1p(exp(low - base) + exp(other - base)) + emission[s];
    highest = out[s] > highest ? out[s] : highest;
  }
  return highest;
}

static void posterior_wide(void *inout, const void *others, ptrdiff_t n) {
  double *a = inout, top = -INFINITY, sum = 0;
  const double *b = others;
  for (ptrdiff_t s = 0; s < n; s++) {
    a[s] += b[s];
    top = a[s] > top ? a[s] : top;
  }
  for (ptrdiff_t s = 0; s < n; s++) sum += a[s] = exp(a[s] - top);
  for (ptrdiff_t s = 0; s < n; s++) a[s] /= sum;
}

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const ctc_job *job = context;
  for (ptrdiff_t index = begin; index < end; index++) job->sequence(job, index);
}

/// Picks the inner loops; a sequence is one piece of work.
static void start(ctc_job *job, apus_dtype type) {
  static double (*const advance[])(void *, const void *, const void *, const void *, ptrdiff_t) =
    APUS_AT_LEVEL(ctc_advance);
  static void (*const posterior[])(void *, const void *, ptrdiff_t) = APUS_AT_LEVEL(ctc_posterior);
  bool wide = type == apus_dtype_float64;
  job->advance = wide ? advance_wide : advance[apus_current_level()];
  job->posterior = wide ? posterior_wide : posterior[apus_current_level()];
  double nanoseconds = (wide ? 60 : 5) * (double)job->steps * (double)(job->width + 10);
  if (nanoseconds * (double)job->batch < 30000) {
    run(job, 0, job->batch);
  } else {
    apus_parallel_for(job->batch, 1 + (ptrdiff_t)(15000 / (nanoseconds + 1)), run, job);
  }
}

void apus_ctc(apus_dtype type, ptrdiff_t steps, ptrdiff_t batch, ptrdiff_t classes,
              ptrdiff_t blank, const void *log_probabilities, const int64_t *labels,
              const int64_t *offsets, const int64_t *label_lengths,
              const int64_t *input_lengths, ptrdiff_t width, void *alphas, void *loss) {
  ctc_job job = {
    .sequence =
      type == apus_dtype_float64 ? apus_ctc_forward_wide : apus_ctc_forward_single,
    .steps = steps, .batch = batch, .classes = classes, .width = width, .blank = blank,
    .log_probabilities = log_probabilities, .labels = labels, .offsets = offsets,
    .label_lengths = label_lengths, .input_lengths = input_lengths, .alphas = alphas,
    .loss = loss,
  };
  start(&job, type);
}

void apus_ctc_backward(apus_dtype type, ptrdiff_t steps, ptrdiff_t batch, ptrdiff_t classes,
                       ptrdiff_t blank, const void *log_probabilities, const int64_t *labels,
                       const int64_t *offsets, const int64_t *label_lengths,
                       const int64_t *input_lengths, ptrdiff_t width, const void *alphas,
                       const void *loss, const void *upstream, void *out) {
  ctc_job job = {
    .sequence =
      type == apus_dtype_float64 ? apus_ctc_gradient_wide : apus_ctc_gradient_single,
    .steps = steps, .batch = batch, .classes = classes, .width = width, .blank = blank,
    .log_probabilities = log_probabilities, .labels = labels, .offsets = offsets,
    .label_lengths = label_lengths, .input_lengths = input_lengths, .read_alphas = alphas,
    .read_loss = loss, .upstream = upstream, .out = out,
  };
  start(&job, type);
}
