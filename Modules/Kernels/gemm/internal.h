#pragma once
#include "gemm.h"

// The matrix product in three layers: `gemm.c` folds the batch and chooses a path; `direct.c`,
// `shared.c` and `vector.c` walk over blocks, packing and threads, knowing neither element type
// nor instruction set; the `.inc` files are the inner loops, compiled for each of both.

/// A strip of the result: `columns` columns (at most one tile wide) of the row blocks
/// [first, last). Row block i begins at row `gemm_block_start(m, i, rows of a tile)`.
typedef struct gemm_strip {
  ptrdiff_t m, first, last, columns, k;
  const void *a;               // where row 0 begins or, when packed, where block 0 begins
  ptrdiff_t a_row, a_column;
  bool a_packed;               // as [block][k][rows]
  bool packed;                 // both are, b as [k][whole vectors]
  const void *b;               // columns contiguous, readable to a whole number of vectors
  ptrdiff_t b_row;
  void *copy;                  // NULL, or where block 0, the first then, leaves b packed
  void *c;                     // row 0
  ptrdiff_t c_row;
  const void *bias;            // NULL, or `columns` values
  bool add;                    // c += instead of c =
} gemm_strip;

/// The inner loops for one element type and instruction set.
typedef struct gemm_kernels {
  ptrdiff_t rows, columns;     // of a tile, the part of c that stays in registers
  ptrdiff_t lanes;             // of a vector
  ptrdiff_t depth;             // most terms summed in registers: a strip of b fits the L1 cache

  void (*strip)(const gemm_strip *strip);

  /// Row blocks [first, last) of a, each to [k][rows].
  void (*pack_rows)(ptrdiff_t m, ptrdiff_t first, ptrdiff_t last, ptrdiff_t k,
                    const void *a, ptrdiff_t row, ptrdiff_t column, void *out);
  /// `columns` columns of b, each strip to [k][whole vectors].
  void (*pack_columns)(ptrdiff_t columns, ptrdiff_t k,
                       const void *b, ptrdiff_t row, ptrdiff_t column, void *out);

  /// y[i * y_step] (+)= sum over p of a[i * row + p] x[p].
  void (*dots)(ptrdiff_t m, ptrdiff_t k, const void *a, ptrdiff_t row, const void *x,
               void *y, ptrdiff_t y_step, bool add);
  /// y[j] (+)= sum over p of x[p * x_step] a[p * row + j].
  void (*combine)(ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t row,
                  const void *x, ptrdiff_t x_step, void *y, bool add);
  /// c (+)= a b + bias for k = 1 ... 4, b's and c's columns contiguous.
  void (*thin)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t row,
               ptrdiff_t column, const void *b, ptrdiff_t b_row, void *c, ptrdiff_t c_row,
               bool add, const void *bias);
  /// c (+)= a b + bias by plain loops.
  void (*tiny)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t a_row,
               ptrdiff_t a_column, const void *b, ptrdiff_t b_row, ptrdiff_t b_column,
               void *c, ptrdiff_t c_row, bool add, const void *bias);
} gemm_kernels;

extern const gemm_kernels apus_gemm_portable_float32, apus_gemm_portable_float64;
#if defined(__x86_64__)
extern const gemm_kernels apus_gemm_avx2_float32, apus_gemm_avx2_float64;
extern const gemm_kernels apus_gemm_avx512_float32, apus_gemm_avx512_float64;
#endif

/// Those of a type at the level in use.
const gemm_kernels *apus_gemm_kernels_for(apus_dtype type);

/// One product without batch. Strides count elements; `size` is that of an element in bytes.
typedef struct gemm_problem {
  const gemm_kernels *kernels;
  apus_dtype type;
  apus_activation activation;
  ptrdiff_t size;
  ptrdiff_t m, n, k;
  const char *a;
  ptrdiff_t a_row, a_column;
  const char *b;
  ptrdiff_t b_row, b_column;
  char *c;
  ptrdiff_t c_row;
  const char *bias;
  bool add;
} gemm_problem;

/// Each thread packs for itself what it needs: best while one operand is small.
void apus_gemm_direct(const gemm_problem *problem);
/// Threads pack both operands together, then share them: best for large products.
void apus_gemm_shared(const gemm_problem *problem);
/// For m = 1 or n = 1; false (and nothing done) when no stride of the matrix is 1.
bool apus_gemm_vector(const gemm_problem *problem);
/// For k = 1 ... 4.
void apus_gemm_thin(const gemm_problem *problem);

/// Applies the activation to rows [first, last) of c, columns [left, right).
void apus_gemm_activate(const gemm_problem *problem, ptrdiff_t first, ptrdiff_t last,
                        ptrdiff_t left, ptrdiff_t right);

/// c[i, j] += bias[j].
void apus_gemm_add_bias(const gemm_problem *problem);

// Limits between the paths, in multiply-adds.
#define GEMM_TINY_WORK 256.0
#define GEMM_PARALLEL_WORK 1e6     // below it, waking threads costs more than they save
#define GEMM_SHARED_WORK 32e6

/// The largest strip of b: columns * depth * size over all kernels.
#define GEMM_STRIP_BYTES (32 << 10)

static inline ptrdiff_t gemm_ceil(ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; }
static inline ptrdiff_t gemm_min(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t gemm_max(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

/// Where row block i of m rows begins. Blocks have `rows` rows, but the last two share what is
/// left evenly: a block of one or two rows would wait for its own additions.
static inline ptrdiff_t gemm_block_start(ptrdiff_t m, ptrdiff_t i, ptrdiff_t rows) {
  ptrdiff_t count = gemm_ceil(m, rows);
  if (i >= count) return m;
  if (i < count - 1 || count < 2) return i * rows;
  ptrdiff_t before = (count - 2) * rows;
  return before + (m - before + 1) / 2;
}

/// Whether the first of m rows' blocks can pack a strip of b while it multiplies, which is nearly
/// free. The strip and the block have to be whole ones.
static inline bool gemm_can_copy(const gemm_problem *p, ptrdiff_t m, ptrdiff_t columns) {
  return p->b_column == 1 && m > 2 * p->kernels->rows && columns == p->kernels->columns;
}

/// Terms summed in one pass over k: as equal as can be, and a function of k alone.
static inline ptrdiff_t gemm_depth(const gemm_problem *p) {
  return gemm_ceil(p->k, gemm_ceil(p->k, p->kernels->depth));
}
