#include "kernel.h"
#include "memory.h"
#include "parallel.h"

#define APUS_TEMPLATE "../reduce/dot.inc"
#include "../machine/levels.h"

typedef void (*dot_block)(const void *a, const void *b, ptrdiff_t count, void *sum);

// Blocks of `block` elements, and their sums added by the kernel of sums, which goes pairwise.
enum { block = 4096, blocks_at_once = 8 };

typedef struct job {
  dot_block dot;
  const char *a, *b;
  char *sums;
  ptrdiff_t element;
} job;

static void dot_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  for (ptrdiff_t i = begin; i < end; i += block) {
    ptrdiff_t count = end - i < block ? end - i : block;
    work->dot(work->a + i * work->element, work->b + i * work->element, count,
              work->sums + i / block * work->element);
  }
}

void apus_dot(apus_dtype type, ptrdiff_t count, const void *a, const void *b, void *out) {
  static const dot_block narrow[] = APUS_AT_LEVEL(dot_float32);
  static const dot_block wide[] = APUS_AT_LEVEL(dot_float64);
  const apus_level level = apus_current_level();
  const bool is_wide = type == apus_dtype_float64;
  job work = {is_wide ? wide[level] : narrow[level], a, b, out, is_wide ? 8 : 4};
  if (count <= block) {
    work.dot(a, b, count, out);
    return;
  }
  ptrdiff_t blocks = (count - 1) / block + 1;
  size_t bytes = (size_t)(blocks * work.element);
  work.sums = apus_allocate(bytes);
  ptrdiff_t grain = count < 16 * block ? count : blocks_at_once * block;
  apus_parallel_for(count, grain, dot_part, &work);
  apus_reduce(apus_reduction_sum, type, 1, &blocks, work.sums, &(ptrdiff_t){1}, 1, out);
  apus_deallocate(work.sums, bytes);
}
