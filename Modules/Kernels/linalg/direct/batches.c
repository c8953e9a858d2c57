#include "job.h"

#include "parallel.h"

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const linalg_job *job = context;
  for (ptrdiff_t index = begin; index < end; index++) job->step(job, index);
}

// Chunks are of about 20 µs. A few large matrices are worked on by all threads together instead,
// in their matrix products.
void apus_linalg_deal(linalg_job *job, apus_dtype type, ptrdiff_t steps, double work,
                      linalg_step step) {
  if (steps <= 0) return;
  job->kernels = apus_linalg_kernels(type);
  job->size = type == apus_dtype_float32 ? 4 : 8;
  job->step = step;
  const double nanoseconds = 200 + work / 4;
  const bool is_large = nanoseconds > 5e6 && steps < 8;
  if (steps == 1 || is_large || nanoseconds * (double)steps < 40000) {
    run(job, 0, steps);
  } else {
    apus_parallel_for(steps, 1 + (ptrdiff_t)(20000 / nanoseconds), run, job);
  }
}
