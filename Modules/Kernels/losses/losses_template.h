#include "../math/vector.h"
#include "../math/exp.h"
#include "../math/log.h"
#include "../math/row.h"
#include "power.h"

// The last elements of a row go through a whole vector, padded so that they change nothing.

#define binary_loss APUS_NAME(binary_loss)
#define top_of APUS_NAME(top_of)
#define weighted APUS_NAME(weighted)
#define weighted_loss APUS_NAME(weighted_loss)
#define total APUS_NAME(total)

APUS_INLINE vf binary_loss(vf x, vf t) {
  return (v_at_least(x, 0.0f) - x * t) + v_softplus(-v_abs(x));
}

static void APUS_NAME(binary_loss_part)(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const float *x = job->logits, *t = job->targets;
  float *out = job->out;
  ptrdiff_t i = begin;
  for (; i + lanes <= end; i += lanes) v_store(out + i, binary_loss(v_load(x + i), v_load(t + i)));
  if (i < end) {
    vf loss = binary_loss(v_load_part(x + i, end - i), v_load_part(t + i, end - i));
    v_store_part(out + i, loss, end - i);
  }
}

static void APUS_NAME(binary_slope_part)(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const float *x = job->logits, *t = job->targets, *upstream = job->upstream;
  float *out = job->out, scale = (float)job->scale;
  bool single = job->upstream_stride == 0;
  float common = single ? *upstream * scale : 0;
  ptrdiff_t i = begin;
  for (; i + lanes <= end; i += lanes) {
    vf each = single ? (vf)common : v_load(upstream + i) * scale;
    v_store(out + i, (v_sigmoid(v_load(x + i)) - v_load(t + i)) * each);
  }
  if (i < end) {
    vf each = single ? (vf)common : v_load_part(upstream + i, end - i) * scale;
    vf slope = v_sigmoid(v_load_part(x + i, end - i)) - v_load_part(t + i, end - i);
    v_store_part(out + i, slope * each, end - i);
  }
}

APUS_INLINE float top_of(const float *x, ptrdiff_t n) {
  vf top = -__builtin_inff(), other = top;
  ptrdiff_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    vf one = v_load(x + i), two = v_load(x + i + lanes);
    top = APUS_LARGER(one, top);
    other = APUS_LARGER(two, other);
  }
  for (; i + lanes <= n; i += lanes) top = APUS_LARGER(v_load(x + i), top);
  if (i < n) {
    vf rest = v_load_or(x + i, n - i, -__builtin_inff());
    other = APUS_LARGER(rest, other);
  }
  return v_largest(APUS_LARGER(top, other));
}

/// t (log_sum - (x - top)), or 0 where t is 0, even at x = -infinity.
APUS_INLINE vf weighted(vf x, vf t, float top, float log_sum) {
  return t == 0.0f ? (vf)0.0f : t * (log_sum - (x - top));
}

/// The sum of the above over a row.
APUS_INLINE float weighted_loss(const float *x, const float *t, ptrdiff_t n, float top,
                                float log_sum) {
  vf loss = 0.0f;
  ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    loss += weighted(v_load(x + i), v_load(t + i), top, log_sum);
  }
  if (i < n) {
    loss += weighted(v_load_part(x + i, n - i), v_load_part(t + i, n - i), top, log_sum);
  }
  return v_sum(loss);
}

APUS_INLINE float total(const float *t, ptrdiff_t n) {
  vf sum = 0.0f;
  ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) sum += v_load(t + i);
  if (i < n) sum += v_load_part(t + i, n - i);
  return v_sum(sum);
}

static void APUS_NAME(soft_loss_part)(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  for (ptrdiff_t row = begin; row < end; row++) {
    const float *x = (const float *)job->logits + row * n;
    const float *t = (const float *)job->targets + row * n;
    float top = top_of(x, n);
    vf sum = 0.0f;
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes) sum += v_exp(v_load(x + i) - top);
    if (i < n) sum += v_exp(v_load_or(x + i, n - i, -__builtin_inff()) - top);
    float log_sum = logf(v_sum(sum));
    ((float *)job->out)[row] = weighted_loss(x, t, n, top, log_sum);
    ((float *)job->row_sums)[row] = top + log_sum;
  }
}

static void APUS_NAME(soft_slope_part)(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  for (ptrdiff_t row = begin; row < end; row++) {
    const float *x = (const float *)job->logits + row * n;
    const float *t = (const float *)job->targets + row * n;
    float *out = (float *)job->out + row * n;
    float log_sum = ((const float *)job->read_row_sums)[row];
    float scale = ((const float *)job->upstream)[row * job->upstream_stride];
    float weight = total(t, n);
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes) {
      v_store(out + i, (v_exp(v_load(x + i) - log_sum) * weight - v_load(t + i)) * scale);
    }
    if (i < n) {
      vf slope = v_exp(v_load_part(x + i, n - i) - log_sum) * weight - v_load_part(t + i, n - i);
      v_store_part(out + i, slope * scale, n - i);
    }
  }
}

#include "labels_template.h"

static const loss_part APUS_NAME(loss_kernels)[loss_kinds] = {
  [binary_forward] = APUS_NAME(binary_loss_part),
  [binary_gradient] = APUS_NAME(binary_slope_part),
  [soft_forward] = APUS_NAME(soft_loss_part),
  [soft_gradient] = APUS_NAME(soft_slope_part),
  [label_forward] = APUS_NAME(label_loss_part),
  [label_gradient] = APUS_NAME(label_slope_part),
};
