#include "internal.h"

#include "elementwise.h"
#include "parallel.h"

#include <string.h>

const gemm_kernels *apus_gemm_kernels_for(apus_dtype type) {
  bool single = type == apus_dtype_float32;
#if defined(__x86_64__)
  switch (apus_current_level()) {
  case apus_level_avx512: return single ? &apus_gemm_avx512_float32 : &apus_gemm_avx512_float64;
  case apus_level_avx2: return single ? &apus_gemm_avx2_float32 : &apus_gemm_avx2_float64;
  case apus_level_portable: break;
  }
#endif
  return single ? &apus_gemm_portable_float32 : &apus_gemm_portable_float64;
}

void apus_gemm_activate(const gemm_problem *p, ptrdiff_t first, ptrdiff_t last, ptrdiff_t left,
                        ptrdiff_t right) {
  apus_unary op;
  switch (p->activation) {
  case apus_activation_identity: return;
  case apus_activation_relu: op = apus_unary_relu; break;
  case apus_activation_tanh: op = apus_unary_tanh; break;
  case apus_activation_sigmoid: op = apus_unary_sigmoid; break;
  case apus_activation_softplus: op = apus_unary_softplus; break;
  }
  ptrdiff_t rows = last - first, columns = right - left, unit = 1;
  if (rows <= 0 || columns <= 0) return;
  char *c = p->c + (first * p->c_row + left) * p->size;
  if (rows == 1 || columns == p->c_row) {
    columns *= rows;
    rows = 1;
  }
  for (ptrdiff_t i = 0; i < rows; i++, c += p->c_row * p->size) {
    apus_apply_unary(op, p->type, 1, &columns, c, &unit, c);
  }
}

void apus_gemm_add_bias(const gemm_problem *p) {
  if (!p->bias) return;
  for (ptrdiff_t i = 0; i < p->m; i++) {
    if (p->type == apus_dtype_float32) {
      float *c = (float *)p->c + i * p->c_row;
      for (ptrdiff_t j = 0; j < p->n; j++) c[j] += ((const float *)p->bias)[j];
    } else {
      double *c = (double *)p->c + i * p->c_row;
      for (ptrdiff_t j = 0; j < p->n; j++) c[j] += ((const double *)p->bias)[j];
    }
  }
}

/// Whether plain loops are done before any other path has made its plans.
static bool is_tiny(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  const ptrdiff_t most = GEMM_TINY_WORK;
  return k > 0 && m <= most && n <= most && k <= most && m * n * k <= most;
}

/// One product, by the path that suits its shape. The choice depends on shape and strides alone.
static void multiply(const gemm_problem *p) {
  double work = (double)p->m * (double)p->n * (double)p->k;
  if (p->k == 0) {
    if (p->add) return;
    for (ptrdiff_t i = 0; i < p->m; i++) {
      memset(p->c + i * p->c_row * p->size, 0, (size_t)(p->n * p->size));
    }
    apus_gemm_add_bias(p);
  } else if (is_tiny(p->m, p->n, p->k)) {
    p->kernels->tiny(p->m, p->n, p->k, p->a, p->a_row, p->a_column, p->b, p->b_row,
                     p->b_column, p->c, p->c_row, p->add, p->bias);
  } else if ((p->m == 1 || p->n == 1) && apus_gemm_vector(p)) {
    apus_gemm_add_bias(p);
  } else if (p->k <= 4) {
    apus_gemm_thin(p);
    return;
  } else if (p->m >= 192 && p->n >= 192 && work >= GEMM_SHARED_WORK) {
    apus_gemm_shared(p);
    return;
  } else {
    apus_gemm_direct(p);
    return;
  }
  apus_gemm_activate(p, 0, p->m, 0, p->n);
}

/// A batch of products: the operands' strides over the batch, and its extents.
typedef struct batch {
  gemm_problem problem;
  int rank;
  const ptrdiff_t *shape;
  const ptrdiff_t *a, *b;
} batch;

static void multiply_batch(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const batch *all = context;
  gemm_problem p = all->problem;
  for (ptrdiff_t index = begin; index < end; index++) {
    ptrdiff_t rest = index, a = 0, b = 0;
    for (int axis = all->rank - 1; axis >= 0; axis--) {
      ptrdiff_t position = rest % all->shape[axis];
      rest /= all->shape[axis];
      a += position * all->a[axis];
      b += position * all->b[axis];
    }
    p.a = all->problem.a + a * p.size;
    p.b = all->problem.b + b * p.size;
    p.c = all->problem.c + index * p.m * p.c_row * p.size;
    multiply(&p);
  }
}

void apus_gemm(apus_dtype type, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const apus_matrix *a,
               const apus_matrix *b, void *c, ptrdiff_t c_row, int batch_rank,
               const ptrdiff_t *batch_shape, bool accumulate, const apus_epilogue *epilogue) {
  if (m <= 0 || n <= 0) return;
  bool plain = !epilogue || epilogue->activation == apus_activation_identity;
  if (batch_rank == 0 && plain && is_tiny(m, n, k)) {
    apus_gemm_kernels_for(type)->tiny(m, n, k, a->data, a->row, a->column, b->data, b->row,
                                      n == 1 ? 1 : b->column, c, c_row, accumulate,
                                      epilogue ? epilogue->bias : NULL);
    return;
  }
  batch all = {
    .problem = {
      .kernels = apus_gemm_kernels_for(type), .type = type,
      .activation = epilogue ? epilogue->activation : apus_activation_identity,
      .size = type == apus_dtype_float32 ? 4 : 8,
      .m = m, .n = n, .k = k,
      .a = a->data, .a_row = a->row, .a_column = k == 1 ? 1 : a->column,
      .b = b->data, .b_row = k == 1 ? n : b->row, .b_column = n == 1 ? 1 : b->column,
      .c = c, .c_row = c_row,
      .bias = epilogue ? epilogue->bias : NULL,
      .add = accumulate,
    },
    .rank = batch_rank, .shape = batch_shape, .a = a->batch, .b = b->batch,
  };
  gemm_problem *p = &all.problem;
  // Batches of rows against one b are more rows.
  for (; all.rank > 0; all.rank--) {
    int axis = all.rank - 1;
    if (batch_shape[axis] == 1) continue;
    if (b->batch[axis] != 0 || (p->m != 1 && a->batch[axis] != p->m * p->a_row)) break;
    if (p->m == 1) p->a_row = a->batch[axis];
    p->m *= batch_shape[axis];
  }
  ptrdiff_t count = 1;
  for (int axis = 0; axis < all.rank; axis++) count *= batch_shape[axis];
  if (p->m <= 0 || count <= 0) return;
  if (all.rank == 0) {
    multiply(p);
    return;
  }
  // Large products are split themselves, one after the other; small ones are dealt out.
  double each = (double)p->m * (double)p->n * (double)(p->k + 1);
  bool small = each < 8 * GEMM_PARALLEL_WORK;
  if (each < GEMM_SHARED_WORK && count >= 4 * apus_thread_count()) small = true;
  bool dealt = small && each * (double)count >= GEMM_PARALLEL_WORK;
  if (dealt) {
    ptrdiff_t grain = (ptrdiff_t)(GEMM_PARALLEL_WORK / 8 / each);
    apus_parallel_for(count, gemm_min(gemm_max(grain, 1), count), multiply_batch, &all);
  } else {
    multiply_batch(&all, 0, count);
  }
}
