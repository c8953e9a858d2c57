#include "sort.h"
#include "key.h"
#include "memory.h"
#include "parallel.h"

enum { run_length = 16, radix_count = 384, part_elements = 4096 };

typedef struct job {
  apus_dtype type;
  ptrdiff_t columns, k;
  const void *a;
  int64_t *out;
  uint64_t flip;  // all ones to sort downwards
} job;

// A key of 32 bits and a place below 2^32 fit one number.
static inline uint64_t item_narrow(const job *work, ptrdiff_t first, ptrdiff_t i) {
  const uint32_t flip = (uint32_t)work->flip;
  uint32_t key;
  switch (work->type) {
  case apus_dtype_bool: key = ((const uint8_t *)work->a)[first + i] ^ flip; break;
  case apus_dtype_int32: key = key_int32(((const int32_t *)work->a)[first + i], flip); break;
  default: key = key_float32(((const float *)work->a)[first + i], flip); break;
  }
  return (uint64_t)key << 32 | (uint64_t)i;
}

#define ITEM uint64_t
#define NAME(base) base##_narrow
#define KEY(item) ((item) >> 32)
#define KEY_BYTES 4
#define PLACE(item) ((item) & 0xffffffffu)
#define BEFORE(a, b) ((a) < (b))
#include "sort.inc"

typedef struct wide_item {
  uint64_t key;
  int64_t place;
} wide_item;

static inline wide_item item_wide(const job *work, ptrdiff_t first, ptrdiff_t i) {
  const uint64_t flip = work->flip;
  uint64_t key;
  switch (work->type) {
  case apus_dtype_int64: key = key_int64(((const int64_t *)work->a)[first + i], flip); break;
  case apus_dtype_float64: key = key_float64(((const double *)work->a)[first + i], flip); break;
  default: key = item_narrow(work, first, i) >> 32; break;
  }
  return (wide_item){key, i};
}

#define ITEM wide_item
#define NAME(base) base##_wide
#define KEY(item) ((item).key)
#define KEY_BYTES 8
#define PLACE(item) ((item).place)
#define BEFORE(a, b) ((a).key < (b).key || ((a).key == (b).key && (a).place < (b).place))
#include "sort.inc"

void apus_top_k(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *a, ptrdiff_t k,
                bool largest, int64_t *out) {
  if (k == 0) return;
  job work = {type, columns, k, a, out, largest ? UINT64_MAX : 0};
  bool wide = type == apus_dtype_int64 || type == apus_dtype_float64 || columns > UINT32_MAX;
  ptrdiff_t grain = columns < part_elements ? part_elements / columns : 1;
  apus_parallel_for(rows, grain, wide ? sort_rows_wide : sort_rows_narrow, &work);
}

void apus_argsort(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *a,
                  bool descending, int64_t *out) {
  apus_top_k(type, rows, columns, a, columns, descending, out);
}
