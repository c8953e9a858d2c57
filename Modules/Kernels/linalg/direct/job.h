#pragma once
#include "internal.h"

// A call for a batch of matrices, as threads share it.

typedef struct linalg_job linalg_job;
/// Does matrix `index`, or handful `index` of small ones.
typedef void (*linalg_step)(const linalg_job *job, ptrdiff_t index);

/// The arguments of any of the functions of linalg_direct.h.
struct linalg_job {
  const linalg_kernels *kernels;
  linalg_step step;
  ptrdiff_t size;  // of an element, in bytes
  ptrdiff_t rows, columns, batch;
  const char *a, *b;
  char *out, *second, *third;
  const int64_t *read_permutation, *which;
  int64_t *permutation;
  apus_breakdown *breakdowns;
  const apus_triangle *triangle;
  ptrdiff_t q_columns, q_batch, r_batch;
  bool flag;
  double diagonal;
};

/// Runs all steps, one after the other or dealt out to threads. `work`: multiply-adds of one.
void apus_linalg_deal(linalg_job *job, apus_dtype type, ptrdiff_t steps, double work,
                      linalg_step step);

static inline void linalg_report(const linalg_job *job, ptrdiff_t index, ptrdiff_t row,
                                 double value) {
  if (job->breakdowns) job->breakdowns[index] = (apus_breakdown){.row = row, .value = value};
}

/// `offset` bytes into an array that may be left out.
static inline char *linalg_place(char *start, ptrdiff_t offset) {
  return start ? start + offset : NULL;
}

/// +1 or -1.
double apus_linalg_parity(ptrdiff_t n, const int64_t *permutation);

/// The LU factors of one matrix.
void apus_linalg_factor(const linalg_job *job, ptrdiff_t index);
