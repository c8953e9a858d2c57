#pragma once
#include "embeddings.h"

/// What a chunk of text asks for: windows and targets.
typedef struct word_chunk {
  const apus_word_training *training;
  const int32_t *words;   // the whole text
  ptrdiff_t first, count; // its positions in it
  int64_t pairs;
  int32_t low[apus_word_chunk], high[apus_word_chunk];
  /// Targets by part and, within one, by position: those of (part, position) end where those of
  /// the next begin.
  int32_t *targets;
  int64_t capacity;
  int32_t *starts;
  int32_t parts;
} word_chunk;

/// Draws a chunk; `number` is the chunk's in the whole training. Free it with `word_chunk_free`.
void word_chunk_draw(word_chunk *chunk, const apus_word_training *training, int32_t parts,
                     ptrdiff_t sentences, const int64_t *ends, const int32_t *words,
                     ptrdiff_t first, ptrdiff_t count, uint64_t number);
void word_chunk_free(word_chunk *chunk);

/// The targets of a position in a part.
static inline ptrdiff_t word_chunk_targets(const word_chunk *chunk, ptrdiff_t part,
                                           ptrdiff_t position, const int32_t **targets) {
  const int32_t *start = chunk->starts + part * chunk->count + position;
  *targets = chunk->targets + start[0];
  return start[1] - start[0];
}
