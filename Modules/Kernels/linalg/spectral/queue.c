#include "internal.h"

#include "memory.h"
#include "parallel.h"

static ptrdiff_t panel_width(apus_dtype type) {
  return panel_bytes / (type == apus_dtype_float32 ? 4 : 8);
}

static size_t panel_size(const rotation_queue *queue) {
  return (size_t)(queue->vectors.rows * panel_bytes);
}

rotation_queue rotation_queue_make(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns) {
  rotation_queue queue = {.rotate = spectral_kernels_for(type)->rotate};
  queue.vectors.rows = rows;
  queue.vectors.count = gemm_ceil(columns, panel_width(type));
  queue.vectors.data = apus_allocate(panel_size(&queue) * (size_t)queue.vectors.count);
  // Small matrices wait until the end; of large ones, the factors should stay in the cache.
  queue.capacity = gemm_max(2 * rows, 8192);
  queue.factors = apus_allocate((size_t)queue.capacity * sizeof(double));
  return queue;
}

void rotation_queue_free(rotation_queue *queue) {
  apus_deallocate(queue->vectors.data, panel_size(queue) * (size_t)queue->vectors.count);
  apus_deallocate(queue->factors, (size_t)queue->capacity * sizeof(double));
}

static void flush_panels(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const rotation_queue *queue = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    queue->rotate((char *)queue->vectors.data + (size_t)i * panel_size(queue), queue->runs,
                  queue->count);
  }
}

void rotation_queue_flush(rotation_queue *queue) {
  if (queue->count == 0) return;
  ptrdiff_t work = queue->used * 16 * queue->vectors.count;
  ptrdiff_t grain = work < 500000 ? queue->vectors.count : 1;
  apus_parallel_for(queue->vectors.count, grain, flush_panels, queue);
  queue->used = queue->count = 0;
}

double *rotation_queue_reserve(rotation_queue *queue, ptrdiff_t count) {
  if (queue->count == most_runs || queue->used + 2 * count > queue->capacity) {
    rotation_queue_flush(queue);
  }
  return queue->factors + queue->used;
}

void rotation_queue_commit(rotation_queue *queue, ptrdiff_t start, ptrdiff_t step,
                           ptrdiff_t count) {
  queue->runs[queue->count++] =
      (rotation_run){start, step, count, queue->factors + queue->used};
  queue->used += 2 * count;
}

void spectral_sort(ptrdiff_t n, const double *values, double sign, ptrdiff_t *order) {
  // Shell's sort by (value, place): few elements, no recursion, and equal ones stay in order.
  for (ptrdiff_t i = 0; i < n; i++) order[i] = i;
  ptrdiff_t gap = 1;
  while (gap < n / 3) gap = 3 * gap + 1;
  for (; gap > 0; gap /= 3) {
    for (ptrdiff_t i = gap; i < n; i++) {
      ptrdiff_t place = order[i], j = i;
      double value = sign * values[place];
      for (; j >= gap; j -= gap) {
        ptrdiff_t other = order[j - gap];
        double there = sign * values[other];
        if (there < value || (there == value && other < place)) break;
        order[j] = other;
      }
      order[j] = place;
    }
  }
}
