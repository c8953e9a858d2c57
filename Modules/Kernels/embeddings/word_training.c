#include "embeddings.h"
#include "memory.h"
#include "parallel.h"
#include "word_chunk.h"
#include "word_kernels.h"

#include <string.h>

#define APUS_AVX2_REGISTERS 1
#define APUS_TEMPLATE "../embeddings/word_steps.inc"
#include "../math/each_level.h"

enum { drawn_at_once = 32, position_grain = 32, max_parts = 256 };

static const word_kernels *kernels_now(void) {
  static const word_kernels *const levels[] = {
    &word_level_portable,
#if defined(__x86_64__)
    &word_level_avx2, &word_level_avx512,
#endif
  };
  return levels[apus_current_level()];
}

/// The mean of the rows around a position, or the position's own row.
static const float *hidden(const word_kernels *kernels, const word_chunk *chunk, ptrdiff_t p,
                           float *mean) {
  const apus_word_training *training = chunk->training;
  const ptrdiff_t width = training->width;
  const ptrdiff_t here = chunk->first + p, neighbours = chunk->high[p] - chunk->low[p] - 1;
  if (!training->bag_of_words) return training->input + chunk->words[here] * width;
  memset(mean, 0, (size_t)width * sizeof *mean);
  for (int32_t at = chunk->low[p]; at < chunk->high[p]; at++) {
    if (at == here) continue;
    kernels->add(training->input + chunk->words[at] * width, width, 1.0f / (float)neighbours, mean);
  }
  return mean;
}

/// Moves the input rows of a position, those of one part or (-1) all, by e: the gradient of the
/// hidden vector, which of a mean goes to each row by its share.
static void move_input(const word_kernels *kernels, const word_chunk *chunk, ptrdiff_t p,
                       int32_t part, const float *e) {
  const apus_word_training *training = chunk->training;
  const ptrdiff_t width = training->width, here = chunk->first + p;
  const bool bag = training->bag_of_words;
  const int32_t low = bag ? chunk->low[p] : (int32_t)here;
  const int32_t high = bag ? chunk->high[p] : (int32_t)here + 1;
  const float scale = bag ? 1.0f / (float)(high - low - 1) : 1;
  for (int32_t at = low; at < high; at++) {
    if (bag && at == here) continue;
    const int32_t word = chunk->words[at];
    if (part >= 0 && training->input_parts[word] != part) continue;
    kernels->add(e, width, scale, training->input + word * width);
  }
}

typedef struct job {
  const apus_word_training *training;
  const word_kernels *kernels;
  ptrdiff_t sentences, count, begin;
  const int64_t *ends;
  const int32_t *words;
  word_chunk *chunks;        // drawn ahead
  const word_chunk *chunk;   // the one at work
  float *hidden;             // [position, width], for means
  float *errors;             // [part, position, width]
  double *losses;            // [part] or [chunk]
  int64_t *pairs, *targets;  // [chunk], lock-free
} job;

static void draw(const job *work, word_chunk *chunk, ptrdiff_t number, int32_t parts) {
  const ptrdiff_t size = work->training->chunk_size;
  const ptrdiff_t first = number * size, rest = work->count - first;
  word_chunk_draw(chunk, work->training, parts, work->sentences, work->ends, work->words, first,
                  rest < size ? rest : size,
                  work->training->chunk + (uint64_t)number);
}

// MARK: In order, whatever the threads

static void draw_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    draw(work, work->chunks + i, work->begin + i, work->training->parts);
  }
}

static void hidden_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  for (ptrdiff_t p = begin; p < end; p++) {
    if (work->chunk->high[p] - work->chunk->low[p] < 2) continue;
    hidden(work->kernels, work->chunk, p, work->hidden + p * work->training->width);
  }
}

static void output_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  const apus_word_training *training = work->training;
  const word_chunk *chunk = work->chunk;
  const ptrdiff_t width = training->width;
  for (ptrdiff_t part = begin; part < end; part++) {
    double loss = 0;
    for (ptrdiff_t p = 0; p < chunk->count; p++) {
      const int32_t *targets;
      const ptrdiff_t count = word_chunk_targets(chunk, part, p, &targets);
      if (count == 0) continue;
      const float *h = training->bag_of_words
                           ? work->hidden + p * width
                           : training->input + chunk->words[chunk->first + p] * width;
      loss += work->kernels->step(h, training->output, width, targets, count, training->rate,
                                  work->errors + (part * chunk->count + p) * width);
    }
    work->losses[part] = loss;
  }
}

/// Adds up the parts' errors, in the first's place.
static void error_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  const word_chunk *chunk = work->chunk;
  const ptrdiff_t width = work->training->width;
  for (ptrdiff_t p = begin; p < end; p++) {
    float *sum = work->errors + p * width;
    const int32_t *targets;
    if (word_chunk_targets(chunk, 0, p, &targets) == 0) {
      memset(sum, 0, (size_t)width * sizeof *sum);
    }
    for (int32_t part = 1; part < chunk->parts; part++) {
      if (word_chunk_targets(chunk, part, p, &targets) == 0) continue;
      work->kernels->add(work->errors + (part * chunk->count + p) * width, width, 1, sum);
    }
  }
}

static void input_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  const word_chunk *chunk = work->chunk;
  for (ptrdiff_t part = begin; part < end; part++) {
    for (ptrdiff_t p = 0; p < chunk->count; p++) {
      if (chunk->high[p] - chunk->low[p] < 2) continue;
      move_input(work->kernels, chunk, p, (int32_t)part,
                 work->errors + p * work->training->width);
    }
  }
}

static void train_chunk(job *work, const word_chunk *chunk, apus_word_result *result) {
  const int32_t parts = work->training->parts;
  work->chunk = chunk;
  if (work->training->bag_of_words) {
    apus_parallel_for(chunk->count, position_grain, hidden_part, work);
  }
  apus_parallel_for(parts, 1, output_part, work);
  apus_parallel_for(chunk->count, position_grain, error_part, work);
  apus_parallel_for(parts, 1, input_part, work);
  for (int32_t part = 0; part < parts; part++) result->loss += work->losses[part];
  result->pairs += chunk->pairs;
  result->targets += chunk->starts[(ptrdiff_t)parts * chunk->count];
}

static apus_word_result train_in_order(job *work, ptrdiff_t chunks) {
  const apus_word_training *training = work->training;
  const size_t block = (size_t)(apus_word_chunk * training->width) * sizeof(float);
  word_chunk drawn[drawn_at_once];
  double losses[max_parts];
  apus_word_result result = {0};
  work->chunks = drawn;
  work->losses = losses;
  work->hidden = apus_allocate(block);
  work->errors = apus_allocate(block * (size_t)training->parts);
  for (ptrdiff_t begin = 0; begin < chunks; begin += drawn_at_once) {
    const ptrdiff_t count = chunks - begin < drawn_at_once ? chunks - begin : drawn_at_once;
    work->begin = begin;
    apus_parallel_for(count, 1, draw_part, work);
    for (ptrdiff_t i = 0; i < count; i++) {
      train_chunk(work, drawn + i, &result);
      word_chunk_free(drawn + i);
    }
  }
  apus_deallocate(work->hidden, block);
  apus_deallocate(work->errors, block * (size_t)training->parts);
  return result;
}

// MARK: Without locks

static void free_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  const apus_word_training *training = work->training;
  const size_t row = (size_t)training->width * sizeof(float);
  float *mean = apus_allocate(row), *e = apus_allocate(row);
  for (ptrdiff_t i = begin; i < end; i++) {
    word_chunk chunk;
    draw(work, &chunk, i, 1);
    double loss = 0;
    for (ptrdiff_t p = 0; p < chunk.count; p++) {
      const int32_t *targets;
      const ptrdiff_t count = word_chunk_targets(&chunk, 0, p, &targets);
      if (count == 0) continue;
      const float *h = hidden(work->kernels, &chunk, p, mean);
      loss += work->kernels->step(h, training->output, training->width, targets, count,
                                  training->rate, e);
      move_input(work->kernels, &chunk, p, -1, e);
    }
    work->losses[i] = loss;
    work->pairs[i] = chunk.pairs;
    work->targets[i] = chunk.starts[chunk.count];
    word_chunk_free(&chunk);
  }
  apus_deallocate(mean, row);
  apus_deallocate(e, row);
}

static apus_word_result train_lock_free(job *work, ptrdiff_t chunks) {
  const size_t bytes = (size_t)chunks * 8;
  work->losses = apus_allocate(bytes);
  work->pairs = apus_allocate(bytes);
  work->targets = apus_allocate(bytes);
  apus_parallel_for(chunks, 1, free_part, work);
  apus_word_result result = {0};
  for (ptrdiff_t i = 0; i < chunks; i++) {
    result.loss += work->losses[i];
    result.pairs += work->pairs[i];
    result.targets += work->targets[i];
  }
  apus_deallocate(work->losses, bytes);
  apus_deallocate(work->pairs, bytes);
  apus_deallocate(work->targets, bytes);
  return result;
}

apus_word_result apus_train_words(const apus_word_training *training, ptrdiff_t sentences,
                                  const int64_t *ends, const int32_t *words) {
  const ptrdiff_t count = sentences > 0 ? ends[sentences - 1] : 0;
  const ptrdiff_t size = training->chunk_size, chunks = (count + size - 1) / size;
  job work = {.training = training, .kernels = kernels_now(), .sentences = sentences,
              .count = count, .ends = ends, .words = words};
  return training->lock_free ? train_lock_free(&work, chunks) : train_in_order(&work, chunks);
}
