#pragma once
#include "../../gemm/internal.h"
#include "linalg_spectral.h"

// Spectral decompositions in three steps: reflections make the matrix tridiagonal or bidiagonal
// (`tridiagonal.inc`, `bidiagonal.inc`, blocked over the matrix product), plane rotations make that
// diagonal (`tridiagonal_steps.c`, `bidiagonal_steps.c`, always in double), and the vectors follow
// the rotations, many at a time (`rotate.inc`). Vectors are the rows of their matrices until the
// end.

/// A run of plane rotations of rows (start, start + step), (start + step, start + 2 step), …: the
/// pair (x, y) becomes (c x + s y, c y - s x).
typedef struct rotation_run {
  ptrdiff_t start, step, count;
  const double *factors;  // c, s, c, s, …
} rotation_run;

/// Vectors as panels [panel][row][`panel width`], which the rotations mix row by row.
typedef struct vector_panels {
  void *data;
  ptrdiff_t rows, count;
} vector_panels;

enum { panel_bytes = 128, most_runs = 64 };

typedef void (*rotate_panel)(void *panel, const rotation_run *runs, ptrdiff_t count);

/// Rotations that wait for being applied together: one pass over a panel in the cache does them.
typedef struct rotation_queue {
  vector_panels vectors;
  rotate_panel rotate;
  double *factors;
  ptrdiff_t used, capacity, count;
  rotation_run runs[most_runs];
} rotation_queue;

/// The queue for panels of `rows` vectors of `columns` elements; the panels are not filled.
rotation_queue rotation_queue_make(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns);
void rotation_queue_free(rotation_queue *queue);

/// Room for the factors of one more run; `rotation_queue_commit` then makes it part of the queue.
double *rotation_queue_reserve(rotation_queue *queue, ptrdiff_t count);
void rotation_queue_commit(rotation_queue *queue, ptrdiff_t start, ptrdiff_t step, ptrdiff_t count);

/// Applies what waits.
void rotation_queue_flush(rotation_queue *queue);

/// Makes the symmetric tridiagonal matrix of diagonal d[n] and e[n - 1] beside it diagonal: d
/// becomes the eigenvalues, in no order. The rotations go to `vectors` unless NULL. False when the
/// steps run out.
bool tridiagonal_steps(ptrdiff_t n, double *d, double *e, rotation_queue *vectors);

/// Makes the upper bidiagonal matrix of diagonal d[n] and e[n - 1] above it diagonal; d becomes
/// the singular values, in no order and of any sign. Both queues or none. False when the steps run
/// out.
bool bidiagonal_steps(ptrdiff_t n, double *d, double *e, rotation_queue *left,
                      rotation_queue *right);

/// order = the places of values in ascending order of `sign` * value, the first of equals first.
void spectral_sort(ptrdiff_t n, const double *values, double sign, ptrdiff_t *order);

/// y = a x for the symmetric a [n, n] of which the upper triangle is read, rows `row` apart.
typedef void (*symmetric_product)(ptrdiff_t n, const void *a, ptrdiff_t row, const void *x,
                                  void *y);

/// The inner loops for one element type at the current level.
typedef struct spectral_kernels {
  const gemm_kernels *products;
  symmetric_product symmetric;
  rotate_panel rotate;
} spectral_kernels;
const spectral_kernels *spectral_kernels_for(apus_dtype type);

// One matrix: what `linalg_spectral.h` says of each.
apus_convergence symmetric_eigen_float32(ptrdiff_t n, const float *a, float *values,
                                         float *vectors);
apus_convergence symmetric_eigen_float64(ptrdiff_t n, const double *a, double *values,
                                         double *vectors);
apus_convergence singular_float32(ptrdiff_t m, ptrdiff_t n, bool full, const float *a,
                                  float *values, float *left, float *right);
apus_convergence singular_float64(ptrdiff_t m, ptrdiff_t n, bool full, const double *a,
                                  double *values, double *left, double *right);
