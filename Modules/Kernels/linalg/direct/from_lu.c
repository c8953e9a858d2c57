#include "job.h"

#include <math.h>
#include <string.h>

#include "memory.h"

// What LU factors give, and substitution with any triangle.

static void lu_inverse_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows, offset = index * n * n * job->size;
  job->kernels->lu_inverse(n, job->a + offset, job->read_permutation + index * n,
                           job->out + offset);
}

void apus_lu_inverse(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *lu,
                     const int64_t *permutation, void *out) {
  linalg_job job = {.rows = n, .a = lu, .read_permutation = permutation, .out = out};
  apus_linalg_deal(&job, type, batch, (double)n * n * n, lu_inverse_step);
}

static void lu_solve_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows, columns = job->columns;
  const ptrdiff_t source = job->which ? job->which[index] : index;
  const size_t bytes = (size_t)(n * columns * job->size);
  char *x = job->out + index * (ptrdiff_t)bytes;
  const char *lu = job->a + source * n * n * job->size;
  const int64_t *permutation = job->read_permutation + source * n;
  double filler;
  if (job->kernels->is_singular(n, lu, &filler)) {
    job->kernels->fill(n * columns, filler, x);
    return;
  }
  const bool transposed = job->flag;
  apus_triangle l = {.data = lu, .row = n, .column = 1, .lower = true, .unit = true};
  apus_triangle u = {.data = lu, .row = n, .column = 1};
  if (transposed) {
    // a' = u' l' p: u' is the lower triangle now.
    l.row = 1, l.column = n, l.lower = false;
    u.row = 1, u.column = n, u.lower = true;
  }
  char *y = apus_allocate(bytes);
  if (transposed) {
    job->kernels->copy(n * columns, x, y);
    job->kernels->solve(n, columns, &u, y, columns);
    job->kernels->solve(n, columns, &l, y, columns);
    job->kernels->put_rows(n, columns, permutation, y, x);
  } else {
    job->kernels->take_rows(n, columns, permutation, x, y);
    job->kernels->solve(n, columns, &l, y, columns);
    job->kernels->solve(n, columns, &u, y, columns);
    job->kernels->copy(n * columns, y, x);
  }
  apus_deallocate(y, bytes);
}

void apus_lu_solve(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, ptrdiff_t columns,
                   const void *lu, const int64_t *permutation, const int64_t *which,
                   bool transposed, void *x) {
  linalg_job job = {.rows = n, .columns = columns, .a = lu, .read_permutation = permutation,
             .which = which, .flag = transposed, .out = x};
  apus_linalg_deal(&job, type, batch, (double)n * n * columns, lu_solve_step);
}

/// +1 or -1: each cycle of even length is an odd permutation.
double apus_linalg_parity(ptrdiff_t n, const int64_t *permutation) {
  const size_t bytes = (size_t)n;
  char *seen = apus_allocate(bytes);
  memset(seen, 0, bytes);
  double sign = 1;
  for (ptrdiff_t i = 0; i < n; i++) {
    for (ptrdiff_t j = i; !seen[j]; j = (ptrdiff_t)permutation[j]) {
      seen[j] = 1;
      if (permutation[j] != i) sign = -sign;
    }
  }
  apus_deallocate(seen, bytes);
  return sign;
}

static void lu_determinant_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t n = job->rows, offset = index * job->size;
  job->kernels->lu_determinant(n, job->a + n * n * offset,
                               apus_linalg_parity(n, job->read_permutation + index * n),
                               linalg_place(job->out, offset), linalg_place(job->second, offset),
                               linalg_place(job->third, offset));
}

void apus_lu_determinant(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *lu,
                         const int64_t *permutation, void *det, void *sign, void *log_abs) {
  linalg_job job = {.rows = n, .a = lu, .read_permutation = permutation, .out = det, .second = sign,
             .third = log_abs};
  apus_linalg_deal(&job, type, batch, (double)n * 16, lu_determinant_step);
}

static void triangular_step(const linalg_job *job, ptrdiff_t index) {
  const ptrdiff_t source = job->which ? job->which[index] : index;
  apus_triangle t = *job->triangle;
  t.data = (const char *)t.data + source * t.batch * job->size;
  job->kernels->solve(job->rows, job->columns, &t,
                      job->out + index * job->rows * job->columns * job->size, job->columns);
}

void apus_triangular_solve(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, ptrdiff_t columns,
                           const apus_triangle *t, const int64_t *which, void *x) {
  linalg_job job = {.rows = n, .columns = columns, .triangle = t, .which = which, .out = x};
  apus_linalg_deal(&job, type, batch, (double)n * n * columns / 2, triangular_step);
}
