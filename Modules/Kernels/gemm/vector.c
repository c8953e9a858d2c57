#include "internal.h"

#include "memory.h"
#include "parallel.h"

#include <string.h>

/// y = matrix x, or y += matrix x. The matrix has `count` rows and `k` columns.
typedef struct vector_product {
  const gemm_problem *problem;
  ptrdiff_t count, k;
  const char *matrix;
  ptrdiff_t row, column;
  const char *x;
  ptrdiff_t x_step;
  char *y;
  ptrdiff_t y_step;
  bool add;
} vector_product;

static void copy(ptrdiff_t count, ptrdiff_t size, const char *from, ptrdiff_t from_step,
                 char *to, ptrdiff_t to_step) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const char *source = from + i * from_step * size;
    char *target = to + i * to_step * size;
    if (size == 4) memcpy(target, source, 4);
    else memcpy(target, source, 8);
  }
}

/// Elements [begin, end) of y, as dot products with contiguous rows.
static void dots(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const vector_product *v = context;
  const ptrdiff_t size = v->problem->size;
  v->problem->kernels->dots(end - begin, v->k, v->matrix + begin * v->row * size, v->row, v->x,
                            v->y + begin * v->y_step * size, v->y_step, v->add);
}

/// Elements [begin, end) of y, as a sum of contiguous columns.
static void combine(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const vector_product *v = context;
  const ptrdiff_t size = v->problem->size;
  v->problem->kernels->combine(end - begin, v->k, v->matrix + begin * size, v->column, v->x,
                               v->x_step, v->y + begin * size, v->add);
}

static void divide(vector_product *v, apus_task task, ptrdiff_t grain) {
  bool small = (double)v->count * (double)v->k < GEMM_PARALLEL_WORK / 4;
  apus_parallel_for(v->count, small ? v->count : grain, task, v);
}

bool apus_gemm_vector(const gemm_problem *p) {
  const ptrdiff_t size = p->size;
  vector_product v = {.problem = p, .k = p->k, .y = p->c, .add = p->add};
  if (p->n == 1) {
    v.count = p->m;
    v.matrix = p->a, v.row = p->a_row, v.column = p->a_column;
    v.x = p->b, v.x_step = p->b_row;
    v.y_step = p->c_row;
  } else {
    v.count = p->n;
    v.matrix = p->b, v.row = p->b_column, v.column = p->b_row;
    v.x = p->a, v.x_step = p->a_column;
    v.y_step = 1;
  }
  if (v.column == 1) {
    size_t bytes = v.x_step == 1 ? 0 : (size_t)(v.k * size);
    char *x = bytes ? apus_allocate(bytes) : NULL;
    if (bytes) {
      copy(v.k, size, v.x, v.x_step, x, 1);
      v.x = x;
    }
    divide(&v, dots, gemm_ceil((1 << 17) / v.k + 1, 4) * 4);
    if (bytes) apus_deallocate(x, bytes);
    return true;
  }
  if (v.row != 1) return false;
  char *target = v.y;
  size_t bytes = v.y_step == 1 ? 0 : (size_t)(v.count * size);
  if (bytes) {
    v.y = apus_allocate(bytes);
    if (v.add) copy(v.count, size, target, v.y_step, v.y, 1);
  }
  // Wide parts, because a short piece of each row would keep the memory waiting; but not so wide
  // that y leaves the L1 cache.
  divide(&v, combine, gemm_min(gemm_ceil(gemm_ceil(v.count, apus_thread_count()), 64) * 64, 2048));
  if (bytes) {
    copy(v.count, size, v.y, 1, target, v.y_step);
    apus_deallocate(v.y, bytes);
  }
  return true;
}

typedef struct thin_product {
  const gemm_problem *problem;
  const char *b;
  ptrdiff_t b_row;
} thin_product;

static void thin(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const thin_product *t = context;
  const gemm_problem *p = t->problem;
  p->kernels->thin(end - begin, p->n, p->k, p->a + begin * p->a_row * p->size, p->a_row,
                   p->a_column, t->b, t->b_row, p->c + begin * p->c_row * p->size, p->c_row,
                   p->add, p->bias);
  apus_gemm_activate(p, begin, end, 0, p->n);
}

void apus_gemm_thin(const gemm_problem *p) {
  thin_product t = {.problem = p, .b = p->b, .b_row = p->b_row};
  const size_t bytes = p->b_column == 1 ? 0 : (size_t)(p->k * p->n * p->size);
  char *rows = bytes ? apus_allocate(bytes) : NULL;
  if (bytes) {
    for (ptrdiff_t i = 0; i < p->k; i++) {
      copy(p->n, p->size, p->b + i * p->b_row * p->size, p->b_column, rows + i * p->n * p->size, 1);
    }
    t.b = rows;
    t.b_row = p->n;
  }
  // Bound by the memory that c takes.
  if ((double)p->m * (double)p->n < GEMM_PARALLEL_WORK / 4) {
    thin(&t, 0, p->m);
  } else {
    apus_parallel_for(p->m, (1 << 17) / p->n + 1, thin, &t);
  }
  if (bytes) apus_deallocate(rows, bytes);
}
