#include "groups.h"

#include "job.h"
#include "parallel.h"

#define APUS_AVX2_REGISTERS 1
#define APUS_TEMPLATE "../groups/levels.inc"
#include "../math/each_level.h"

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const group_job *job = context;
  job->part(job, begin, end);
}

/// Picks the kernel; shares groups among threads in chunks of about 15 µs from 30 µs of work up.
static void start(group_job *job, group_kind kind, apus_dtype type) {
  static const group_part *const *const levels[] = APUS_AT_LEVEL(group_kernels);
  const ptrdiff_t count = job->groups.count;
  job->part = levels[apus_current_level()][type == apus_dtype_float64][kind];
  if (count <= 0 || job->heads * job->features <= 0) return;
  const double entries = (double)job->groups.offsets[count] / (double)count;
  const bool powers = kind == group_softmax;
  const double width = (double)(job->heads * job->features) * (powers ? 2 : 0.25);
  const double nanoseconds = 5 + (entries + 1) * (2 + width);
  if ((double)count * nanoseconds < 30000) {
    job->part(job, 0, count);
  } else {
    apus_parallel_for(count, 1 + (ptrdiff_t)(15000 / nanoseconds), run, job);
  }
}

void apus_group_sum(apus_dtype type, const apus_groups *groups, ptrdiff_t heads,
                    ptrdiff_t features, const void *x, const void *weights, void *out) {
  group_job job = {
    .groups = *groups, .heads = heads, .features = features, .x = x, .weights = weights,
    .out = out,
  };
  start(&job, group_sum, type);
}

void apus_group_products(apus_dtype type, const apus_groups *groups, ptrdiff_t heads,
                         ptrdiff_t features, const void *x, const void *y, void *out) {
  group_job job = {
    .groups = *groups, .heads = heads, .features = features, .x = x, .y = y, .out = out,
  };
  start(&job, group_products, type);
}

void apus_group_softmax(apus_dtype type, ptrdiff_t count, const int64_t *offsets,
                        ptrdiff_t columns, const void *a, void *out) {
  group_job job = {
    .groups = {.count = count, .offsets = offsets}, .heads = 1, .features = columns, .x = a,
    .out = out,
  };
  start(&job, group_softmax, type);
}

void apus_group_softmax_backward(apus_dtype type, ptrdiff_t count, const int64_t *offsets,
                                 ptrdiff_t columns, const void *y, const void *upstream,
                                 void *out) {
  group_job job = {
    .groups = {.count = count, .offsets = offsets}, .heads = 1, .features = columns, .x = y,
    .y = upstream, .out = out,
  };
  start(&job, group_softmax_gradient, type);
}

void apus_group_maximum(apus_dtype type, ptrdiff_t count, const int64_t *offsets,
                        ptrdiff_t columns, const void *a, void *out, int64_t *entry) {
  group_job job = {
    .groups = {.count = count, .offsets = offsets}, .heads = 1, .features = columns, .x = a,
    .out = out, .entry = entry,
  };
  start(&job, group_maximum, type);
}
