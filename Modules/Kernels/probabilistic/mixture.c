#include "job.h"
#include "memory.h"
#include "parallel.h"
#include "probabilistic.h"

#define APUS_TEMPLATE "../probabilistic/levels.inc"
#include "../math/each_level.h"

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const mixture_job *job = context;
  job->part(job, begin, end);
}

void apus_gaussian_mixture(apus_dtype type, ptrdiff_t rows, ptrdiff_t components,
                           ptrdiff_t dimensions, bool coupled, double floor, const void *parameters,
                           const void *targets, double scale, void *losses, void *gradient) {
  static const mixture_part *const levels[] = APUS_AT_LEVEL(mixture_kernels);
  const ptrdiff_t couplings = coupled ? dimensions * (dimensions - 1) / 2 : 0;
  mixture_job job = {
    .part = levels[apus_current_level()][type == apus_dtype_float64],
    .components = components, .dimensions = dimensions,
    .width = components * (1 + 2 * dimensions + couplings), .coupled = coupled, .floor = floor,
    .scale = scale, .parameters = parameters, .targets = targets, .losses = losses,
    .gradient = gradient,
  };
  if (rows <= 0) return;
  // Whole blocks at every level; about 15 µs a chunk, from 30 µs of work up.
  double nanoseconds = 1.5 * (double)job.width;
  if (type == apus_dtype_float64) nanoseconds *= 2;
  if ((double)rows * nanoseconds < 30000) {
    job.part(&job, 0, rows);
  } else {
    apus_parallel_for(rows, 16 * (1 + (ptrdiff_t)(1000 / nanoseconds)), run, &job);
  }
}
