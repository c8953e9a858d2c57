#include "fill.h"
#include "parallel.h"

#include <math.h>

enum { grain = 2048 };

typedef struct job {
  const random_level *level;
  apus_random generator;
  bool wide;
  ptrdiff_t count;
  random_truncation to;
  double mean, deviation, lowest, highest;  // of truncated normal numbers
  const double *concentration;
  ptrdiff_t step;
  double scale;
  void *out;
} job;

static void store(const job *work, ptrdiff_t first, const double *values) {
  ptrdiff_t whole = work->count - first < random_blocks ? work->count - first : random_blocks;
  for (ptrdiff_t i = 0; i < whole; i++) {
    if (work->wide) ((double *)work->out)[first + i] = values[i];
    else ((float *)work->out)[first + i] = (float)values[i];
  }
}

static void gamma_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  double concentration[random_blocks], values[random_blocks];
  for (ptrdiff_t group = begin; group < end; group++) {
    const ptrdiff_t first = group * random_blocks;
    for (ptrdiff_t i = 0; i < random_blocks; i++) {
      ptrdiff_t place = first + i < work->count ? first + i : first;
      concentration[i] = work->concentration[place * work->step];
    }
    work->level->gamma(work->generator, (uint64_t)first, concentration, values);
    for (ptrdiff_t i = 0; i < random_blocks; i++) values[i] *= work->scale;
    store(work, first, values);
  }
}

static void truncated_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  double values[random_blocks];
  for (ptrdiff_t group = begin; group < end; group++) {
    const ptrdiff_t first = group * random_blocks;
    work->level->truncated(work->generator, (uint64_t)first, &work->to, values);
    for (ptrdiff_t i = 0; i < random_blocks; i++) {
      double value = work->mean + work->deviation * values[i];
      value = value < work->lowest ? work->lowest : value;
      values[i] = value > work->highest ? work->highest : value;
    }
    store(work, first, values);
  }
}

static void run(job *work, void (*part)(void *, ptrdiff_t, ptrdiff_t)) {
  ptrdiff_t groups = (work->count + random_blocks - 1) / random_blocks;
  apus_parallel_for(groups, grain / random_blocks, part, work);
}

void apus_random_gamma(apus_dtype type, apus_random generator, ptrdiff_t count,
                       const double *concentration, ptrdiff_t step, double scale, void *out) {
  job work = {.level = apus_random_level(), .generator = generator,
              .wide = type == apus_dtype_float64, .count = count,
              .concentration = concentration, .step = step, .scale = scale, .out = out};
  run(&work, gamma_part);
}

/// The way to propose that accepts four in ten at the least.
static random_truncation truncation(double low, double high) {
  random_truncation to = {.low = low, .high = high, .mode = low > 0 ? low : 0};
  const double width = high - low;
  if (low < 0) {
    to.method = width < 2.5 ? truncation_by_uniforms : truncation_by_normals;
    return to;
  }
  to.rate = 0.5 * (low + sqrt(low * low + 4));
  to.method = width * to.rate < 2 ? truncation_by_uniforms : truncation_by_exponentials;
  return to;
}

void apus_random_truncated_normal(apus_dtype type, apus_random generator, ptrdiff_t count,
                                  double mean, double deviation, double low, double high,
                                  void *out) {
  bool wide = type == apus_dtype_float64;
  double from = (low - mean) / deviation, to = (high - mean) / deviation;
  bool mirrored = to <= 0;  // what lies below 0 is drawn above it
  job work = {.level = apus_random_level(), .generator = generator, .wide = wide, .count = count,
              .to = mirrored ? truncation(-to, -from) : truncation(from, to), .mean = mean,
              .deviation = mirrored ? -deviation : deviation, .lowest = low, .highest = high,
              .out = out};
  if (!wide) {  // rounding to float32 must not leave the interval
    float lowest = (float)low, highest = (float)high;
    work.lowest = (double)lowest < low ? nextafterf(lowest, INFINITY) : lowest;
    work.highest = (double)highest > high ? nextafterf(highest, -INFINITY) : highest;
  }
  run(&work, truncated_part);
}
