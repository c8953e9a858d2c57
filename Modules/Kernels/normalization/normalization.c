#include "normalization.h"

#include <math.h>
#include <string.h>

#include "job.h"
#include "memory.h"
#include "parallel.h"

#define APUS_INLINE static inline __attribute__((always_inline))

#define APUS_TEMPLATE "../normalization/levels.inc"
#include "../machine/levels.h"

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const norm_job *job = context;
  job->part(job, begin, end);
}

static void pick(norm_job *job, norm_kind kind, apus_dtype type) {
  static const norm_part *const *const levels[] = APUS_AT_LEVEL(norm_kernels);
  job->part = levels[apus_current_level()][type == apus_dtype_float64][kind];
}

static ptrdiff_t size_of(apus_dtype type) { return type == apus_dtype_float64 ? 8 : 4; }

/// Shares `count` parts of `bytes` each among threads, about 15 µs a chunk, from 30 µs of work up.
static void start(norm_job *job, norm_kind kind, apus_dtype type, ptrdiff_t count,
                  ptrdiff_t bytes) {
  pick(job, kind, type);
  if (count <= 0) return;
  const double nanoseconds = 10 + (double)bytes / 16;
  if ((double)count * nanoseconds < 30000) {
    job->part(job, 0, count);
  } else {
    apus_parallel_for(count, 1 + (ptrdiff_t)(15000 / nanoseconds), run, job);
  }
}

void apus_normalize_rows(apus_dtype type, bool centred, ptrdiff_t rows, ptrdiff_t columns,
                         const void *x, const void *scale, const void *shift, double epsilon,
                         void *out, void *mean, void *inverse) {
  norm_job job = {
    .centred = centred, .rows = rows, .columns = columns, .epsilon = epsilon, .x = x,
    .scale = scale, .shift = shift, .out = out, .mean = mean, .spread = inverse,
  };
  start(&job, rows_forward, type, rows, 2 * columns * size_of(type));
}

/// The most chunks of rows with sums of their own.
enum { most_chunks = 16 };

void apus_normalize_rows_backward(apus_dtype type, bool centred, ptrdiff_t rows,
                                  ptrdiff_t columns, const void *x, const void *upstream,
                                  const void *scale, const void *mean, const void *inverse,
                                  void *out, void *scale_gradient, void *shift_gradient) {
  norm_job job = {
    .centred = centred, .rows = rows, .columns = columns, .x = x, .upstream = upstream,
    .scale = scale, .mean = (void *)mean, .spread = (void *)inverse, .out = out,
    .scale_gradient = scale_gradient, .shift_gradient = shift_gradient,
  };
  const ptrdiff_t bytes = size_of(type);
  if (!scale_gradient && !shift_gradient) {
    start(&job, rows_gradient, type, rows, 3 * columns * bytes);
    return;
  }
  const double nanoseconds = 10 + (double)(3 * columns * bytes) / 16;
  const ptrdiff_t fewest = 1 + (ptrdiff_t)(15000 / nanoseconds);
  job.grain = (rows + most_chunks - 1) / most_chunks;
  if (job.grain < fewest) job.grain = fewest;
  const ptrdiff_t chunks = (rows + job.grain - 1) / job.grain;
  const size_t size = (size_t)(chunks * 2 * columns * bytes);
  job.partials = apus_allocate(size);
  pick(&job, rows_gradient, type);
  apus_parallel_for(rows, job.grain, run, &job);
  pick(&job, rows_total, type);
  job.part(&job, 0, columns);
  apus_deallocate(job.partials, size);
}

/// From how many bytes on a result will not stay in the caches until it is read, and how long a
/// plane must be for streaming to write whole lines of it.
enum { large_result = 4 << 20, long_plane = 1024 };

/// Channels one by one, or in blocks where each has one element a row.
static void start_channels(norm_job *job, bool forward, apus_dtype type, ptrdiff_t arrays) {
  const ptrdiff_t bytes = arrays * size_of(type) * job->outer * job->inner;
  if (job->inner == 1) {
    start(job, forward ? columns_forward : columns_gradient, type,
          (job->channels + norm_block - 1) / norm_block, bytes * norm_block);
  } else {
    job->streaming = bytes / arrays * job->channels >= large_result &&
                     job->inner * size_of(type) >= long_plane;
    start(job, forward ? planes_forward : planes_gradient, type, job->channels, bytes);
  }
}

void apus_normalize_channels(apus_dtype type, bool given, ptrdiff_t outer, ptrdiff_t channels,
                             ptrdiff_t inner, const void *x, const void *scale,
                             const void *shift, double epsilon, void *out, void *mean,
                             void *variance) {
  norm_job job = {
    .given = given, .outer = outer, .channels = channels, .inner = inner, .epsilon = epsilon,
    .x = x, .scale = scale, .shift = shift, .out = out, .mean = mean, .spread = variance,
  };
  start_channels(&job, true, type, 2);
}

void apus_normalize_channels_backward(apus_dtype type, bool given, ptrdiff_t outer,
                                      ptrdiff_t channels, ptrdiff_t inner, const void *x,
                                      const void *upstream, const void *scale,
                                      const void *mean, const void *variance, double epsilon,
                                      void *out, void *scale_gradient, void *shift_gradient) {
  norm_job job = {
    .given = given, .outer = outer, .channels = channels, .inner = inner, .epsilon = epsilon,
    .x = x, .upstream = upstream, .scale = scale, .mean = (void *)mean,
    .spread = (void *)variance, .out = out, .scale_gradient = scale_gradient,
    .shift_gradient = shift_gradient,
  };
  start_channels(&job, false, type, 3);
}
