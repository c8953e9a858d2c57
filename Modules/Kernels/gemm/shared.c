#include "internal.h"

#include "memory.h"
#include "parallel.h"

// Goto and van de Geijn's scheme [Anatomy of High-Performance Matrix Multiplication, 2008]: a
// slice of both operands is packed, by all threads, then the product of the slices is dealt out.

/// Most rows and columns of a slice; a limit on the memory for packing.
#define SLICE 4096

typedef struct slice {
  const gemm_problem *problem;
  ptrdiff_t term, k;               // the terms of this slice
  ptrdiff_t top, m, left, n;       // and its part of c
  ptrdiff_t blocks, strips;        // row blocks in m, strips in n
  ptrdiff_t packed_strips;         // strips to pack before the row blocks: all, or 0 when done
  ptrdiff_t chunk_blocks, chunk_strips, strip_chunks;
  char *a, *b;
} slice;

static void pack(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const slice *s = context;
  const gemm_problem *p = s->problem;
  const gemm_kernels *kernels = p->kernels;
  if (begin < s->packed_strips) {
    ptrdiff_t j = begin * kernels->columns;
    begin = gemm_min(end, s->packed_strips);
    kernels->pack_columns(
        gemm_min(begin * kernels->columns, s->n) - j, s->k,
        p->b + (s->term * p->b_row + (s->left + j) * p->b_column) * p->size, p->b_row,
        p->b_column, s->b + j * s->k * p->size);
  }
  if (begin >= end) return;
  ptrdiff_t first = begin - s->packed_strips;
  kernels->pack_rows(s->m, first, end - s->packed_strips, s->k,
                     p->a + (s->top * p->a_row + s->term * p->a_column) * p->size, p->a_row,
                     p->a_column, s->a + first * kernels->rows * s->k * p->size);
}

static void multiply(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const slice *s = context;
  const gemm_problem *p = s->problem;
  const gemm_kernels *kernels = p->kernels;
  for (ptrdiff_t part = begin; part < end; part++) {
    ptrdiff_t block = part / s->strip_chunks * s->chunk_blocks;
    ptrdiff_t strip = part % s->strip_chunks * s->chunk_strips;
    ptrdiff_t last = gemm_min(strip + s->chunk_strips, s->strips);
    gemm_strip t = {
      .m = s->m, .first = block, .last = gemm_min(block + s->chunk_blocks, s->blocks), .k = s->k,
      .a = s->a, .packed = true, .a_packed = true, .c_row = p->c_row,
      .add = p->add || s->term > 0,
    };
    for (; strip < last; strip++) {
      ptrdiff_t j = strip * kernels->columns;
      t.columns = gemm_min(kernels->columns, s->n - j);
      t.b = s->b + j * s->k * p->size;
      t.c = p->c + (s->top * p->c_row + s->left + j) * p->size;
      t.bias = p->bias && s->term + s->k == p->k ? p->bias + (s->left + j) * p->size : NULL;
      kernels->strip(&t);
    }
  }
}

static void activate(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const gemm_problem *p = context;
  apus_gemm_activate(p, begin, end, 0, p->n);
}

/// Parts of about 96 x 128 elements: a's stays in the L2 cache, and there are enough of them
/// for every thread to end at the same time.
static void divide(slice *s) {
  s->chunk_blocks = gemm_ceil(s->blocks, gemm_ceil(s->m, 96));
  s->chunk_strips = gemm_ceil(s->strips, gemm_ceil(s->n, 128));
  s->strip_chunks = gemm_ceil(s->strips, s->chunk_strips);
}

void apus_gemm_shared(const gemm_problem *p) {
  const gemm_kernels *kernels = p->kernels;
  const ptrdiff_t depth = gemm_depth(p);
  const ptrdiff_t most_blocks = gemm_ceil(gemm_min(p->m, SLICE), kernels->rows);
  const ptrdiff_t most_strips = gemm_ceil(gemm_min(p->n, SLICE), kernels->columns);
  const size_t a_bytes = (size_t)(most_blocks * kernels->rows * depth * p->size);
  const size_t b_bytes = (size_t)(most_strips * kernels->columns * depth * p->size);
  slice s = {.problem = p, .a = apus_allocate(a_bytes), .b = apus_allocate(b_bytes)};
  for (s.term = 0; s.term < p->k; s.term += depth) {
    s.k = gemm_min(depth, p->k - s.term);
    for (s.left = 0; s.left < p->n; s.left += SLICE) {
      s.n = gemm_min(SLICE, p->n - s.left);
      s.strips = s.packed_strips = gemm_ceil(s.n, kernels->columns);
      for (s.top = 0; s.top < p->m; s.top += SLICE, s.packed_strips = 0) {
        s.m = gemm_min(SLICE, p->m - s.top);
        s.blocks = gemm_ceil(s.m, kernels->rows);
        divide(&s);
        apus_parallel_for(s.packed_strips + s.blocks, 8, pack, &s);
        apus_parallel_for(gemm_ceil(s.blocks, s.chunk_blocks) * s.strip_chunks, 1, multiply, &s);
      }
    }
  }
  apus_deallocate(s.a, a_bytes);
  apus_deallocate(s.b, b_bytes);
  if (p->activation == apus_activation_identity) return;
  apus_parallel_for(p->m, gemm_max(1, (16 << 10) / p->n), activate, (void *)p);
}
