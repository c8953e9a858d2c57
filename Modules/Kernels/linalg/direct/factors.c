#include "job.h"

#include <math.h>

#include "memory.h"

// Factorisations.

static void cholesky_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows, bytes = n * n * job->size;
  const char *a = job->a + index * bytes;
  char *l = job->out + index * bytes;
  job->kernels->load_upper(n, a, l);
  double pivot = 0;
  ptrdiff_t failed = job->kernels->cholesky(n, l, n, &pivot);
  if (failed >= 0) job->kernels->fill(n * n, NAN, l);
  job->kernels->mirror(n, l);
  linalg_report(job, index, failed, pivot);
}

void apus_cholesky(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *a, void *l,
                   apus_breakdown *breakdowns) {
  linalg_job job = {.rows = n, .a = a, .out = l, .breakdowns = breakdowns};
  apus_linalg_deal(&job, type, batch, (double)n * n * n / 6, cholesky_step);
}

static void cholesky_backward_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows, offset = index * n * n * job->size;
  job->kernels->cholesky_backward(n, job->a + offset, job->b + offset, job->out + offset);
}

void apus_cholesky_backward(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *l,
                            const void *upstream, void *out) {
  linalg_job job = {.rows = n, .a = l, .b = upstream, .out = out};
  apus_linalg_deal(&job, type, batch, (double)n * n * n / 2, cholesky_backward_step);
}

void apus_linalg_factor(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t m = job->rows, n = job->columns, bytes = m * n * job->size;
  const ptrdiff_t least = linalg_min(m, n);
  const char *a = job->a + index * bytes;
  char *lu = job->out + index * bytes;
  int64_t *permutation = job->permutation + index * m;
  if (a != lu) job->kernels->copy(m * n, a, lu);
  const size_t room = (size_t)least * sizeof(ptrdiff_t);
  ptrdiff_t *exchanges = apus_allocate(room);
  double pivot = 0;
  ptrdiff_t failed = job->kernels->lu(m, n, lu, n, exchanges, &pivot);
  for (ptrdiff_t i = 0; i < m; i++) permutation[i] = i;
  for (ptrdiff_t i = 0; i < least; i++) {
    const int64_t kept = permutation[i];
    permutation[i] = permutation[exchanges[i]];
    permutation[exchanges[i]] = kept;
  }
  apus_deallocate(exchanges, room);
  linalg_report(job, index, failed, pivot);
}

void apus_lu(apus_dtype type, ptrdiff_t batch, ptrdiff_t rows, ptrdiff_t columns, const void *a,
             void *lu, int64_t *permutation, apus_breakdown *breakdowns) {
  linalg_job job = {.rows = rows, .columns = columns, .a = a, .out = lu, .permutation = permutation,
             .breakdowns = breakdowns};
  const double work = (double)rows * columns * linalg_min(rows, columns) / 2;
  apus_linalg_deal(&job, type, batch, work, apus_linalg_factor);
}

static void qr_step(const linalg_job *job, ptrdiff_t index) {
  job->kernels->qr(job->rows, job->columns, job->q_columns,
                   job->a + index * job->rows * job->columns * job->size,
                   job->out + index * job->q_batch * job->size,
                   job->second + index * job->r_batch * job->size);
}

void apus_qr(apus_dtype type, ptrdiff_t batch, ptrdiff_t rows, ptrdiff_t columns, bool complete,
             const void *a, void *q, ptrdiff_t q_batch, void *r, ptrdiff_t r_batch) {
  const ptrdiff_t k = linalg_min(rows, columns);
  linalg_job job = {.rows = rows, .columns = columns, .q_columns = complete ? rows : k, .a = a,
             .out = q,
             .second = r, .q_batch = q_batch, .r_batch = r_batch};
  apus_linalg_deal(&job, type, batch, 2.0 * rows * columns * job.q_columns, qr_step);
}

static void triangle_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t offset = index * job->rows * job->columns * job->size;
  job->kernels->triangle_part(job->rows, job->columns, job->flag, job->diagonal, job->a + offset,
                              job->out + offset);
}

void apus_triangle_part(apus_dtype type, ptrdiff_t batch, ptrdiff_t rows, ptrdiff_t columns,
                        bool upper, double diagonal, const void *a, void *out) {
  linalg_job job = {.rows = rows, .columns = columns, .flag = upper, .diagonal = diagonal, .a = a,
             .out = out};
  apus_linalg_deal(&job, type, batch, (double)rows * columns, triangle_step);
}
