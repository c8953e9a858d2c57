#pragma once
#include "types.h"

typedef enum APUS_CLOSED apus_activation : int32_t {
  apus_activation_identity,
  apus_activation_relu,
  apus_activation_tanh,
  apus_activation_sigmoid,
  apus_activation_softplus,
} apus_activation;

/// What happens to each element of the product before it is stored.
typedef struct apus_epilogue {
  const void *bias;            // NULL, or n values, one for each column
  apus_activation activation;  // applied after the bias
} apus_epilogue;

/// A matrix operand: element (i, j) of batch b at data[offset(b) + i * row + j * column], where
/// offset(b) is the sum over the batch axes of index * batch[axis]. Any stride may be 0 or negative.
typedef struct apus_matrix {
  const void *data;
  ptrdiff_t row, column;
  ptrdiff_t batch[APUS_MAX_RANK];
} apus_matrix;

/// c = activation(a b + bias), or c += a b (then there is no epilogue).
///
/// type: float32 or float64. a is [m, k], b is [k, n]. c is [batch..., m, n], its columns
/// contiguous, its rows `c_row` apart, its batches dense (each m * c_row after the one before).
/// Any extent may be 0; with k = 0 the product is 0. epilogue may be NULL.
void apus_gemm(apus_dtype type, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
               const apus_matrix *a, const apus_matrix *b, void *c, ptrdiff_t c_row,
               int batch_rank, const ptrdiff_t *batch_shape,
               bool accumulate, const apus_epilogue *epilogue);
