#include <string.h>

#include "job.h"
#include "memory.h"
#include "parallel.h"

// The keys' blocks one after the other, each against all queries of a chunk: a block is
// packed once.

/// What one thread works in, in elements.
typedef struct scratch {
  char *queries, *keys, *values;  // dense
  char *key_panel;                // keys as columns
  char *scores, *factors;
  char *out, *maxima, *sums;
} scratch;

static size_t lay_out(const attention_job *job, char *base, scratch *s) {
  const apus_attention *a = job->attention;
  const ptrdiff_t tile = job->query_block * job->stride;
  const ptrdiff_t wide = attention_width(job, a->features);
  const attention_part parts[] = {
    {&s->queries, job->chunk * wide},
    {&s->keys, job->key_block * wide},
    {&s->key_panel, job->stride * a->features},
    {&s->values, job->key_block * attention_width(job, a->value_features)},
    {&s->scores, tile},
    {&s->factors, a->keep < 1 ? tile + job->stride + 8 : 0},
    {&s->out, job->chunk * a->value_features},
    {&s->maxima, job->chunk},
    {&s->sums, job->chunk},
  };
  return attention_lay_out(job, base, parts, sizeof parts / sizeof *parts);
}

/// A tile of scores, to the sums of a block of queries.
static void attend(const attention_job *job, const scratch *s, ptrdiff_t batch, ptrdiff_t head,
                   ptrdiff_t first, ptrdiff_t query, ptrdiff_t rows, ptrdiff_t key,
                   ptrdiff_t columns) {
  const apus_attention *a = job->attention;
  const ptrdiff_t size = job->size, offset = query - first;
  columns = attention_columns(job, query, rows, key, columns);
  if (columns == 0) return;
  const ptrdiff_t wide = attention_width(job, a->features);
  attention_multiply(job, rows, columns, a->features, s->queries + offset * wide * size, wide, 1,
                     (attention_operand){s->key_panel, 0, a->features}, s->scores, job->stride, false);
  char *out = s->out + offset * a->value_features * size;
  attention_tile tile = {
    .rows = rows, .columns = columns, .stride = job->stride, .scores = s->scores,
    .maxima = s->maxima + offset * size, .sums = s->sums + offset * size, .out = out,
    .features = a->value_features,
  };
  attention_prepare(job, &tile, batch, head, query, key, s->factors);
  job->rows->soften(&tile);
  attention_multiply(job, rows, a->value_features, columns, s->scores, job->stride, 1,
                     (attention_operand){s->values, attention_width(job, a->value_features), 0},
                     out, a->value_features, true);
}

/// All keys for queries [first, last) of a head.
static void attend_chunk(const attention_job *job, const scratch *s, ptrdiff_t batch,
                         ptrdiff_t head, ptrdiff_t first, ptrdiff_t last) {
  const apus_attention *a = job->attention;
  const ptrdiff_t size = job->size, shared = head / (a->heads / a->shared);
  const ptrdiff_t wide = attention_width(job, a->features);
  memset(s->out, 0, (size_t)((last - first) * a->value_features * size));
  memset(s->sums, 0, (size_t)((last - first) * size));
  for (ptrdiff_t i = 0; i < last - first; i++) {
    if (size == 4) ((float *)s->maxima)[i] = -__builtin_inff();
    else ((double *)s->maxima)[i] = -__builtin_inf();
  }
  job->rows->copy(last - first, a->features, attention_row(job, &job->query, batch, head, first),
                  job->query.row, s->queries, wide);
  for (ptrdiff_t key = 0; key < a->keys; key += job->key_block) {
    const ptrdiff_t columns = gemm_min(job->key_block, a->keys - key);
    if (attention_columns(job, first, last - first, key, columns) == 0) break;
    job->rows->copy(columns, a->features, attention_row(job, &job->key, batch, shared, key),
                    job->key.row, s->keys, wide);
    job->gemm->pack_columns(columns, a->features, s->keys, 1, wide, s->key_panel);
    job->rows->copy(columns, a->value_features,
                    attention_row(job, &job->value, batch, shared, key), job->value.row,
                    s->values, attention_width(job, a->value_features));
    for (ptrdiff_t query = first; query < last; query += job->query_block) {
      attend(job, s, batch, head, first, query, gemm_min(job->query_block, last - query), key,
             columns);
    }
  }
  const ptrdiff_t row = (batch * a->heads + head) * a->queries + first;
  job->rows->finish(last - first, a->value_features, s->out, s->maxima, s->sums,
                    attention_row(job, &job->out, batch, head, first), job->out.row,
                    (char *)job->log_sums + row * size);
}

static void attend_chunks(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const attention_job *job = context;
  const apus_attention *a = job->attention;
  scratch s;
  const size_t bytes = lay_out(job, NULL, &s);
  char *base = apus_allocate(bytes);
  lay_out(job, base, &s);
  for (ptrdiff_t task = begin; task < end; task++) {
    const ptrdiff_t head = task / job->chunks, first = task % job->chunks * job->chunk;
    attend_chunk(job, &s, head / a->heads, head % a->heads, first,
                 gemm_min(first + job->chunk, a->queries));
  }
  apus_deallocate(base, bytes);
}

/// The fewest parts that a large problem is divided into, and the most queries of one.
enum { fewest_tasks = 16, most_queries = 768 };

void apus_attention_forward(const apus_attention *attention, const apus_heads *query,
                            const apus_heads *key, const apus_heads *value,
                            const apus_heads *out, void *log_sums) {
  attention_job job = {
    .attention = attention, .query = *query, .key = *key, .value = *value, .out = *out,
    .log_sums = log_sums,
  };
  const ptrdiff_t heads = attention->batch * attention->heads;
  if (heads <= 0 || attention->queries <= 0) return;
  attention_plan(&job);
  const ptrdiff_t blocks = gemm_ceil(attention->queries, job.query_block);
  ptrdiff_t each = gemm_ceil(blocks, gemm_ceil(fewest_tasks, heads));
  each = gemm_max(gemm_min(each, most_queries / job.query_block), 1);
  job.chunk = each * job.query_block;
  job.chunks = gemm_ceil(attention->queries, job.chunk);
  apus_parallel_for(heads * job.chunks, attention_grain(&job, 2), attend_chunks, &job);
}
