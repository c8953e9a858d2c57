#include <string.h>

#include "job.h"
#include "memory.h"
#include "parallel.h"

// The keys' blocks one after the other, each against all queries that share them. Where there are
// few heads, the blocks are dealt out to several tasks with sums of their own for the gradient of
// the query, which are added up in order.

/// What one thread works in. Queries and upstream gradients are those of all heads that share a key.
typedef struct scratch {
  char *queries, *upstream, *keys, *values;  // dense
  char *key_panel, *value_panel;    // keys as columns
  char *means;
  char *scores, *slopes, *factors;
  char *key_sums, *value_sums;
} scratch;

static size_t lay_out(const attention_job *job, char *base, scratch *s) {
  const apus_attention *a = job->attention;
  const ptrdiff_t d = a->features, v = a->value_features;
  const ptrdiff_t queries = a->heads / a->shared * a->queries;
  const ptrdiff_t tile = job->query_block * job->stride;
  const attention_part parts[] = {
    {&s->queries, queries * attention_width(job, d)},
    {&s->upstream, queries * attention_width(job, v)},
    {&s->keys, job->key_block * attention_width(job, d)},
    {&s->values, job->key_block * attention_width(job, v)},
    {&s->key_panel, job->stride * d},
    {&s->value_panel, job->stride * v},
    {&s->means, queries},
    {&s->scores, tile},
    {&s->slopes, tile},
    {&s->factors, a->keep < 1 ? tile + job->stride + 8 : 0},
    {&s->key_sums, job->key_block * d},
    {&s->value_sums, job->key_block * v},
  };
  return attention_lay_out(job, base, parts, sizeof parts / sizeof *parts);
}

/// A tile of scores, to the sums of all three gradients.
static void differentiate(const attention_job *job, const scratch *s, ptrdiff_t batch,
                          ptrdiff_t head, ptrdiff_t member, ptrdiff_t query, ptrdiff_t rows,
                          ptrdiff_t key, ptrdiff_t columns, char *query_sums) {
  const apus_attention *a = job->attention;
  const ptrdiff_t size = job->size, d = a->features, v = a->value_features;
  const ptrdiff_t wide_d = attention_width(job, d), wide_v = attention_width(job, v);
  const ptrdiff_t place = member * a->queries + query;
  const attention_operand q = {s->queries + place * wide_d * size, wide_d, 0};
  const attention_operand g = {s->upstream + place * wide_v * size, wide_v, 0};
  columns = attention_columns(job, query, rows, key, columns);
  if (columns == 0) return;
  attention_multiply(job, rows, columns, d, q.data, wide_d, 1,
                     (attention_operand){s->key_panel, 0, d}, s->scores, job->stride, false);
  attention_multiply(job, rows, columns, v, g.data, wide_v, 1,
                     (attention_operand){s->value_panel, 0, v}, s->slopes, job->stride, false);
  const ptrdiff_t row = (batch * a->heads + head) * a->queries + query;
  attention_tile tile = {
    .rows = rows, .columns = columns, .stride = job->stride, .scores = s->scores,
    .slopes = s->slopes, .log_sums = (const char *)job->log_sums + row * size,
    .means = s->means + place * size,
  };
  attention_prepare(job, &tile, batch, head, query, key, s->factors);
  job->rows->differentiate(&tile);
  if (job->value_gradient.data) {
    attention_multiply(job, columns, v, rows, s->scores, 1, job->stride, g, s->value_sums, v,
                       true);
  }
  if (job->key_gradient.data) {
    attention_multiply(job, columns, d, rows, s->slopes, 1, job->stride, q, s->key_sums, d, true);
  }
  if (job->query_gradient.data) {
    attention_multiply(job, rows, d, columns, s->slopes, job->stride, 1,
                       (attention_operand){s->keys, wide_d, 0}, query_sums + query * d * size, d,
                       true);
  }
}

/// Where the sums of a head's queries lie, of one chunk of keys.
static char *sums_of(const attention_job *job, ptrdiff_t batch, ptrdiff_t head, ptrdiff_t chunk) {
  const apus_attention *a = job->attention;
  return (char *)job->partials +
         ((batch * a->heads + head) * job->chunks + chunk) * a->queries * a->features * job->size;
}

/// The keys' blocks chunk, chunk + chunks, … of a shared head.
static void differentiate_chunk(const attention_job *job, const scratch *s, ptrdiff_t batch,
                                ptrdiff_t shared, ptrdiff_t chunk) {
  const apus_attention *a = job->attention;
  const ptrdiff_t size = job->size, d = a->features, v = a->value_features;
  const ptrdiff_t wide_d = attention_width(job, d), wide_v = attention_width(job, v);
  const ptrdiff_t group = a->heads / a->shared;
  for (ptrdiff_t member = 0; member < group; member++) {
    const ptrdiff_t head = shared * group + member, place = member * a->queries;
    const char *g = attention_row(job, &job->upstream, batch, head, 0);
    job->rows->copy(a->queries, d, attention_row(job, &job->query, batch, head, 0), job->query.row,
                    s->queries + place * wide_d * size, wide_d);
    job->rows->copy(a->queries, v, g, job->upstream.row, s->upstream + place * wide_v * size,
                    wide_v);
    job->rows->dots(a->queries, v, attention_row(job, &job->out, batch, head, 0), job->out.row, g,
                    job->upstream.row, s->means + place * size);
    if (job->query_gradient.data) {
      memset(sums_of(job, batch, head, chunk), 0, (size_t)(a->queries * d * size));
    }
  }
  for (ptrdiff_t key = chunk * job->key_block; key < a->keys; key += job->chunks * job->key_block) {
    const ptrdiff_t columns = gemm_min(job->key_block, a->keys - key);
    job->rows->copy(columns, d, attention_row(job, &job->key, batch, shared, key), job->key.row,
                    s->keys, wide_d);
    job->rows->copy(columns, v, attention_row(job, &job->value, batch, shared, key),
                    job->value.row, s->values, wide_v);
    job->gemm->pack_columns(columns, d, s->keys, 1, wide_d, s->key_panel);
    job->gemm->pack_columns(columns, v, s->values, 1, wide_v, s->value_panel);
    memset(s->key_sums, 0, (size_t)(columns * d * size));
    memset(s->value_sums, 0, (size_t)(columns * v * size));
    for (ptrdiff_t member = 0; member < group; member++) {
      const ptrdiff_t head = shared * group + member;
      char *sums = job->query_gradient.data ? sums_of(job, batch, head, chunk) : NULL;
      for (ptrdiff_t query = 0; query < a->queries; query += job->query_block) {
        differentiate(job, s, batch, head, member, query,
                      gemm_min(job->query_block, a->queries - query), key, columns, sums);
      }
    }
    if (job->key_gradient.data) {
      job->rows->gather(columns, d, 1, 0, s->key_sums, a->scale,
                        attention_row(job, &job->key_gradient, batch, shared, key),
                        job->key_gradient.row);
    }
    if (job->value_gradient.data) {
      job->rows->gather(columns, v, 1, 0, s->value_sums, 1,
                        attention_row(job, &job->value_gradient, batch, shared, key),
                        job->value_gradient.row);
    }
  }
}

static void differentiate_chunks(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const attention_job *job = context;
  scratch s;
  const size_t bytes = lay_out(job, NULL, &s);
  char *base = apus_allocate(bytes);
  lay_out(job, base, &s);
  for (ptrdiff_t task = begin; task < end; task++) {
    const ptrdiff_t head = task / job->chunks;
    differentiate_chunk(job, &s, head / job->attention->shared, head % job->attention->shared,
                        task % job->chunks);
  }
  apus_deallocate(base, bytes);
}

/// Adds up the gradients of the query of heads [begin, end).
static void gather(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const attention_job *job = context;
  const apus_attention *a = job->attention;
  for (ptrdiff_t index = begin; index < end; index++) {
    const ptrdiff_t batch = index / a->heads, head = index % a->heads;
    job->rows->gather(a->queries, a->features, job->chunks, a->queries * a->features,
                      sums_of(job, batch, head, 0), a->scale,
                      attention_row(job, &job->query_gradient, batch, head, 0),
                      job->query_gradient.row);
  }
}

/// The fewest parts that a large problem is divided into.
enum { fewest_tasks = 8 };

void apus_attention_backward(const apus_attention *attention, const apus_heads *query,
                             const apus_heads *key, const apus_heads *value,
                             const apus_heads *out, const void *log_sums,
                             const apus_heads *upstream, const apus_heads *query_gradient,
                             const apus_heads *key_gradient, const apus_heads *value_gradient) {
  attention_job job = {
    .attention = attention, .query = *query, .key = *key, .value = *value, .out = *out,
    .upstream = *upstream, .query_gradient = *query_gradient, .key_gradient = *key_gradient,
    .value_gradient = *value_gradient, .log_sums = (void *)log_sums,
  };
  const ptrdiff_t shared = attention->batch * attention->shared;
  const ptrdiff_t heads = attention->batch * attention->heads;
  if (heads <= 0) return;
  attention_plan(&job);
  const ptrdiff_t blocks = gemm_max(gemm_ceil(attention->keys, job.key_block), 1);
  job.chunks = gemm_min(gemm_ceil(fewest_tasks, shared), blocks);
  const ptrdiff_t count = heads * job.chunks * attention->queries * attention->features;
  const size_t bytes = job.query_gradient.data ? (size_t)(count * job.size) : 0;
  job.partials = apus_allocate(bytes);
  apus_parallel_for(shared * job.chunks, attention_grain(&job, 5), differentiate_chunks, &job);
  if (job.query_gradient.data) {
    const ptrdiff_t each = job.chunks * attention->queries * attention->features;
    apus_parallel_for(heads, (1 << 15) / gemm_max(each, 1) + 1, gather, &job);
  }
  apus_deallocate(job.partials, bytes);
}
