#include "gaussian.h"

#include <math.h>
#include <string.h>

#include "job.h"
#include "memory.h"
#include "parallel.h"
#include "spectrum.h"

#define APUS_AVX2_REGISTERS 1
#define APUS_TEMPLATE "../gaussian/level.inc"
#include "../math/each_level.h"

/// Chunks of triples: enough to share, and few for the working memory that full covariances need.
enum { most_chunks = 16, least_grain = 16, move_grain = 32, line = 64 };

ptrdiff_t apus_gaussian_width(apus_gaussian_covariance covariance, ptrdiff_t dimension) {
  switch (covariance) {
    case apus_gaussian_covariance_spherical: return 1;
    case apus_gaussian_covariance_diagonal: return dimension;
    case apus_gaussian_covariance_full: return dimension * (dimension + 1) / 2;
  }
}

static size_t lines(size_t bytes) { return (bytes + line - 1) / line * line; }

static const gaussian_code *code_of(const apus_gaussian_rule *rule) {
  static const gaussian_code *const *const levels[] = APUS_AT_LEVEL(gaussian_codes);
  return levels[apus_current_level()][rule->type == apus_dtype_float64];
}

/// Lays out the working memory from `scratch` on, unless that is NULL; returns its size.
static size_t lay_out(gaussian_job *job, char *scratch) {
  const size_t size = job->rule.type == apus_dtype_float64 ? 8 : 4;
  const size_t count = (size_t)job->count, slots = 3 * count;
  job->width = apus_gaussian_width(job->rule.covariance, job->rule.dimension);
  job->mean_bytes = lines((size_t)job->rule.dimension * size);
  job->slot_bytes = job->mean_bytes + lines((size_t)job->width * size);
  job->grain = (job->count + most_chunks - 1) / most_chunks;
  if (job->grain < least_grain) job->grain = least_grain;
  job->room_bytes = lines((size_t)gaussian_room(&job->rule) * size);
  size_t used = 0;
#define PART(name, bytes) \
  job->name = scratch ? (void *)(scratch + used) : NULL; \
  used += lines(bytes)
  PART(gradients, slots * job->slot_bytes);
  PART(room, most_chunks * job->room_bytes);
  PART(losses, count * sizeof(double));
  PART(next, slots * sizeof(int32_t));
  PART(touched, slots * sizeof(int32_t));
#undef PART
  return used;
}

size_t apus_gaussian_scratch(const apus_gaussian_rule *rule, ptrdiff_t count) {
  gaussian_job job = {.rule = *rule, .count = count};
  return lay_out(&job, NULL);
}

/// Losses and gradients of the triples [begin, end).
static void differentiate(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const gaussian_job *job = context;
  const gaussian_triple triple = job->code->triples[job->rule.covariance];
  const bool plain = job->rule.similarity == apus_gaussian_similarity_kernel;
  void *room = job->room + (size_t)(begin / job->grain) * job->room_bytes;
  for (ptrdiff_t t = begin; t < end; t++) {
    const int32_t rows[3] = {job->word[t], job->positive[t], job->negative[t]};
    const gaussian_slot slots[3] = {gaussian_slot_at(job, 3 * t), gaussian_slot_at(job, 3 * t + 1),
                                    gaussian_slot_at(job, 3 * t + 2)};
    double s[2], toward[2] = {-1, 1};
    triple(job, rows, toward, plain ? NULL : slots, s, room);
    if (plain) {
      // ∂K = K ∂log K: with K known, once more.
      for (int c = 0; c < 2; c++) toward[c] *= (s[c] = exp(s[c]));
      double logarithms[2];
      if (job->rule.margin - s[0] + s[1] > 0) triple(job, rows, toward, slots, logarithms, room);
    }
    const double loss = job->rule.margin - s[0] + s[1];
    job->losses[t] = loss <= 0 ? 0 : loss;  // a NaN stays
  }
}

static void move(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const gaussian_job *job = context;
  job->code->move(job, begin, end);
}

/// Chains the slots that hold gradients of the same row; returns the number of rows.
static ptrdiff_t chain(gaussian_job *job) {
  ptrdiff_t touched = 0;
  // Contexts have rows of their own, unless one table is both.
  const int32_t offset = job->words.mean == job->contexts.mean ? 0 : (int32_t)job->rows;
  for (ptrdiff_t t = 0; t < job->count; t++) {
    if (!(job->losses[t] > 0)) continue;
    const int32_t keys[3] = {job->word[t], job->positive[t] + offset, job->negative[t] + offset};
    for (int role = 0; role < 3; role++) {
      const int32_t key = keys[role], slot = (int32_t)(3 * t + role);
      if (job->heads[key] < 0) job->touched[touched++] = key;
      job->next[slot] = job->heads[key];
      job->heads[key] = slot;
    }
  }
  return touched;
}

double apus_gaussian_step(const apus_gaussian_rule *rule, apus_gaussian_table words,
                          apus_gaussian_table contexts, ptrdiff_t rows, ptrdiff_t count,
                          const int32_t *word, const int32_t *positive, const int32_t *negative,
                          int32_t *heads, void *scratch, ptrdiff_t *violations) {
  gaussian_job job = {
    .code = code_of(rule), .rule = *rule, .words = words, .contexts = contexts, .rows = rows,
    .count = count, .word = word, .positive = positive, .negative = negative, .heads = heads,
  };
  lay_out(&job, scratch);
  apus_parallel_for(count, job.grain, differentiate, &job);
  double total = 0;
  ptrdiff_t violated = 0;
  for (ptrdiff_t t = 0; t < count; t++) {
    total += job.losses[t];
    violated += job.losses[t] > 0;
  }
  const ptrdiff_t touched = chain(&job);
  apus_parallel_for(touched, move_grain, move, &job);
  for (ptrdiff_t place = 0; place < touched; place++) heads[job.touched[place]] = -1;
  *violations = violated;
  return total;
}

typedef struct similarity_job {
  gaussian_job job;
  const int32_t *a, *b;
  double *out;
} similarity_job;

static void compare(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const similarity_job *pairs = context;
  const gaussian_job *job = &pairs->job;
  const size_t bytes = (size_t)gaussian_room(&job->rule) * sizeof(double);
  void *room = bytes ? apus_allocate(bytes) : NULL;
  const double toward[2] = {0, 0};
  for (ptrdiff_t i = begin; i < end; i += 2) {
    const ptrdiff_t other = i + 1 < end ? i + 1 : i;
    double s[2];
    for (ptrdiff_t k = i; k <= other; k++) {
      // Pairs with the same first row, as in a search, share its reading.
      const bool shared = k == i && other > i && pairs->a[i] == pairs->a[other];
      const int32_t rows[3] = {pairs->a[k], pairs->b[k], pairs->b[shared ? other : k]};
      job->code->triples[job->rule.covariance](job, rows, toward, NULL, s, room);
      const bool plain = job->rule.similarity == apus_gaussian_similarity_kernel;
      pairs->out[k] = plain ? exp(s[0]) : s[0];
      if (!shared) continue;
      pairs->out[other] = plain ? exp(s[1]) : s[1];
      break;
    }
  }
  if (bytes) apus_deallocate(room, bytes);
}

void apus_gaussian_similarities(const apus_gaussian_rule *rule, apus_gaussian_table first,
                                apus_gaussian_table second, ptrdiff_t count, const int32_t *a,
                                const int32_t *b, double *out) {
  similarity_job pairs = {
    .job = {.code = code_of(rule), .rule = *rule, .words = first, .contexts = second,
            .width = apus_gaussian_width(rule->covariance, rule->dimension)},
    .a = a, .b = b, .out = out,
  };
  apus_parallel_for(count, rule->covariance == apus_gaussian_covariance_full ? 16 : 256, compare,
                    &pairs);
}
