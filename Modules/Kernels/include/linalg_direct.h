#pragma once
#include "types.h"

// Direct linear algebra over batches of float32 or float64 matrices: factorisations and what is
// made of them. Everything is dense and row-major; a result may be the very memory of the operand
// it has the shape of, but must not overlap it otherwise. Any extent may be 0. Bits do not depend
// on the thread count.

/// Where a factorisation broke down: `row` is -1 where it did not, `value` is the pivot found.
typedef struct apus_breakdown {
  ptrdiff_t row;
  double value;
} apus_breakdown;

/// l = the lower Cholesky factor of a [batch, n, n], of which the lower triangle is read; zeros
/// above the diagonal. Where a pivot is not positive, the lower triangle is NaN.
/// `breakdowns` is NULL or one for each matrix, here and below.
void apus_cholesky(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *a, void *l,
                   apus_breakdown *breakdowns);

/// out = the symmetric gradient with respect to a = l l' [batch, n, n], from l and the gradient
/// with respect to it, of which the lower triangle is read.
void apus_cholesky_backward(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *l,
                            const void *upstream, void *out);

/// lu = L and U in one, L's unit diagonal left out, of a [batch, rows, columns] with its rows
/// permuted: row i of L U is row permutation[i] of a. Each pivot is the greatest of its column in
/// absolute value, the first of equals. A zero pivot is passed over and reported, the first one.
void apus_lu(apus_dtype type, ptrdiff_t batch, ptrdiff_t rows, ptrdiff_t columns, const void *a,
             void *lu, int64_t *permutation, apus_breakdown *breakdowns);

/// out = the inverses of the matrices [batch, n, n] whose factors these are; all infinite for a
/// singular one, or all NaN if it holds a NaN.
void apus_lu_inverse(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *lu,
                     const int64_t *permutation, void *out);

/// x = a^-1 x, or a^-T x when `transposed`, for x [batch, n, columns] and the factors of
/// [?, n, n] matrices a: x's matrix i goes with factors which[i], or i if `which` is NULL. All
/// infinite, or NaN, where a is singular.
void apus_lu_solve(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, ptrdiff_t columns,
                   const void *lu, const int64_t *permutation, const int64_t *which,
                   bool transposed, void *x);

/// sign [batch] is -1, 0 or 1 and log_abs [batch] is ln |det a| (-infinity for a singular a), from
/// factors of a [batch, n, n]; either may be NULL, and det [batch] too.
void apus_lu_determinant(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *lu,
                         const int64_t *permutation, void *det, void *sign, void *log_abs);

/// out = a^-1 for a [batch, n, n], as apus_lu and apus_lu_inverse give it up to rounding, small
/// matrices many at once.
void apus_inverse(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *a, void *out,
                  apus_breakdown *breakdowns);

/// The determinants of a [batch, n, n]: as apus_lu_determinant, small matrices many at once.
void apus_determinant(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, const void *a, void *det,
                      void *sign, void *log_abs, apus_breakdown *breakdowns);

/// One triangle of a square matrix, as an operand: element (i, j) is data[i row + j column].
typedef struct apus_triangle {
  const void *data;
  ptrdiff_t row, column, batch;  // strides; `batch` from one matrix to the next
  bool lower;                    // which triangle is read, of the matrix as these strides show it
  bool unit;                     // its diagonal is taken as ones, unread
} apus_triangle;

/// x = t^-1 x for x [batch, n, columns]; x's matrix i goes with matrix which[i] of t, or i if
/// `which` is NULL. A zero on the diagonal divides as any zero does.
void apus_triangular_solve(apus_dtype type, ptrdiff_t batch, ptrdiff_t n, ptrdiff_t columns,
                           const apus_triangle *t, const int64_t *which, void *x);

/// a = q r by Householder reflections, a [batch, rows, columns], q [batch, rows, k] with
/// orthonormal columns, r [batch, k, columns] upper triangular; k is `rows` when `complete`, else
/// min(rows, columns). Matrices of q and r are q_batch and r_batch elements apart.
void apus_qr(apus_dtype type, ptrdiff_t batch, ptrdiff_t rows, ptrdiff_t columns, bool complete,
             const void *a, void *q, ptrdiff_t q_batch, void *r, ptrdiff_t r_batch);

/// out = the part of a [batch, rows, columns] on one side of the diagonal, zeros elsewhere: below
/// (or above, when `upper`), with the diagonal multiplied by `diagonal`.
void apus_triangle_part(apus_dtype type, ptrdiff_t batch, ptrdiff_t rows, ptrdiff_t columns,
                        bool upper, double diagonal, const void *a, void *out);
