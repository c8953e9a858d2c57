#pragma once
#include "types.h"

// Spectral decompositions of batches of float32 or float64 matrices. Operands and results are dense
// and row-major and must not overlap; any extent may be 0. Bits do not depend on the thread count.

/// How a decomposition ended. Where it is not `done`, every result for that matrix is NaN.
typedef enum APUS_CLOSED apus_convergence : int32_t {
  apus_convergence_done,
  apus_convergence_not_finite,  // the matrix holds a NaN or an infinity
  apus_convergence_none,        // the iteration ran out of steps
} apus_convergence;

/// The eigenvalues, ascending, of (a + a') / 2 for a [batch, n, n]: values [batch, n] and, unless
/// NULL, vectors [batch, n, n], whose columns are orthonormal eigenvectors in the same order.
/// `outcomes` has one for each matrix.
void apus_symmetric_eigen(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *a,
                          void *values, void *vectors, apus_convergence *outcomes);

/// The singular values, descending, of a [batch, m, n]: values [batch, k], k = min(m, n). Unless
/// NULL, both of them: left [batch, m, p] and right [batch, n, q], whose columns are the singular
/// vectors; p = q = k, or p = m and q = n when `full`. `outcomes` has one for each matrix.
void apus_singular_values(apus_dtype type, ptrdiff_t batch, ptrdiff_t m, ptrdiff_t n, bool full,
                          const void *a, void *values, void *left, void *right,
                          apus_convergence *outcomes);
