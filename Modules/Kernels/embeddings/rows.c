#include "embeddings.h"
#include "memory.h"
#include "parallel.h"

#include <string.h>

enum { part_elements = 1 << 14, band = 64 };

// Open addressing: the work depends on the number of indices alone, not on how many rows the matrix
// has.
ptrdiff_t apus_group_rows(ptrdiff_t count, const int64_t *index, int64_t skipped, int64_t *rows,
                          int64_t *group) {
  size_t size = 16;
  while (size < 2 * (size_t)count) size *= 2;
  const int shift = 64 - __builtin_ctzll(size);
  int32_t *table = apus_allocate(size * sizeof *table);
  memset(table, 0xff, size * sizeof *table);
  ptrdiff_t groups = 0;
  for (ptrdiff_t j = 0; j < count; j++) {
    const int64_t row = index[j];
    group[j] = -1;
    if (row == skipped) continue;
    size_t at = (size_t)((uint64_t)row * 0x9e3779b97f4a7c15u >> shift);
    while (table[at] >= 0 && rows[table[at]] != row) at = (at + 1) & (size - 1);
    if (table[at] < 0) {
      table[at] = (int32_t)groups;
      rows[groups++] = row;
    }
    group[j] = table[at];
  }
  apus_deallocate(table, size * sizeof *table);
  return groups;
}

typedef struct sum_job {
  bool wide;
  ptrdiff_t count, inner;
  const void *a;
  const int64_t *group;
  void *out;
} sum_job;

// Groups are numbered by their first appearance: a new one's first row is copied.
#define SUM(T)                                                             \
  do {                                                                     \
    const T *a = work->a;                                                  \
    T *out = work->out;                                                    \
    ptrdiff_t groups = 0;                                                  \
    for (ptrdiff_t j = 0; j < work->count; j++) {                          \
      const int64_t g = work->group[j];                                    \
      if (g < 0) continue;                                                 \
      const T *restrict from = a + j * inner + left;                       \
      T *restrict to = out + g * inner + left;                             \
      if (g == groups) {                                                   \
        memcpy(to, from, (size_t)width * sizeof *to);                      \
        groups++;                                                          \
      } else {                                                             \
        for (ptrdiff_t i = 0; i < width; i++) to[i] += from[i];            \
      }                                                                    \
    }                                                                      \
  } while (0)

/// Threads share out bands of columns: each sum is made by one thread, in order.
static void sum_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const sum_job *work = context;
  const ptrdiff_t inner = work->inner, left = begin * band;
  const ptrdiff_t width = (end * band < inner ? end * band : inner) - left;
  if (work->wide) SUM(double);
  else SUM(float);
}

void apus_sum_rows(apus_dtype type, ptrdiff_t count, ptrdiff_t inner, const void *a,
                   const int64_t *group, void *out) {
  if (inner == 0) return;
  sum_job work = {type == apus_dtype_float64, count, inner, a, group, out};
  const ptrdiff_t grain = part_elements * 4 / (count * band + 1) + 1;
  apus_parallel_for((inner + band - 1) / band, grain, sum_part, &work);
}

typedef struct put_job {
  ptrdiff_t bytes;
  const char *a;
  const int64_t *rows;
  char *out;
} put_job;

static void put_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const put_job *work = context;
  for (ptrdiff_t g = begin; g < end; g++) {
    memcpy(work->out + work->rows[g] * work->bytes, work->a + g * work->bytes,
           (size_t)work->bytes);
  }
}

void apus_put_rows(ptrdiff_t count, ptrdiff_t bytes, const void *a, const int64_t *rows,
                   void *out) {
  put_job work = {bytes, a, rows, out};
  if (bytes > 0) apus_parallel_for(count, part_elements * 4 / bytes + 1, put_part, &work);
}
