#include "../gemm/internal.h"
#include "job.h"
#include "memory.h"

panels apus_panels_pack(apus_dtype type, ptrdiff_t k, ptrdiff_t n, const void *b, ptrdiff_t row,
                        ptrdiff_t column) {
  const gemm_kernels *kernels = apus_gemm_kernels_for(type);
  const ptrdiff_t size = size_of(type), width = kernels->columns;
  panels p = {
    .type = type, .k = k, .n = n,
    .depth = k > 0 ? gemm_ceil(k, gemm_ceil(k, kernels->depth)) : 1,
    .bytes = (size_t)(gemm_ceil(n, width) * width * k * size),
  };
  p.data = apus_allocate(p.bytes);
  char *out = p.data;
  for (ptrdiff_t term = 0; term < k; term += p.depth) {
    const ptrdiff_t terms = gemm_min(p.depth, k - term);
    kernels->pack_columns(n, terms, (const char *)b + term * row * size, row, column, out);
    out += gemm_ceil(n, width) * width * terms * size;
  }
  return p;
}

void apus_panels_free(panels *p) { apus_deallocate(p->data, p->bytes); }

void apus_panels_multiply(const panels *p, ptrdiff_t m, const void *a, ptrdiff_t a_row, void *c,
                          ptrdiff_t c_row, bool add, const void *bias) {
  const gemm_kernels *kernels = apus_gemm_kernels_for(p->type);
  const ptrdiff_t size = size_of(p->type), width = kernels->columns;
  const char *b = p->data;
  for (ptrdiff_t term = 0; term < p->k; term += p->depth) {
    const ptrdiff_t terms = gemm_min(p->depth, p->k - term);
    gemm_strip strip = {
      .m = m, .last = gemm_ceil(m, kernels->rows), .k = terms,
      .a = (const char *)a + term * size, .a_row = a_row, .a_column = 1, .c_row = c_row,
      .add = add || term > 0,
    };
    for (ptrdiff_t j = 0; j < p->n; j += width) {
      strip.columns = gemm_min(width, p->n - j);
      strip.b = b;
      strip.b_row = gemm_ceil(strip.columns, kernels->lanes) * kernels->lanes;
      strip.c = (char *)c + j * size;
      strip.bias = bias && term + terms == p->k ? (const char *)bias + j * size : NULL;
      kernels->strip(&strip);
      b += width * terms * size;
    }
  }
}
