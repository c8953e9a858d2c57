#pragma once
#include "gaussian.h"

/// Where a triple's gradients go; mean and scale, each padded with room for whole vectors.
typedef struct gaussian_slot {
  void *mean, *scale;
} gaussian_slot;

typedef struct gaussian_job gaussian_job;

/// S(w, p) and S(w, n); into slots, if there are any, the gradient of toward[0] S(w, p) +
/// toward[1] S(w, n) with respect to the rows w, p and n. `room` is `gaussian_room` numbers.
typedef void (*gaussian_triple)(const gaussian_job *job, const int32_t rows[3],
                                const double toward[2], const gaussian_slot *slots,
                                double similarities[2], void *room);

/// Adds up what the slots of the touched rows [begin, end) hold and moves these rows.
typedef void (*gaussian_move)(const gaussian_job *job, ptrdiff_t begin, ptrdiff_t end);

/// The code of one level and one float type.
typedef struct gaussian_code {
  gaussian_triple triples[3];  // by covariance
  gaussian_move move;
} gaussian_code;

struct gaussian_job {
  const gaussian_code *code;
  apus_gaussian_rule rule;
  apus_gaussian_table words, contexts;
  ptrdiff_t rows, count, width, grain;
  const int32_t *word, *positive, *negative;
  // In scratch: gradients of the slots 3 t + role, losses of the triples, room of the chunks, chains
  // of the slots that share a row, and the rows in use (contexts from `rows` on).
  char *gradients, *room;
  double *losses;
  int32_t *next, *heads, *touched;
  size_t slot_bytes, mean_bytes, room_bytes;
};

/// Numbers of working memory that one chunk of triples needs.
static inline ptrdiff_t gaussian_room(const apus_gaussian_rule *rule) {
  const ptrdiff_t n = rule->dimension;
  return rule->covariance == apus_gaussian_covariance_full ? 7 * n * n + 4 * n : 0;
}

static inline gaussian_slot gaussian_slot_at(const gaussian_job *job, ptrdiff_t slot) {
  char *mean = job->gradients + (size_t)slot * job->slot_bytes;
  return (gaussian_slot){mean, mean + job->mean_bytes};
}

/// Asks for up to eight lines ahead of their use; more would crowd out what is in use.
static inline void prefetch_bytes(const void *start, size_t bytes) {
  for (size_t at = 0; at < bytes && at < 512; at += 64) {
    __builtin_prefetch((const char *)start + at, 1);
  }
}

/// Asks for what moving the row `key` will read.
static inline void gaussian_prefetch(const gaussian_job *job, ptrdiff_t key) {
  const bool of_words = key < job->rows;
  const apus_gaussian_table *table = of_words ? &job->words : &job->contexts;
  const size_t row = (size_t)(of_words ? key : key - job->rows);
  const size_t size = job->rule.type == apus_dtype_float64 ? 8 : 4;
  const size_t mean = (size_t)job->rule.dimension * size, scale = (size_t)job->width * size;
  prefetch_bytes((const char *)table->mean + row * mean, mean);
  prefetch_bytes((const char *)table->scale + row * scale, scale);
  if (table->mean_squares) {
    prefetch_bytes((const char *)table->mean_squares + row * mean, mean);
    prefetch_bytes((const char *)table->scale_squares + row * scale, scale);
  }
  prefetch_bytes(gaussian_slot_at(job, job->heads[key]).mean, job->slot_bytes);
}
