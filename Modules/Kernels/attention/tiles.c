#include <string.h>

#include "job.h"

/// `count` in as few blocks as can be of at most `most`, alike, each a multiple of `unit`.
static ptrdiff_t block_of(ptrdiff_t count, ptrdiff_t most, ptrdiff_t unit) {
  const ptrdiff_t blocks = gemm_max(gemm_ceil(count, most), 1);
  return gemm_max(gemm_ceil(gemm_ceil(count, blocks), unit) * unit, unit);
}

void attention_plan(attention_job *job) {
  const apus_attention *attention = job->attention;
  const bool wide = attention->type == apus_dtype_float64;
  job->gemm = apus_gemm_kernels_for(attention->type);
  job->rows = apus_attention_rows(attention->type);
  job->size = wide ? 8 : 4;
  job->query_block = block_of(attention->queries, 96, job->gemm->rows);
  job->key_block = block_of(attention->keys, wide ? 64 : 128, job->gemm->columns);
  const ptrdiff_t line = 64 / job->size;
  job->stride = gemm_ceil(job->key_block, line) * line;
}

ptrdiff_t attention_grain(const attention_job *job, int products) {
  const apus_attention *a = job->attention;
  const double scores = (double)a->queries * (double)a->keys / (double)job->chunks;
  const double work = scores * (double)(products * (a->features + a->value_features) / 2 + 32);
  return 1 + (ptrdiff_t)(2e6 / (work + 1e3));
}

void attention_multiply(const attention_job *job, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                        const char *a, ptrdiff_t a_row, ptrdiff_t a_column, attention_operand b,
                        char *c, ptrdiff_t c_row, bool add) {
  const gemm_kernels *gemm = job->gemm;
  gemm_strip strip = {
    .m = m, .first = 0, .last = gemm_ceil(m, gemm->rows), .k = k, .a = a, .a_row = a_row,
    .a_column = a_column, .b_row = b.row, .c_row = c_row, .add = add,
  };
  for (ptrdiff_t j = 0; j < n; j += gemm->columns) {
    strip.columns = gemm_min(gemm->columns, n - j);
    strip.b = b.data + j * (b.row ? 1 : b.depth) * job->size;
    if (!b.row) strip.b_row = attention_width(job, strip.columns);
    strip.c = c + j * job->size;
    gemm->strip(&strip);
  }
}

size_t attention_lay_out(const attention_job *job, char *base, const attention_part *parts,
                         ptrdiff_t count) {
  size_t used = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    *parts[i].place = base ? base + used : NULL;
    // A line between parts keeps whole vectors past an end harmless.
    used += ((size_t)(parts[i].count * job->size) + 127) / 64 * 64;
  }
  return used;
}

ptrdiff_t attention_columns(const attention_job *job, ptrdiff_t query, ptrdiff_t rows,
                            ptrdiff_t key, ptrdiff_t columns) {
  const apus_attention *attention = job->attention;
  if (!attention->causal) return columns;
  const ptrdiff_t last = query + rows + attention->first_query - key;
  if (last <= 0) return 0;
  return gemm_min(columns, gemm_ceil(last, job->gemm->columns) * job->gemm->columns);
}

/// Draws are made in fours, so those of a row may start before it.
static void draw(const attention_job *job, const attention_tile *tile, ptrdiff_t first,
                 char *factors) {
  const apus_attention *attention = job->attention;
  const double value = attention->keep > 0 ? 1 / attention->keep : 0;
  char *spare = factors + tile->rows * tile->stride * job->size;
  for (ptrdiff_t i = 0; i < tile->rows; i++, first += attention->keys) {
    const ptrdiff_t before = first % 4;
    apus_random_bernoulli(attention->type, attention->generator, (uint64_t)(first / 4),
                          before + tile->columns, attention->keep, value, spare);
    memcpy(factors + i * tile->stride * job->size, spare + before * job->size,
           (size_t)(tile->columns * job->size));
  }
}

void attention_prepare(const attention_job *job, attention_tile *tile, ptrdiff_t batch,
                       ptrdiff_t head, ptrdiff_t query, ptrdiff_t key, char *factors) {
  const apus_attention *attention = job->attention;
  tile->count = attention->causal ? query + attention->first_query + 1 - key : tile->columns;
  tile->count_step = attention->causal;
  tile->scale = attention->scale;
  if (attention->mask_count > 0) {
    job->rows->scale(tile);
    tile->scale = 1;
  }
  for (int i = 0; i < attention->mask_count; i++) {
    const apus_attention_mask *mask = &attention->masks[i];
    const ptrdiff_t first =
        batch * mask->batch + head * mask->head + query * mask->query + key * mask->key;
    job->rows->mask(tile, mask, (const char *)mask->data + first * (mask->is_bool ? 1 : job->size));
  }
  tile->factors = NULL;
  if (attention->keep < 1) {
    const ptrdiff_t row = (batch * attention->heads + head) * attention->queries + query;
    draw(job, tile, row * attention->keys + key, factors);
    tile->factors = factors;
  }
}
