#pragma once
#include "types.h"

// Rows of Gaussians N(mean, covariance) in n dimensions, and one fused step of the max-margin
// training of words and contexts as Gaussians (Vilnis and McCallum 2015).

/// What a row of `scale` holds, of what `width`.
typedef enum APUS_CLOSED apus_gaussian_covariance : int32_t {
  apus_gaussian_covariance_spherical,  // log σ²: 1
  apus_gaussian_covariance_diagonal,   // log σ² of each axis: n
  apus_gaussian_covariance_full,       // Cholesky's factor, lower triangle by rows, its diagonal
                                       // as logarithms: n (n + 1) / 2
} apus_gaussian_covariance;

/// S(Nᵢ, Nⱼ).
typedef enum APUS_CLOSED apus_gaussian_similarity : int32_t {
  apus_gaussian_similarity_kernel,               // K = ∫ Nᵢ Nⱼ
  apus_gaussian_similarity_log_kernel,           // log K
  apus_gaussian_similarity_negative_divergence,  // -KL(Nⱼ ‖ Nᵢ)
} apus_gaussian_similarity;

/// A table of Gaussians, and AdaGrad's sums of squares beside it (NULL: plain gradient descent).
typedef struct apus_gaussian_table {
  void *mean, *scale;                  // [rows, n], [rows, width]
  void *mean_squares, *scale_squares;
} apus_gaussian_table;

typedef struct apus_gaussian_rule {
  apus_dtype type;                     // float32 or float64, of every array
  apus_gaussian_covariance covariance;
  apus_gaussian_similarity similarity;
  ptrdiff_t dimension;
  double margin, rate, epsilon;
  double least, greatest;              // of the covariances' eigenvalues; 0 and infinity for none
  double longest;                      // of the means' norms; infinity for none
} apus_gaussian_rule;

ptrdiff_t apus_gaussian_width(apus_gaussian_covariance covariance, ptrdiff_t dimension);

/// Bytes of working memory of a step over `count` triples.
size_t apus_gaussian_scratch(const apus_gaussian_rule *rule, ptrdiff_t count);

/// One step down the gradient of Σ max(0, margin - S(w, p) + S(w, n)) over `count` triples of rows
/// (w of `words`, p and n of `contexts`; one table may be both). Reads and writes the rows in use
/// only; a row in several places moves once, along the sum. Returns the loss before the step, and
/// in `violations` how many triples were not at zero.
///
/// `heads` holds 2 `rows` entries of -1 (one for each row of both tables), before and after.
/// `scratch` is aligned to 64 bytes. The result has the same bits for any number of threads.
double apus_gaussian_step(const apus_gaussian_rule *rule, apus_gaussian_table words,
                          apus_gaussian_table contexts, ptrdiff_t rows, ptrdiff_t count,
                          const int32_t *word, const int32_t *positive, const int32_t *negative,
                          int32_t *heads, void *scratch, ptrdiff_t *violations);

/// out[i] = S(first[a[i]], second[b[i]]), of the same Gaussians.
void apus_gaussian_similarities(const apus_gaussian_rule *rule, apus_gaussian_table first,
                                apus_gaussian_table second, ptrdiff_t count, const int32_t *a,
                                const int32_t *b, double *out);
