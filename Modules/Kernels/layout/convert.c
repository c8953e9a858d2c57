#include "axes.h"
#include "layout.h"
#include "parallel.h"

#include <string.h>

enum { convert_grain = 1 << 14, parallel_count = 1 << 16 };

// Truncates toward zero and saturates; NaN gives 0. The bounds are powers of two and so exact in
// either float type.
static inline int32_t to_int32(double value) {
  if (value != value) return 0;
  return value >= 0x1p31 ? INT32_MAX : value <= -0x1p31 ? INT32_MIN : (int32_t)value;
}

static inline int64_t to_int64(double value) {
  if (value != value) return 0;
  return value >= 0x1p63 ? INT64_MAX : value <= -0x1p63 ? INT64_MIN : (int64_t)value;
}

#define LOOP(from, to, from_type, to_type, expression)                      \
  static void from##_to_##to(const void *source, void *target, ptrdiff_t count) { \
    const from_type *a = source;                                            \
    to_type *out = target;                                                  \
    for (ptrdiff_t i = 0; i < count; i++) {                                 \
      const from_type x = a[i];                                             \
      out[i] = (to_type)(expression);                                       \
    }                                                                       \
  }

LOOP(bool, int32, uint8_t, int32_t, x)
LOOP(bool, int64, uint8_t, int64_t, x)
LOOP(bool, float32, uint8_t, float, x)
LOOP(bool, float64, uint8_t, double, x)
LOOP(int32, bool, int32_t, uint8_t, x != 0)
LOOP(int32, int64, int32_t, int64_t, x)
LOOP(int32, float32, int32_t, float, x)
LOOP(int32, float64, int32_t, double, x)
LOOP(int64, bool, int64_t, uint8_t, x != 0)
LOOP(int64, int32, int64_t, int32_t, x)
LOOP(int64, float32, int64_t, float, x)
LOOP(int64, float64, int64_t, double, x)
LOOP(float32, bool, float, uint8_t, x != 0)
LOOP(float32, int32, float, int32_t, to_int32(x))
LOOP(float32, int64, float, int64_t, to_int64(x))
LOOP(float32, float64, float, double, x)
LOOP(float64, bool, double, uint8_t, x != 0)
LOOP(float64, int32, double, int32_t, to_int32(x))
LOOP(float64, int64, double, int64_t, to_int64(x))
LOOP(float64, float32, double, float, x)

typedef void (*convert_loop)(const void *a, void *out, ptrdiff_t count);

static const convert_loop loops[5][5] = {
  {NULL, bool_to_int32, bool_to_int64, bool_to_float32, bool_to_float64},
  {int32_to_bool, NULL, int32_to_int64, int32_to_float32, int32_to_float64},
  {int64_to_bool, int64_to_int32, NULL, int64_to_float32, int64_to_float64},
  {float32_to_bool, float32_to_int32, float32_to_int64, NULL, float32_to_float64},
  {float64_to_bool, float64_to_int32, float64_to_int64, float64_to_float32, NULL},
};

typedef struct convert_job {
  convert_loop loop;
  const char *a;
  char *out;
  ptrdiff_t from, to;
} convert_job;

static void convert_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const convert_job *job = context;
  job->loop(job->a + begin * job->from, job->out + begin * job->to, end - begin);
}

void apus_convert(apus_dtype from, apus_dtype to, ptrdiff_t count, const void *a, void *out) {
  if (from == to) {
    apus_copy(from, 1, &count, a, &(ptrdiff_t){1}, out, &(ptrdiff_t){1});
    return;
  }
  convert_job job = {loops[from][to], a, out, element_bytes(from), element_bytes(to)};
  apus_parallel_for(count, count < parallel_count ? count : convert_grain, convert_part, &job);
}

typedef struct fill_job {
  uint64_t value;
  char *out;
  ptrdiff_t bytes;
} fill_job;

static void fill_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const fill_job *job = context;
  if (job->bytes == 1) {
    memset(job->out + begin, (int)job->value, (size_t)(end - begin));
  } else if (job->bytes == 4) {
    uint32_t *out = (uint32_t *)job->out, value = (uint32_t)job->value;
    for (ptrdiff_t i = begin; i < end; i++) out[i] = value;
  } else {
    uint64_t *out = (uint64_t *)job->out, value = job->value;
    for (ptrdiff_t i = begin; i < end; i++) out[i] = value;
  }
}

void apus_fill(apus_dtype type, ptrdiff_t count, const void *value, void *out) {
  fill_job job = {.out = out, .bytes = element_bytes(type)};
  switch (job.bytes) {
  case 1: job.value = *(const uint8_t *)value; break;
  case 4: job.value = *(const uint32_t *)value; break;
  default: job.value = *(const uint64_t *)value; break;
  }
  apus_parallel_for(count, count < parallel_count ? count : convert_grain, fill_part, &job);
}
