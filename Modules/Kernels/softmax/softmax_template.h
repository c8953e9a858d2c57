#include "../math/vector.h"
#include "../math/exp.h"
#include "../math/row.h"

// Every loop takes whole vectors and then the rest of the row, padded so that it changes nothing.

#define row_maximum APUS_NAME(row_maximum)
#define row_exp_sum APUS_NAME(row_exp_sum)
#define row_dot APUS_NAME(row_dot)
#define row_sum APUS_NAME(row_sum)

APUS_INLINE float row_maximum(const float *a, ptrdiff_t n) {
  vf top = -__builtin_inff(), other = top;
  ptrdiff_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    vf x = v_load(a + i), y = v_load(a + i + lanes);
    top = APUS_LARGER(x, top);
    other = APUS_LARGER(y, other);
  }
  for (; i + lanes <= n; i += lanes) {
    vf x = v_load(a + i);
    top = APUS_LARGER(x, top);
  }
  if (i < n) {
    vf x = v_load_or(a + i, n - i, -__builtin_inff());
    other = APUS_LARGER(x, other);
  }
  return v_largest(APUS_LARGER(top, other));
}

/// The sum of e^(a[i] - maximum), the terms stored where out is not NULL.
APUS_INLINE float row_exp_sum(const float *a, ptrdiff_t n, float maximum, float *out) {
  vf sum = 0.0f;
  ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    vf e = v_exp_flushed(v_load(a + i) - maximum);
    if (out) v_store(out + i, e);
    sum += e;
  }
  if (i < n) {
    vf e = v_exp_flushed(v_load_or(a + i, n - i, -__builtin_inff()) - maximum);
    if (out) v_store_part(out + i, e, n - i);
    sum += e;
  }
  return v_sum(sum);
}

APUS_INLINE float row_dot(const float *a, const float *b, ptrdiff_t n) {
  vf sum = 0.0f, other = 0.0f;
  ptrdiff_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    sum = v_fma(v_load(a + i), v_load(b + i), sum);
    other = v_fma(v_load(a + i + lanes), v_load(b + i + lanes), other);
  }
  for (; i + lanes <= n; i += lanes) sum = v_fma(v_load(a + i), v_load(b + i), sum);
  if (i < n) other = v_fma(v_load_part(a + i, n - i), v_load_part(b + i, n - i), other);
  return v_sum(sum + other);
}

APUS_INLINE float row_sum(const float *a, ptrdiff_t n) {
  vf sum = 0.0f;
  ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) sum += v_load(a + i);
  if (i < n) sum += v_load_part(a + i, n - i);
  return v_sum(sum);
}

static void APUS_NAME(softmax)(const softmax_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  for (ptrdiff_t row = begin; row < end; row++) {
    const float *a = (const float *)job->a + row * n;
    float *out = (float *)job->out + row * n;
    if (n <= lanes) {
      vf x = v_load_or(a, n, -__builtin_inff());
      vf e = v_exp_flushed(x - v_largest(x));
      v_store_part(out, e / v_sum(e), n);
      continue;
    }
    float scale = 1.0f / row_exp_sum(a, n, row_maximum(a, n), out);
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes) v_store(out + i, v_load(out + i) * scale);
    for (; i < n; i++) out[i] *= scale;
  }
}

static void APUS_NAME(softmax_backward)(const softmax_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  for (ptrdiff_t row = begin; row < end; row++) {
    const float *y = (const float *)job->a + row * n;
    const float *upstream = (const float *)job->upstream + row * n;
    float *out = (float *)job->out + row * n;
    if (n <= lanes) {
      vf s = v_load_part(y, n), g = v_load_part(upstream, n);
      v_store_part(out, s * (g - v_sum(s * g)), n);
      continue;
    }
    float dot = row_dot(y, upstream, n);
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes) {
      v_store(out + i, v_load(y + i) * (v_load(upstream + i) - dot));
    }
    for (; i < n; i++) out[i] = y[i] * (upstream[i] - dot);
  }
}

static void APUS_NAME(log_softmax)(const softmax_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  for (ptrdiff_t row = begin; row < end; row++) {
    const float *a = (const float *)job->a + row * n;
    float *out = (float *)job->out + row * n;
    float maximum = row_maximum(a, n);
    float log_sum = logf(row_exp_sum(a, n, maximum, NULL));
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes) v_store(out + i, (v_load(a + i) - maximum) - log_sum);
    for (; i < n; i++) out[i] = (a[i] - maximum) - log_sum;
  }
}

static void APUS_NAME(log_softmax_backward)(const softmax_job *job, ptrdiff_t begin,
                                            ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  for (ptrdiff_t row = begin; row < end; row++) {
    const float *y = (const float *)job->a + row * n;
    const float *upstream = (const float *)job->upstream + row * n;
    float *out = (float *)job->out + row * n;
    float sum = row_sum(upstream, n);
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes) {
      v_store(out + i, v_load(upstream + i) - v_exp(v_load(y + i)) * sum);
    }
    if (i < n) {
      vf g = v_load_part(upstream + i, n - i);
      v_store_part(out + i, g - v_exp(v_load_part(y + i, n - i)) * sum, n - i);
    }
  }
}

static const softmax_rows APUS_NAME(softmax_kernels)[softmax_kinds] = {
  [softmax_forward] = APUS_NAME(softmax),
  [softmax_gradient] = APUS_NAME(softmax_backward),
  [log_softmax_forward] = APUS_NAME(log_softmax),
  [log_softmax_gradient] = APUS_NAME(log_softmax_backward),
};
