#include "parallel.h"
#include "reduce.h"

// Threads share out planes and tiles of columns, never the axis that is scanned.

enum { scan_tile = 32, part_elements = 1 << 13 };

typedef struct scan_job scan_job;
typedef void (*scan_kernel)(const scan_job *job, const void *a, void *out, ptrdiff_t left,
                            ptrdiff_t right);

struct scan_job {
  scan_kernel kernel;
  ptrdiff_t length, inner, tiles;
  ptrdiff_t in_bytes, out_bytes;
  bool reverse, exclusive, largest;
  const char *a, *b;
  char *out;
};

#define IS_NAN(x) false
#define T uint8_t
#define OUT int64_t
#define WIDE uint64_t
#define NAME(base) base##_bool
#include "scan.inc"
#define T int32_t
#define OUT int64_t
#define WIDE uint64_t
#define NAME(base) base##_int32
#include "scan.inc"
#define T int64_t
#define OUT int64_t
#define WIDE uint64_t
#define NAME(base) base##_int64
#include "scan.inc"
#undef IS_NAN
#define IS_NAN(x) ((x) != (x))
#define T float
#define OUT float
#define WIDE double
#define NAME(base) base##_float32
#include "scan.inc"
#define T double
#define OUT double
#define WIDE double
#define NAME(base) base##_float64
#include "scan.inc"

static void scan_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const scan_job *job = context;
  const ptrdiff_t plane_size = job->length * job->inner;
  while (begin < end) {  // the tiles of one plane that belong to this part, as one
    ptrdiff_t plane = begin / job->tiles, first = begin % job->tiles;
    ptrdiff_t stop = end - begin < job->tiles - first ? first + end - begin : job->tiles;
    ptrdiff_t right = stop == job->tiles ? job->inner : stop * scan_tile;
    job->kernel(job, job->a + plane * plane_size * job->in_bytes,
                job->out + plane * plane_size * job->out_bytes, first * scan_tile, right);
    begin += stop - first;
  }
}

static void run(scan_job *job, ptrdiff_t outer) {
  if (outer == 0 || job->length == 0 || job->inner == 0) return;
  job->tiles = (job->inner - 1) / scan_tile + 1;
  const ptrdiff_t width = job->inner < scan_tile ? job->inner : scan_tile;
  apus_parallel_for(outer * job->tiles, part_elements / (job->length * width) + 1, scan_part, job);
}

static const int8_t element_bytes[] = {1, 4, 8, 4, 8};
static const int8_t result_bytes[] = {8, 8, 8, 4, 8};

void apus_scan(apus_scan_kind kind, apus_dtype type, ptrdiff_t outer, ptrdiff_t length,
               ptrdiff_t inner, bool reverse, bool exclusive, const void *a, void *out) {
  static const scan_kernel kernels[][5] = {
    {sums_bool, sums_int32, sums_int64, sums_float32, sums_float64},
    {products_bool, products_int32, products_int64, products_float32, products_float64},
  };
  scan_job job = {.kernel = kernels[kind][type], .length = length, .inner = inner,
                  .in_bytes = element_bytes[type], .out_bytes = result_bytes[type],
                  .reverse = reverse, .exclusive = exclusive, .a = a, .out = out};
  run(&job, outer);
}

void apus_scan_extremes(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                        bool largest, bool reverse, const void *a, int64_t *out) {
  static const scan_kernel kernels[] = {extremes_bool, extremes_int32, extremes_int64,
                                        extremes_float32, extremes_float64};
  scan_job job = {.kernel = kernels[type], .length = length, .inner = inner,
                  .in_bytes = element_bytes[type], .out_bytes = 8, .reverse = reverse,
                  .largest = largest, .a = a, .out = (char *)out};
  run(&job, outer);
}

// h[j] = a[j] h[j - 1] + b[j], in float64.
#define RECURRENCE(T, name)                                                                   \
  static void name(const scan_job *job, const void *from, void *to, ptrdiff_t left,           \
                   ptrdiff_t right) {                                                         \
    const T *a = from;                                                                        \
    const T *b = (const T *)(job->b + ((const char *)from - job->a));                         \
    T *out = to;                                                                              \
    const ptrdiff_t inner = job->inner;                                                       \
    for (ptrdiff_t tile = left; tile < right; tile += scan_tile) {                            \
      const ptrdiff_t width = right - tile < scan_tile ? right - tile : scan_tile;            \
      double state[scan_tile] = {0};                                                          \
      for (ptrdiff_t step = 0; step < job->length; step++) {                                  \
        ptrdiff_t at = (job->reverse ? job->length - 1 - step : step) * inner + tile;         \
        for (ptrdiff_t c = 0; c < width; c++) {                                               \
          double kept = step == 0 ? 0 : (double)a[at + c] * state[c];                         \
          state[c] = kept + (double)b[at + c];                                                \
          out[at + c] = (T)state[c];                                                          \
        }                                                                                     \
      }                                                                                       \
    }                                                                                         \
  }

RECURRENCE(float, recurrence_float32)
RECURRENCE(double, recurrence_float64)

void apus_scan_recurrence(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                          bool reverse, const void *a, const void *b, void *out) {
  bool wide = type == apus_dtype_float64;
  scan_job job = {.kernel = wide ? recurrence_float64 : recurrence_float32, .length = length,
                  .inner = inner, .in_bytes = element_bytes[type],
                  .out_bytes = element_bytes[type], .reverse = reverse, .a = a, .b = b,
                  .out = out};
  run(&job, outer);
}
