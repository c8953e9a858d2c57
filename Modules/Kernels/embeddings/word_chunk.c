#include "word_chunk.h"

#include "memory.h"

#include <string.h>

enum { strip = 512 };

/// Targets in the order in which they are drawn, counted by part and position.
typedef struct writer {
  const apus_word_training *training;
  word_chunk *chunk;
  int32_t *flat;
  ptrdiff_t count;
  uint64_t position;
  ptrdiff_t used;  // numbers of `random`
  uint64_t random[strip];
} writer;

static inline void put(writer *out, ptrdiff_t position, int32_t target) {
  word_chunk *chunk = out->chunk;
  const ptrdiff_t part = chunk->parts > 1 ? out->training->output_parts[target >> 1] : 0;
  out->flat[out->count++] = target;
  chunk->starts[part * chunk->count + position]++;
}

/// The targets that say `word`.
static inline void put_word(writer *out, ptrdiff_t position, int32_t word) {
  const apus_word_training *training = out->training;
  if (training->paths) {
    for (int32_t i = training->path_starts[word]; i < training->path_starts[word + 1]; i++) {
      put(out, position, training->paths[i]);
    }
    return;
  }
  put(out, position, 2 * word + 1);
  for (int32_t k = 0; k < training->negatives; k++) {
    if (out->used == strip) {
      out->position += apus_random_bits(training->generator, out->position, strip, out->random);
      out->used = 0;
    }
    const int32_t other = apus_alias_draw(training->noise, out->random[out->used++]);
    if (other != word) put(out, position, 2 * other);
  }
}

/// The most targets that there can be.
static int64_t bound(const word_chunk *chunk) {
  const apus_word_training *training = chunk->training;
  if (!training->paths) {
    return (training->bag_of_words ? chunk->count : chunk->pairs) * (1 + training->negatives);
  }
  int64_t total = 0;
  for (ptrdiff_t p = 0; p < chunk->count; p++) {
    for (int32_t at = chunk->low[p]; at < chunk->high[p]; at++) {
      const bool itself = at == chunk->first + p;
      if (itself != training->bag_of_words) continue;
      const int32_t *start = training->path_starts + chunk->words[at];
      total += start[1] - start[0];
    }
  }
  return total;
}

/// From counts to places, then every target to its place; positions come in order.
static void sort(word_chunk *chunk, const int32_t *flat, const int32_t *flat_ends) {
  const ptrdiff_t cells = (ptrdiff_t)chunk->parts * chunk->count;
  int32_t sum = 0;
  for (ptrdiff_t cell = 0; cell < cells; cell++) {
    const int32_t count = chunk->starts[cell];
    chunk->starts[cell] = sum;
    sum += count;
  }
  int32_t at[256];
  ptrdiff_t i = 0;
  for (ptrdiff_t p = 0; p < chunk->count; p++) {
    for (int32_t part = 0; part < chunk->parts; part++) {
      at[part] = chunk->starts[part * chunk->count + p];
    }
    for (; i < flat_ends[p]; i++) {
      chunk->targets[at[chunk->training->output_parts[flat[i] >> 1]]++] = flat[i];
    }
  }
  chunk->starts[cells] = sum;
}

void word_chunk_draw(word_chunk *chunk, const apus_word_training *training, int32_t parts,
                     ptrdiff_t sentences, const int64_t *ends, const int32_t *words,
                     ptrdiff_t first, ptrdiff_t count, uint64_t number) {
  *chunk = (word_chunk){.training = training, .words = words, .first = first, .count = count,
                        .parts = parts};
  writer out = {.training = training, .chunk = chunk, .position = number << 32, .used = strip};
  const uint64_t *reach = NULL;
  if (training->dynamic_window) {
    out.position += apus_random_bits(training->generator, out.position, count, out.random);
    reach = out.random;
  }
  chunk->pairs = apus_windows(sentences, ends, first, first + count, training->window, reach,
                              chunk->low, chunk->high);
  chunk->capacity = bound(chunk) + 1;
  const ptrdiff_t cells = (ptrdiff_t)parts * count;
  chunk->starts = apus_allocate((size_t)(cells + 1) * sizeof *chunk->starts);
  memset(chunk->starts, 0, (size_t)(cells + 1) * sizeof *chunk->starts);
  out.flat = apus_allocate((size_t)chunk->capacity * sizeof *out.flat);
  int32_t flat_ends[apus_word_chunk];
  for (ptrdiff_t p = 0; p < count; p++) {
    const ptrdiff_t here = first + p;
    const bool alone = chunk->high[p] - chunk->low[p] < 2;
    if (training->bag_of_words) {
      if (!alone) put_word(&out, p, words[here]);
    } else {
      for (int32_t at = chunk->low[p]; at < chunk->high[p]; at++) {
        if (at != here) put_word(&out, p, words[at]);
      }
    }
    flat_ends[p] = (int32_t)out.count;
  }
  if (parts == 1) {
    // In order as they are.
    for (ptrdiff_t p = count; p > 0; p--) chunk->starts[p] = flat_ends[p - 1];
    chunk->starts[0] = 0;
    chunk->targets = out.flat;
    return;
  }
  chunk->targets = apus_allocate((size_t)chunk->capacity * sizeof *chunk->targets);
  sort(chunk, out.flat, flat_ends);
  apus_deallocate(out.flat, (size_t)chunk->capacity * sizeof *out.flat);
}

void word_chunk_free(word_chunk *chunk) {
  apus_deallocate(chunk->targets, (size_t)chunk->capacity * sizeof *chunk->targets);
  const ptrdiff_t cells = (ptrdiff_t)chunk->parts * chunk->count;
  apus_deallocate(chunk->starts, (size_t)(cells + 1) * sizeof *chunk->starts);
}
