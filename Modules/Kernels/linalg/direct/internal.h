#pragma once
#include "linalg_direct.h"

// Direct linear algebra in three layers: `batches.c` deals matrices to threads; the algorithms
// (`cholesky.inc`, `lu.inc` …) are compiled for each element type and instruction set and each do
// one matrix; all rest on `tile.inc`, which goes over to the blocked matrix product where that
// pays. Matrices are row-major here and `row` is the distance of rows; operands that have two
// strides can be read transposed.

/// The algorithms for one element type and instruction set. Pointers are to elements of the type.
typedef struct linalg_kernels {
  /// In place; reads and writes the upper triangle: a = u' u. The row of the first pivot that is
  /// not positive, or -1; then `pivot` tells it.
  ptrdiff_t (*cholesky)(ptrdiff_t n, void *a, ptrdiff_t row, double *pivot);
  /// out = the symmetric gradient with respect to l l', from that with respect to l.
  void (*cholesky_backward)(ptrdiff_t n, const void *l, const void *upstream, void *out);
  /// The upper triangle of u = that of a'; u may be a.
  void (*load_upper)(ptrdiff_t n, const void *a, void *u);
  /// Turns u with anything below its diagonal into its transpose with zeros above, in place.
  void (*mirror)(ptrdiff_t n, void *u);

  /// In place; exchanges[j] is the row that row j was exchanged with. The row of the first pivot
  /// that is zero or NaN, or -1.
  ptrdiff_t (*lu)(ptrdiff_t rows, ptrdiff_t columns, void *a, ptrdiff_t row,
                  ptrdiff_t *exchanges, double *pivot);
  void (*lu_inverse)(ptrdiff_t n, const void *lu, const int64_t *permutation, void *out);
  void (*lu_determinant)(ptrdiff_t n, const void *lu, double parity, void *det, void *sign,
                         void *log_abs);
  /// Whether a pivot is zero or NaN; then `filler` is what stands in for a result: an infinity, or
  /// NaN if there is one among the factors.
  bool (*is_singular)(ptrdiff_t n, const void *lu, double *filler);

  /// x = t^-1 x, rows of x `x_row` apart.
  void (*solve)(ptrdiff_t n, ptrdiff_t columns, const apus_triangle *t, void *x, ptrdiff_t x_row);

  void (*qr)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t q_columns, const void *a, void *q,
             void *r);

  /// At most 64 matrices of at most LINALG_SMALL rows at once; `a` and `out` may be the same. A bit
  /// is set in the result for each that is left undone: singular, or of an extreme determinant.
  uint64_t (*small_inverse)(ptrdiff_t n, ptrdiff_t batch, const void *a, void *out);
  uint64_t (*small_determinant)(ptrdiff_t n, ptrdiff_t batch, const void *a, void *det,
                                void *sign, void *log_abs);

  /// For up to a few megabytes: the C library's copy takes several times as long for such sizes on
  /// some machines.
  void (*copy)(ptrdiff_t count, const void *a, void *out);
  void (*fill)(ptrdiff_t count, double value, void *out);
  /// out's row i is a's row from[i]; or out's row to[i] is a's row i.
  void (*take_rows)(ptrdiff_t n, ptrdiff_t columns, const int64_t *from, const void *a, void *out);
  void (*put_rows)(ptrdiff_t n, ptrdiff_t columns, const int64_t *to, const void *a, void *out);
  void (*triangle_part)(ptrdiff_t rows, ptrdiff_t columns, bool upper, double diagonal,
                        const void *a, void *out);
} linalg_kernels;

/// For the current level; type is float32 or float64.
const linalg_kernels *apus_linalg_kernels(apus_dtype type);

static inline ptrdiff_t linalg_min(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t linalg_max(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

/// Where a matrix of n rows is cut in two: about the middle, at a multiple of 16 if it is large.
static inline ptrdiff_t linalg_half(ptrdiff_t n) {
  return n >= 64 ? (n / 2 + 15) / 16 * 16 : (n / 2 + 3) / 4 * 4;
}

// Sizes up to which the simpler way is taken.
#define LINALG_SMALL 16           // rows of matrices that are worked on many at once
#define LINALG_SMALL_WORK 100000  // multiply-adds of a product done in place
#define LINALG_BASE 64            // rows of a triangle or symmetric matrix done by blocks of four
#define LINALG_BACKWARD 32        // rows of a Cholesky factor whose gradient takes the closed form
#define LINALG_PANEL 16           // columns of a panel of LU
#define LINALG_REFLECTIONS 32     // columns of a panel of QR
