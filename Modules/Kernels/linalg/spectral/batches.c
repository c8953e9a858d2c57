#include "internal.h"

#include "parallel.h"

// One matrix is one part of the parallel loop; a single one is free to use the threads itself.

typedef struct job {
  apus_dtype type;
  ptrdiff_t m, n, k;
  bool full;
  const char *a;
  char *values, *left, *right;
  apus_convergence *outcomes;
} job;

static char *at(char *base, ptrdiff_t index, ptrdiff_t count, apus_dtype type) {
  return base ? base + index * count * (type == apus_dtype_float32 ? 4 : 8) : NULL;
}

/// Matrices a part: enough work to pay for handing it to another thread.
static ptrdiff_t grain(ptrdiff_t m, ptrdiff_t n) {
  double work = 20 * (double)m * (double)n * (double)gemm_min(m, n) + 500;
  return work > 100000 ? 1 : (ptrdiff_t)(100000 / work) + 1;
}

static void eigen_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *w = context;
  const ptrdiff_t n = w->n;
  for (ptrdiff_t i = begin; i < end; i++) {
    char *a = at((char *)w->a, i, n * n, w->type), *values = at(w->values, i, n, w->type);
    char *vectors = at(w->left, i, n * n, w->type);
    w->outcomes[i] = w->type == apus_dtype_float32
                         ? symmetric_eigen_float32(n, (const float *)a, (float *)values,
                                                   (float *)vectors)
                         : symmetric_eigen_float64(n, (const double *)a, (double *)values,
                                                   (double *)vectors);
  }
}

void apus_symmetric_eigen(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *a,
                          void *values, void *vectors, apus_convergence *outcomes) {
  if (batch <= 0) return;
  job work = {type, n, n, n, false, a, values, vectors, NULL, outcomes};
  apus_parallel_for(batch, grain(n, n), eigen_part, &work);
}

static void singular_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *w = context;
  const ptrdiff_t m = w->m, n = w->n;
  for (ptrdiff_t i = begin; i < end; i++) {
    char *a = at((char *)w->a, i, m * n, w->type), *values = at(w->values, i, w->k, w->type);
    char *left = at(w->left, i, m * (w->full ? m : w->k), w->type);
    char *right = at(w->right, i, n * (w->full ? n : w->k), w->type);
    w->outcomes[i] =
        w->type == apus_dtype_float32
            ? singular_float32(m, n, w->full, (const float *)a, (float *)values, (float *)left,
                               (float *)right)
            : singular_float64(m, n, w->full, (const double *)a, (double *)values, (double *)left,
                               (double *)right);
  }
}

void apus_singular_values(apus_dtype type, ptrdiff_t batch, ptrdiff_t m, ptrdiff_t n, bool full,
                          const void *a, void *values, void *left, void *right,
                          apus_convergence *outcomes) {
  if (batch <= 0) return;
  job work = {type, m, n, gemm_min(m, n), full, a, values, left, right, outcomes};
  apus_parallel_for(batch, grain(m, n), singular_part, &work);
}
