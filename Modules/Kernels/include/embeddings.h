#pragma once
#include "random.h"
#include "types.h"

// MARK: Rows of a matrix

/// Numbers the distinct values of `index` by their first appearance, leaving `skipped` out (-1:
/// none): group[j] is the number of index[j], or -1, and rows[g] the value numbered g. Returns how
/// many there are. `rows` has room for `count`.
ptrdiff_t apus_group_rows(ptrdiff_t count, const int64_t *index, int64_t skipped, int64_t *rows,
                          int64_t *group);

/// out[g, i] = the sum of a[j, i] over the j with group[j] = g, in order of j; dense float32 or
/// float64, a of [count, inner]. `group` is as apus_group_rows makes it.
void apus_sum_rows(apus_dtype type, ptrdiff_t count, ptrdiff_t inner, const void *a,
                   const int64_t *group, void *out);

/// out[rows[g], i] = a[g, i], of `bytes` a row; the rows are distinct.
void apus_put_rows(ptrdiff_t count, ptrdiff_t bytes, const void *a, const int64_t *rows, void *out);

// MARK: Words in sentences

/// Which words of a text to keep: word i with probability keep[word] / 2^32, but always where that
/// is 2^32 - 1. `ends` holds the position after each of `sentences` sentences; both are written
/// anew, shortened (empty sentences remain). Draws one number a word, from block `position` on.
/// Returns how many words are left.
ptrdiff_t apus_subsample(const uint32_t *keep, apus_random generator, uint64_t position,
                         const int32_t *words, ptrdiff_t sentences, const int64_t *ends,
                         int32_t *kept, int64_t *kept_ends);

/// For the words [first, last) of a text: the half-width of each one's window, drawn evenly from
/// 1...window, or always the whole. `random` holds a number for each of these words, or is NULL for
/// whole windows; `low` and `high` receive the window's borders, within the word's sentence. Returns
/// how many neighbours there are in all.
ptrdiff_t apus_windows(ptrdiff_t sentences, const int64_t *ends, ptrdiff_t first, ptrdiff_t last,
                       int32_t window, const uint64_t *random, int32_t *low, int32_t *high);

/// A discrete distribution for draws in constant time (Walker 1977, Vose 1991): outcome i keeps
/// threshold[i] / 2^32 of its share 1 / count and leaves the rest to alias[i].
typedef struct apus_alias_table {
  ptrdiff_t count;
  const uint32_t *threshold;
  const int32_t *alias;
} apus_alias_table;

/// The outcome that 64 random bits stand for.
static inline int32_t apus_alias_draw(const apus_alias_table *table, uint64_t bits) {
  const uint64_t cell = (bits >> 32) * (uint64_t)table->count >> 32;
  return (uint32_t)bits < table->threshold[cell] ? (int32_t)cell : table->alias[cell];
}

/// `count` draws, from block `position` on (two draws a block).
void apus_alias_sample(const apus_alias_table *table, apus_random generator, uint64_t position,
                       ptrdiff_t count, int32_t *out);

// MARK: Word vectors

/// How word vectors learn from text (Mikolov et al. 2013): every position of a text has a hidden
/// vector h, and targets, rows u of `output` with a label y of 0 or 1; a step is one of gradient
/// descent on the sum of -log σ((2y - 1) h·u).
///
/// Skip-gram: h is the word's row of `input`, the targets are its neighbours' and those of noise.
/// Bag of words: h is the mean of the neighbours' rows, the targets are the word's and noise's.
typedef struct apus_word_training {
  /// Rows of `width` floats, a multiple of 16, and 64-byte aligned.
  float *input, *output;
  ptrdiff_t width;
  bool bag_of_words;
  int32_t window;
  bool dynamic_window;
  /// Negative sampling: a target is the row of its word with label 1 and `negatives` draws of noise
  /// with label 0, but not those that are the word itself.
  int32_t negatives;
  const apus_alias_table *noise;
  /// Hierarchical softmax, where not NULL: the targets of word w are the inner nodes
  /// paths[path_starts[w]] ... paths[path_starts[w + 1] - 1], each as 2 row + label.
  const int32_t *path_starts, *paths;
  /// Which of `parts` an input and an output row belong to. A part's rows are written by one thread.
  int32_t parts;
  const uint8_t *input_parts, *output_parts;
  /// Chunks of text train beside each other and write the same rows without a lock. Fast, and the
  /// result depends on the threads' timing.
  bool lock_free;
  /// Positions to a chunk, from 1 to apus_word_chunk: small, where words repeat within a few.
  int32_t chunk_size;
  /// Each chunk draws from block chunk << 32 of the stream.
  apus_random generator;
  uint64_t chunk;
  float rate;
} apus_word_training;

enum { apus_word_chunk = 256 };

typedef struct apus_word_result {
  /// Sum of -log σ over all targets, and their number.
  double loss;
  int64_t targets;
  /// Pairs of a word and a neighbour.
  int64_t pairs;
} apus_word_result;

/// One pass over some sentences. Unless `lock_free`, the result is a function of the arguments
/// alone, whatever the thread count: within a chunk, hidden vectors are those before it, the output
/// rows of each part move target by target in order, and then the input rows move by the sums.
apus_word_result apus_train_words(const apus_word_training *training, ptrdiff_t sentences,
                                  const int64_t *ends, const int32_t *words);
