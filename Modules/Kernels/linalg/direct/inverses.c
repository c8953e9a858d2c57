#include "job.h"

#include "memory.h"

// Inverses and determinants from the matrices themselves: small ones many at once.

static void inverse_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows;
  const size_t bytes = (size_t)(n * n * job->size), room = (size_t)n * sizeof(int64_t);
  char *lu = apus_allocate(bytes);
  int64_t *permutation = apus_allocate(room);
  linalg_job inner = *job;
  inner.a = job->a + index * (ptrdiff_t)bytes;
  inner.out = lu;
  inner.permutation = permutation;
  inner.breakdowns = job->breakdowns ? job->breakdowns + index : NULL;
  apus_linalg_factor(&inner, 0);
  job->kernels->lu_inverse(n, lu, permutation, job->out + index * (ptrdiff_t)bytes);
  apus_deallocate(permutation, room);
  apus_deallocate(lu, bytes);
}

static void determinant_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows, offset = index * job->size;
  const size_t bytes = (size_t)(n * n * job->size), room = (size_t)n * sizeof(int64_t);
  char *lu = apus_allocate(bytes);
  int64_t *permutation = apus_allocate(room);
  linalg_job inner = *job;
  inner.a = job->a + index * (ptrdiff_t)bytes;
  inner.out = lu;
  inner.permutation = permutation;
  inner.breakdowns = job->breakdowns ? job->breakdowns + index : NULL;
  apus_linalg_factor(&inner, 0);
  job->kernels->lu_determinant(n, lu, apus_linalg_parity(n, permutation),
                               linalg_place(job->out, offset),
                               linalg_place(job->second, offset), linalg_place(job->third, offset));
  apus_deallocate(permutation, room);
  apus_deallocate(lu, bytes);
}

/// Matrices that one call of a small kernel does: a bit each.
enum { handful = 64 };

/// Does those one by one that a small kernel has left, and reports on the others.
static void finish(const linalg_job *job, ptrdiff_t first, ptrdiff_t count, uint64_t left,
                   linalg_step single) {
  for (ptrdiff_t i = 0; i < count && (left || job->breakdowns); i++, left >>= 1) {
    if (left & 1) single(job, first + i);
    else linalg_report(job, first + i, -1, 0);
  }
}

static void small_inverse_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows, first = index * handful, offset = first * n * n * job->size;
  const ptrdiff_t count = linalg_min(handful, job->batch - first);
  uint64_t left = job->kernels->small_inverse(n, count, job->a + offset, job->out + offset);
  finish(job, first, count, left, inverse_step);
}

static void small_determinant_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows, first = index * handful, offset = first * job->size;
  const ptrdiff_t count = linalg_min(handful, job->batch - first);
  uint64_t left = job->kernels->small_determinant(
      n, count, job->a + n * n * offset, linalg_place(job->out, offset),
      linalg_place(job->second, offset),
      linalg_place(job->third, offset));
  finish(job, first, count, left, determinant_step);
}

/// Deals a batch of small matrices, in handfuls.
static void deal_small(linalg_job *job, apus_dtype type, ptrdiff_t batch, linalg_step step) {
  const double n = (double)job->rows;
  job->batch = batch;
  const double work = handful * (40 + n * n * n / 2);
  apus_linalg_deal(job, type, (batch + handful - 1) / handful, work, step);
}

void apus_inverse(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *a, void *out,
                  apus_breakdown *breakdowns) {
  linalg_job job = {.rows = n, .columns = n, .a = a, .out = out, .breakdowns = breakdowns};
  if (n > 0 && n <= LINALG_SMALL) deal_small(&job, type, batch, small_inverse_step);
  else apus_linalg_deal(&job, type, batch, 2.0 * n * n * n, inverse_step);
}

void apus_determinant(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *a, void *det,
                      void *sign, void *log_abs, apus_breakdown *breakdowns) {
  linalg_job job = {.rows = n, .columns = n, .a = a, .out = det, .second = sign, .third = log_abs,
             .breakdowns = breakdowns};
  if (n > 0 && n <= LINALG_SMALL) deal_small(&job, type, batch, small_determinant_step);
  else apus_linalg_deal(&job, type, batch, (double)n * n * n / 2, determinant_step);
}
