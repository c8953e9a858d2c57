#include <math.h>

#include "parallel.h"
#include "probabilistic.h"
#include "special.h"

// Inversion of a discrete distribution with one mode: the uniform number is spent on the values in
// the order mode, mode + 1, mode - 1, mode + 2, ..., of which about one deviation's worth is needed.

static double spend(double u, double mode, double probability, double most,
                    double (*up)(double k, const double *p), const double *p) {
  u -= probability;
  if (u < 0) return mode;
  double above = probability, below = probability, high = mode, low = mode;
  while (above > 0 || below > 0) {
    if (high < most) {
      above *= up(high++, p);
      if ((u -= above) < 0) return high;
    } else {
      above = 0;
    }
    if (low > 0) {
      below /= up(--low, p);
      if ((u -= below) < 0) return low;
    } else {
      below = 0;
    }
  }
  return mode;  // what rounding left of u
}

static double binomial_up(double k, const double *p) { return (p[0] - k) / (k + 1) * p[1]; }
static double poisson_up(double k, const double *p) { return p[0] / (k + 1); }

static double binomial(double n, double p, double u) {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  double mode = floor((n + 1) * p), log_probability;
  if (mode > n) mode = n;
  if (mode == 0) {
    log_probability = n * log1p(-p);
  } else if (mode == n) {
    log_probability = n * log(p);
  } else {
    log_probability = apus_log_beta_density(mode, n - mode, p) - log(mode / n * (n - mode));
  }
  const double constants[] = {n, p / (1 - p)};
  return spend(u, mode, exp(log_probability), n, binomial_up, constants);
}

static double poisson(double rate, double u) {
  if (rate <= 0) return 0;
  double mode = floor(rate);
  return spend(u, mode, exp(apus_log_poisson_density(mode, rate)), INFINITY, poisson_up, &rate);
}

typedef struct counts_job {
  const double *first, *second, *u;
  double *out;
} counts_job;

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const counts_job *job = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    job->out[i] = job->second ? binomial(job->first[i], job->second[i], job->u[i])
                              : poisson(job->first[i], job->u[i]);
  }
}

enum { grain = 64 };

void apus_binomial_from_uniform(ptrdiff_t count, const double *trials,
                                const double *probabilities, const double *u, double *out) {
  counts_job job = {trials, probabilities, u, out};
  apus_parallel_for(count, grain, run, &job);
}

void apus_poisson_from_uniform(ptrdiff_t count, const double *rates, const double *u, double *out) {
  counts_job job = {rates, 0, u, out};
  apus_parallel_for(count, grain, run, &job);
}
