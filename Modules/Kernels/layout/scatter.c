#include "axes.h"
#include "layout.h"
#include "parallel.h"

#define T uint8_t
#define NAME(base) base##_bool
#define ADD(x, y) ((uint8_t)((x) | (y)))
#include "scatter.inc"
#undef T
#undef NAME
#undef ADD
#define ADD(x, y) ((x) + (y))
#define T uint32_t
#define NAME(base) base##_int32
#include "scatter.inc"
#undef T
#undef NAME
#define T uint64_t
#define NAME(base) base##_int64
#include "scatter.inc"
#undef T
#undef NAME
#define T float
#define NAME(base) base##_float32
#include "scatter.inc"
#undef T
#undef NAME
#define T double
#define NAME(base) base##_float64
#include "scatter.inc"

// Threads share out planes and bands of columns, never rows: each element of the output receives
// its terms in order of j from one thread.

enum { band = 32, part_elements = 1 << 13 };

typedef struct job {
  apus_dtype type;
  bool along;
  ptrdiff_t length, inner, count, bands, bytes;
  const char *a;
  const int64_t *index;
  char *out;
} job;

#define SCATTER(T, suffix)                                                              \
  (work->along ? scatter_along##suffix : scatter##suffix)((const T *)a, index, (T *)out, \
                                                          work->count, inner, left, right)

static void scatter_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  const ptrdiff_t inner = work->inner;
  while (begin < end) {  // the bands of one plane that belong to this part, as one
    ptrdiff_t plane = begin / work->bands, first = begin % work->bands;
    ptrdiff_t stop = end - begin < work->bands - first ? first + end - begin : work->bands;
    ptrdiff_t left = first * band, right = stop == work->bands ? inner : stop * band;
    const char *a = work->a + plane * work->count * inner * work->bytes;
    char *out = work->out + plane * work->length * inner * work->bytes;
    const int64_t *index = work->index + (work->along ? plane * work->count * inner : 0);
    switch (work->type) {
    case apus_dtype_bool: SCATTER(uint8_t, _bool); break;
    case apus_dtype_int32: SCATTER(uint32_t, _int32); break;
    case apus_dtype_int64: SCATTER(uint64_t, _int64); break;
    case apus_dtype_float32: SCATTER(float, _float32); break;
    case apus_dtype_float64: SCATTER(double, _float64); break;
    }
    begin += stop - first;
  }
}

#define PUT(T)                                                                 \
  do {                                                                         \
    const T *a = (const T *)work->a;                                           \
    T *out = (T *)work->out;                                                   \
    const ptrdiff_t inner = work->inner;                                       \
    for (ptrdiff_t plane = begin; plane < end; plane++) {                      \
      const ptrdiff_t first = plane * work->count * inner;                     \
      T *to = out + plane * work->length * inner;                              \
      for (ptrdiff_t j = 0; j < work->count; j++) {                            \
        for (ptrdiff_t i = 0; i < inner; i++) {                                \
          const ptrdiff_t at = first + j * inner + i;                          \
          to[work->index[at] * inner + i] = a[at];                             \
        }                                                                      \
      }                                                                        \
    }                                                                          \
  } while (0)

static void put_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  switch (work->bytes) {
  case 1: PUT(uint8_t); break;
  case 4: PUT(uint32_t); break;
  default: PUT(uint64_t); break;
  }
}

void apus_put_along(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                    const void *a, const int64_t *index, ptrdiff_t count, void *out) {
  job work = {type, true, length, inner, count, 0, element_bytes(type), a, index, out};
  if (inner == 0 || count == 0) return;
  apus_parallel_for(outer, part_elements / (count * inner) + 1, put_part, &work);
}

static void scatter_run(job *work, ptrdiff_t outer) {
  if (work->inner == 0 || work->count == 0) return;
  work->bands = (work->inner - 1) / band + 1;
  ptrdiff_t width = work->inner < band ? work->inner : band;
  ptrdiff_t grain = part_elements / (work->count * width) + 1;
  apus_parallel_for(outer * work->bands, grain, scatter_part, work);
}

void apus_scatter_add(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                      const void *a, const int64_t *index, ptrdiff_t count, void *out) {
  job work = {type, false, length, inner, count, 0, element_bytes(type), a, index, out};
  scatter_run(&work, outer);
}

void apus_scatter_add_along(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                            const void *a, const int64_t *index, ptrdiff_t count, void *out) {
  job work = {type, true, length, inner, count, 0, element_bytes(type), a, index, out};
  scatter_run(&work, outer);
}
