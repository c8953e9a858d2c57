#include "internal.h"

#include "memory.h"
#include "parallel.h"

/// Whether a strip of b, read once for each row block, is better copied first. In place it costs
/// nothing to prepare, but rows far apart miss in the address cache, rows a large power of two
/// apart push each other out of the data cache, and vectors may lie across two cache lines.
static bool should_pack_columns(const gemm_problem *p, ptrdiff_t blocks, ptrdiff_t depth) {
  if (p->b_column != 1) return true;
  if (blocks < 4) return false;
  const ptrdiff_t stride = (p->b_row < 0 ? -p->b_row : p->b_row) * p->size;
  if (stride * depth > 256 << 10) return true;
  const bool straddles = ((ptrdiff_t)p->b | stride) % (p->kernels->lanes * p->size) != 0;
  ptrdiff_t lines = stride / 64, sets = 64;
  while (sets > 1 && lines % 2 == 0) sets /= 2, lines /= 2;
  const bool collides = stride % 64 == 0 && depth > sets * 6;
  if (straddles && collides) return true;
  return (straddles || collides) && blocks >= 20;
}

/// The same for a, read once for each strip: rows are read well where they are, columns are not.
static bool should_pack_rows(const gemm_problem *p, ptrdiff_t strips) {
  return strips >= (p->a_column == 1 ? 24 : 6);
}

/// The whole of a problem, on the calling thread.
static void multiply(const gemm_problem *p) {
  const gemm_kernels *kernels = p->kernels;
  const ptrdiff_t size = p->size, depth = gemm_depth(p), width = kernels->columns;
  const ptrdiff_t blocks = gemm_ceil(p->m, kernels->rows);
  const bool pack_columns = should_pack_columns(p, blocks, depth);
  const bool pack_rows = should_pack_rows(p, gemm_ceil(p->n, width));
  _Alignas(64) char strip_of_b[GEMM_STRIP_BYTES];
  const size_t bytes = pack_rows ? (size_t)(blocks * kernels->rows * depth * size) : 0;
  char *packed = pack_rows ? apus_allocate(bytes) : NULL;

  for (ptrdiff_t term = 0; term < p->k; term += depth) {
    const ptrdiff_t k = gemm_min(depth, p->k - term);
    const char *a = p->a + term * p->a_column * size;
    gemm_strip strip = {
      .m = p->m, .first = 0, .last = blocks, .k = k,
      .a = a, .a_row = p->a_row, .a_column = p->a_column, .a_packed = pack_rows,
      .c_row = p->c_row, .add = p->add || term > 0,
    };
    if (pack_rows) {
      kernels->pack_rows(p->m, 0, blocks, k, a, p->a_row, p->a_column, packed);
      strip.a = packed;
      strip.a_row = 1;
      strip.a_column = kernels->rows;
    }
    for (ptrdiff_t j = 0; j < p->n; j += width) {
      strip.columns = gemm_min(width, p->n - j);
      strip.b = p->b + (term * p->b_row + j * p->b_column) * size;
      strip.b_row = p->b_row;
      bool copied = pack_columns || strip.columns % kernels->lanes != 0;
      const bool copying = copied && gemm_can_copy(p, p->m, strip.columns);
      strip.copy = copying ? strip_of_b : NULL;
      if (copied && !copying) {
        kernels->pack_columns(strip.columns, k, strip.b, p->b_row, p->b_column, strip_of_b);
        strip.b = strip_of_b;
        strip.b_row = gemm_ceil(strip.columns, kernels->lanes) * kernels->lanes;
      }
      strip.packed = copied && pack_rows;
      strip.c = p->c + j * size;
      strip.bias = p->bias && term + k == p->k ? p->bias + j * size : NULL;
      kernels->strip(&strip);
    }
  }
  if (pack_rows) apus_deallocate(packed, bytes);
  apus_gemm_activate(p, 0, p->m, 0, p->n);
}

typedef struct division {
  const gemm_problem *problem;
  ptrdiff_t step;   // rows or columns of a part
  bool by_rows;
} division;

static void multiply_parts(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const division *d = context;
  for (ptrdiff_t part = begin; part < end; part++) {
    gemm_problem p = *d->problem;
    ptrdiff_t start = part * d->step;
    if (d->by_rows) {
      p.m = gemm_min(d->step, p.m - start);
      p.a += start * p.a_row * p.size;
      p.c += start * p.c_row * p.size;
    } else {
      p.n = gemm_min(d->step, p.n - start);
      p.b += start * p.b_column * p.size;
      p.c += start * p.size;
      if (p.bias) p.bias += start * p.size;
    }
    multiply(&p);
  }
}

void apus_gemm_direct(const gemm_problem *p) {
  const gemm_kernels *kernels = p->kernels;
  // A block of a that is packed has to stay in the L2 cache.
  const ptrdiff_t most = (256 << 10) / (gemm_depth(p) * p->size);
  const double work = (double)p->m * (double)p->n * (double)p->k;
  const ptrdiff_t threads = work < GEMM_PARALLEL_WORK ? 1 : apus_thread_count();
  division d = {.problem = p, .by_rows = p->m >= p->n || p->m > most};
  const ptrdiff_t unit = d.by_rows ? kernels->rows : kernels->columns;
  const ptrdiff_t extent = d.by_rows ? p->m : p->n;
  ptrdiff_t parts = gemm_min(threads, gemm_ceil(extent, unit));
  if (d.by_rows) parts = gemm_max(parts, gemm_ceil(p->m, gemm_max(most, unit)));
  if (parts <= 1) {
    multiply(p);
    return;
  }
  d.step = gemm_ceil(gemm_ceil(extent, parts), unit) * unit;
  const ptrdiff_t count = gemm_ceil(extent, d.step);
  if (threads > 1) {
    apus_parallel_for(count, 1, multiply_parts, &d);
  } else {
    multiply_parts(&d, 0, count);
  }
}
