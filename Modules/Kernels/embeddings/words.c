#include "embeddings.h"

enum { strip = 512 };  // numbers drawn at a time, an even count

ptrdiff_t apus_subsample(const uint32_t *keep, apus_random generator, uint64_t position,
                         const int32_t *words, ptrdiff_t sentences, const int64_t *ends,
                         int32_t *kept, int64_t *kept_ends) {
  uint64_t random[strip];
  const int64_t count = sentences > 0 ? ends[sentences - 1] : 0;
  int64_t left = 0, sentence = 0;
  for (int64_t i = 0; i < count; i++) {
    const int64_t offset = i % strip;
    if (offset == 0) {
      const int64_t drawn = count - i < strip ? count - i : strip;
      position += apus_random_bits(generator, position, drawn, random);
    }
    while (ends[sentence] <= i) kept_ends[sentence++] = left;
    const uint32_t limit = keep[words[i]];
    if (limit == UINT32_MAX || (uint32_t)(random[offset] >> 32) < limit) kept[left++] = words[i];
  }
  while (sentence < sentences) kept_ends[sentence++] = left;
  return left;
}

ptrdiff_t apus_windows(ptrdiff_t sentences, const int64_t *ends, ptrdiff_t first, ptrdiff_t last,
                       int32_t window, const uint64_t *random, int32_t *low, int32_t *high) {
  // The sentence of the first word, by bisection.
  ptrdiff_t below = 0, above = sentences;
  while (below < above) {
    const ptrdiff_t middle = (below + above) / 2;
    if (ends[middle] <= first) below = middle + 1;
    else above = middle;
  }
  ptrdiff_t sentence = below, total = 0;
  for (ptrdiff_t i = first; i < last; i++) {
    while (ends[sentence] <= i) sentence++;
    const int64_t begin = sentence > 0 ? ends[sentence - 1] : 0, end = ends[sentence];
    int64_t reach = window;
    if (random) reach = 1 + (int64_t)((random[i - first] >> 32) * (uint64_t)window >> 32);
    const int64_t left = i - reach < begin ? begin : i - reach;
    const int64_t right = i + reach + 1 > end ? end : i + reach + 1;
    low[i - first] = (int32_t)left;
    high[i - first] = (int32_t)right;
    total += right - left - 1;
  }
  return total;
}

void apus_alias_sample(const apus_alias_table *table, apus_random generator, uint64_t position,
                       ptrdiff_t count, int32_t *out) {
  uint64_t random[strip];
  for (ptrdiff_t done = 0; done < count; done += strip) {
    const ptrdiff_t drawn = count - done < strip ? count - done : strip;
    position += apus_random_bits(generator, position, drawn, random);
    for (ptrdiff_t i = 0; i < drawn; i++) out[done + i] = apus_alias_draw(table, random[i]);
  }
}
