#include "machine.h"
#include "parallel.h"

#define APUS_TEMPLATE "../machine/machine.inc"
#include "levels.h"

double apus_machine_fma(apus_dtype type, ptrdiff_t iterations) {
  static void (*const narrow[])(ptrdiff_t, float *) = APUS_AT_LEVEL(fma32);
  static void (*const wide[])(ptrdiff_t, double *) = APUS_AT_LEVEL(fma64);
  static const double lanes[] = {4, 8, 16};
  const apus_level level = apus_current_level();
  // Volatile, so that the work has a beginning and an end that the compiler cannot see.
  volatile double sink[2] = {0.5, 0.5};
  double operations = 2.0 * 12.0 * (double)iterations * lanes[level];
  if (type == apus_dtype_float64) {
    double values[2] = {sink[0], sink[1]};
    wide[level](iterations, values);
    sink[0] = values[0];
    return operations / 2;
  }
  float values[2] = {(float)sink[0], (float)sink[1]};
  narrow[level](iterations, values);
  sink[0] = values[0];
  return operations;
}

typedef void (*triad)(ptrdiff_t count, float scale, float *a, const float *b, const float *c,
                      bool streaming);

typedef struct triad_job {
  triad run;
  float scale, *a;
  const float *b, *c;
  bool streaming;
} triad_job;

// What passes by in one sweep: more than the caches hold, and stores had better bypass them.
enum { streaming_count = 4 << 20, grain = 1 << 14 };

static void triad_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const triad_job *job = context;
  job->run(end - begin, job->scale, job->a + begin, job->b + begin, job->c + begin,
           job->streaming);
}

void apus_machine_triad(ptrdiff_t count, float scale, float *a, const float *b, const float *c) {
  static const triad triads[] = APUS_AT_LEVEL(triad);
  triad_job job = {triads[apus_current_level()], scale, a, b, c, count >= streaming_count};
  apus_parallel_for(count, count < 2 * grain ? count : grain, triad_part, &job);
}
