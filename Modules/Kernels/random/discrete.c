#include "fill.h"
#include "memory.h"
#include "parallel.h"

enum { part_elements = 4096 };

typedef struct job {
  const random_level *level;
  bool are_logits;
  ptrdiff_t classes, draws;
  const double *weights;
  double *cumulative;
  int64_t *out;
} job;

/// Running sums of each row's weights.
static void cumulate_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  for (ptrdiff_t row = begin; row < end; row++) {
    const double *weights = work->weights + row * work->classes;
    double *cumulative = work->cumulative + row * work->classes;
    if (work->are_logits) {
      double greatest = weights[0];
      for (ptrdiff_t i = 1; i < work->classes; i++) {
        greatest = weights[i] > greatest ? weights[i] : greatest;
      }
      work->level->exponentials(work->classes, weights, greatest, cumulative);
      weights = cumulative;
    }
    double sum = 0;
    for (ptrdiff_t i = 0; i < work->classes; i++) cumulative[i] = sum += weights[i];
  }
}

/// The first class whose running sum exceeds a part of the total.
static ptrdiff_t find(const double *cumulative, ptrdiff_t classes, double u) {
  const double total = cumulative[classes - 1], target = u * total;
  // Halving without branches, which random targets would make the processor guess wrong.
  const double *base = cumulative;
  for (ptrdiff_t rest = classes; rest > 1;) {
    ptrdiff_t half = rest / 2;
    base += half & -(ptrdiff_t)(base[half - 1] <= target);
    rest -= half;
  }
  ptrdiff_t low = base - cumulative + (*base <= target);
  if (low < classes) return low;
  // The product was rounded up to the total: the last class with a weight.
  for (low = classes - 1; low > 0 && cumulative[low - 1] == total; low--) {}
  return low;
}

/// Turns random bits into classes.
static void draw_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    double u = (double)((uint64_t)work->out[i] >> 11) * 0x1p-53;
    work->out[i] = find(work->cumulative + i / work->draws * work->classes, work->classes, u);
  }
}

uint64_t apus_random_categorical(apus_random generator, uint64_t position, ptrdiff_t rows,
                                 ptrdiff_t classes, const double *weights, bool are_logits,
                                 ptrdiff_t draws, int64_t *out) {
  if (rows == 0 || draws == 0) return 0;
  const size_t bytes = (size_t)(rows * classes) * sizeof(double);
  job work = {apus_random_level(), are_logits, classes, draws, weights, apus_allocate(bytes), out};
  uint64_t blocks = apus_random_bits(generator, position, rows * draws, (uint64_t *)out);
  apus_parallel_for(rows, part_elements / classes + 1, cumulate_part, &work);
  apus_parallel_for(rows * draws, part_elements, draw_part, &work);
  apus_deallocate(work.cumulative, bytes);
  return blocks;
}

uint64_t apus_random_permutation(apus_random generator, uint64_t position, ptrdiff_t count,
                                 ptrdiff_t chosen, int64_t *out) {
  if (chosen == 0) return 0;
  const size_t bytes = (size_t)count * sizeof(int64_t);
  int64_t *items = chosen == count ? out : apus_allocate(bytes);
  const size_t bit_bytes = (size_t)chosen * sizeof(uint64_t);
  uint64_t *bits = apus_allocate(bit_bytes);
  uint64_t blocks = apus_random_bits(generator, position, chosen, bits);
  for (ptrdiff_t i = 0; i < count; i++) items[i] = i;
  for (ptrdiff_t i = 0; i < chosen; i++) {
    uint64_t rest = (uint64_t)(count - i);
    ptrdiff_t j = i + (ptrdiff_t)((unsigned __int128)bits[i] * rest >> 64);
    int64_t item = items[j];
    items[j] = items[i];
    out[i] = items[i] = item;
  }
  apus_deallocate(bits, bit_bytes);
  if (items != out) apus_deallocate(items, bytes);
  return blocks;
}
