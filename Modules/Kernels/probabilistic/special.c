#include "special.h"

#include <math.h>

#include "parallel.h"
#include "probabilistic.h"

typedef struct special_job {
  apus_special function;
  apus_dtype type;
  const void *a, *b, *c;
  void *out;
} special_job;

static double value_at(const special_job *job, const void *values, ptrdiff_t i) {
  if (!values) return 0;
  return job->type == apus_dtype_float64 ? ((const double *)values)[i]
                                         : (double)((const float *)values)[i];
}

static double special(apus_special function, double a, double b, double c) {
  switch (function) {
    case apus_special_log_gamma: return apus_log_gamma(a);
    case apus_special_digamma: return apus_digamma(a);
    case apus_special_erfc: return erfc(a);
    case apus_special_erf_inverse: return apus_erf_inverse(a);
    case apus_special_erfc_inverse: return apus_erfc_inverse(a);
    case apus_special_polygamma: return apus_polygamma(a, b);
    case apus_special_log_beta: return apus_log_beta(a, b);
    case apus_special_gamma_lower: return apus_gamma_lower(a, b);
    case apus_special_gamma_upper: return apus_gamma_upper(a, b);
    case apus_special_gamma_slope: return apus_gamma_slope(a, b);
    case apus_special_binomial_log: return apus_log_choose(a, b);
    case apus_special_beta_lower: return apus_beta_lower(a, b, c);
  }
}

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const special_job *job = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    double value = special(job->function, value_at(job, job->a, i), value_at(job, job->b, i),
                           value_at(job, job->c, i));
    if (job->type == apus_dtype_float64) ((double *)job->out)[i] = value;
    else ((float *)job->out)[i] = (float)value;
  }
}

void apus_apply_special(apus_special function, apus_dtype type, ptrdiff_t count, const void *a,
                        const void *b, const void *c, void *out) {
  special_job job = {function, type, a, b, c, out};
  apus_parallel_for(count, 256, run, &job);
}
