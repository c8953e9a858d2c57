#pragma once
#include "../gemm/internal.h"
#include "attention.h"

// Attention a tile of scores at a time: `tiles.c` has what forward and backward share, products by
// the matrix product's inner loops; `rows.inc` what happens to rows of a tile, at
// each level.

/// A tile of scores on its way to weights.
typedef struct attention_tile {
  ptrdiff_t rows, columns, stride;
  /// Row i counts its first `count + i * count_step` columns, at least none and at most all.
  ptrdiff_t count, count_step;
  double scale;         // what scores are multiplied with
  void *scores;         // [rows][stride]: they become the weights, after dropout
  const void *factors;  // NULL, or dropout's, as the scores lie
  // Forward: running sums of exponentials below running maxima, and what they scale.
  void *maxima, *sums, *out;
  ptrdiff_t features;   // of a dense row of out
  // Backward: of the weights, becoming those of the scaled scores.
  void *slopes;
  const void *log_sums, *means;
} attention_tile;

/// What is done to rows, for one element type and instruction set.
typedef struct attention_rows {
  /// scores = scale scores, then masked; `from` is the mask's element of the tile's first score.
  void (*scale)(const attention_tile *tile);
  void (*mask)(const attention_tile *tile, const apus_attention_mask *mask, const void *from);
  /// Scores to unnormalised weights; maxima, sums and out follow.
  void (*soften)(const attention_tile *tile);
  /// Scores to weights, slopes to gradients of scaled scores.
  void (*differentiate)(const attention_tile *tile);
  /// to = from / sums, and log_sums.
  void (*finish)(ptrdiff_t rows, ptrdiff_t features, const void *from, const void *maxima,
                 const void *sums, void *to, ptrdiff_t to_row, void *log_sums);
  /// Rows to dense ones, `wide` elements each, 0 past the features.
  void (*copy)(ptrdiff_t rows, ptrdiff_t features, const void *from, ptrdiff_t from_row, void *to,
               ptrdiff_t wide);
  /// Row by row inner products.
  void (*dots)(ptrdiff_t rows, ptrdiff_t features, const void *a, ptrdiff_t a_row, const void *b,
               ptrdiff_t b_row, void *out);
  /// to = scale times the sum of `parts` dense matrices, `part` elements apart.
  void (*gather)(ptrdiff_t rows, ptrdiff_t features, ptrdiff_t parts, ptrdiff_t part,
                 const void *from, double scale, void *to, ptrdiff_t to_row);
} attention_rows;

/// Those of the level in use.
const attention_rows *apus_attention_rows(apus_dtype type);

typedef struct attention_job {
  const apus_attention *attention;
  const gemm_kernels *gemm;
  const attention_rows *rows;
  ptrdiff_t size;                    // of an element, in bytes
  ptrdiff_t query_block, key_block;  // extents of a tile
  ptrdiff_t stride;                  // of a tile's rows
  ptrdiff_t chunks;                  // parts of the queries or, backward, of the keys' blocks
  ptrdiff_t chunk;                   // queries of a part
  apus_heads query, key, value, out, upstream;
  apus_heads query_gradient, key_gradient, value_gradient;
  void *log_sums;
  void *partials;                    // [batch, head, chunk, query, feature]: query's gradients
} attention_job;

/// Extents of tiles, and the kernels to use.
void attention_plan(attention_job *job);

/// How many tasks one thread takes at a time, when each does `products` products of a part's tiles:
/// some 50 µs of work.
ptrdiff_t attention_grain(const attention_job *job, int products);

/// Row `row` of a head.
static inline char *attention_row(const attention_job *job, const apus_heads *x, ptrdiff_t batch,
                                  ptrdiff_t head, ptrdiff_t row) {
  return (char *)x->data + (batch * x->batch + head * x->head + row * x->row) * job->size;
}

/// A right operand: dense rows, or a panel as `pack_columns` makes it.
typedef struct attention_operand {
  const char *data;
  ptrdiff_t row;    // elements from row to row; 0 for a panel
  ptrdiff_t depth;  // rows of a panel, of which a product may take the first ones
} attention_operand;

/// Elements of a dense row of so many features, whole vectors.
static inline ptrdiff_t attention_width(const attention_job *job, ptrdiff_t features) {
  return gemm_ceil(features, job->gemm->lanes) * job->gemm->lanes;
}

/// c (+)= a b.
void attention_multiply(const attention_job *job, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                        const char *a, ptrdiff_t a_row, ptrdiff_t a_column, attention_operand b,
                        char *c, ptrdiff_t c_row, bool add);

/// What one thread works in: parts of one block of memory, which is laid out twice, first to learn
/// its size.
typedef struct attention_part {
  char **place;
  ptrdiff_t count;  // of elements
} attention_part;
size_t attention_lay_out(const attention_job *job, char *base, const attention_part *parts,
                         ptrdiff_t count);

/// How many columns of a tile count for causality, in whole strips.
ptrdiff_t attention_columns(const attention_job *job, ptrdiff_t query, ptrdiff_t rows,
                            ptrdiff_t key, ptrdiff_t columns);
/// Sets counts for causality; scales and masks the scores where there are masks, and draws dropout's
/// factors where it is on.
void attention_prepare(const attention_job *job, attention_tile *tile, ptrdiff_t batch,
                       ptrdiff_t head, ptrdiff_t query, ptrdiff_t key, char *factors);
