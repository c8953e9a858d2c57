#include "axes.h"
#include "layout.h"
#include "parallel.h"

#include <string.h>

enum { part_elements = 1 << 14 };

typedef struct job {
  apus_dtype type;
  ptrdiff_t length, inner, count, bytes;
  const char *a;
  const int64_t *index;
  char *out;
} job;

/// Units of `size` elements to a chunk.
static ptrdiff_t grain_for(ptrdiff_t size) {
  return size >= part_elements ? 1 : part_elements / (size > 0 ? size : 1);
}

static void gather_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  const ptrdiff_t row = work->inner * work->bytes;
  ptrdiff_t o = begin / work->count, j = begin % work->count;
  const char *a = work->a + o * work->length * row;
  char *out = work->out + begin * row;
  for (ptrdiff_t unit = begin; unit < end; unit++, out += row) {
    const char *from = a + work->index[j] * row;
    if (row == 4) memcpy(out, from, 4);
    else if (row == 8) memcpy(out, from, 8);
    else memcpy(out, from, (size_t)row);
    if (++j == work->count) {
      j = 0;
      a += work->length * row;
    }
  }
}

void apus_gather(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                 const void *a, const int64_t *index, ptrdiff_t count, void *out) {
  job work = {type, length, inner, count, element_bytes(type), a, index, out};
  if (inner > 0) apus_parallel_for(outer * count, grain_for(inner), gather_part, &work);
}

#define TAKE(T, work, begin, end)                                        \
  do {                                                                   \
    const T *a = (const T *)(work)->a;                                   \
    T *out = (T *)(work)->out;                                           \
    const ptrdiff_t inner = (work)->inner, plane = (work)->length * inner; \
    for (ptrdiff_t row = begin; row < end; row++) {                      \
      const T *from = a + row / (work)->count * plane;                   \
      const int64_t *index = (work)->index + row * inner;                \
      for (ptrdiff_t i = 0; i < inner; i++) {                            \
        out[row * inner + i] = from[index[i] * inner + i];               \
      }                                                                  \
    }                                                                    \
  } while (0)

static void take_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  switch (work->bytes) {
  case 1: TAKE(uint8_t, work, begin, end); break;
  case 4: TAKE(uint32_t, work, begin, end); break;
  default: TAKE(uint64_t, work, begin, end); break;
  }
}

void apus_take_along(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                     const void *a, const int64_t *index, ptrdiff_t count, void *out) {
  job work = {type, length, inner, count, element_bytes(type), a, index, out};
  apus_parallel_for(outer * count, grain_for(inner), take_part, &work);
}
