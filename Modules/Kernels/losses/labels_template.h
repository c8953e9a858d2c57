// The cross-entropy of class labels; included by losses_template.h.

#define power_sum APUS_NAME(power_sum)

/// The sum of e^(x[i] - top); the terms are stored where out is not NULL.
APUS_INLINE float power_sum(const float *x, ptrdiff_t n, float top, float *out) {
  vf sum = 0.0f;
  ptrdiff_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    vf e = power_below(v_load(x + i), top);
    if (out) v_store(out + i, e);
    sum += e;
  }
  if (i < n) {
    vf e = power_below(v_load_or(x + i, n - i, -__builtin_inff()), top);
    if (out) v_store_part(out + i, e, n - i);
    sum += e;
  }
  return v_sum(sum);
}

static void APUS_NAME(label_loss_part)(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  const float *weights = job->row_weights, *spread = job->spread;
  float *out = job->out, *inverse_sums = job->row_sums;
  for (ptrdiff_t row = begin; row < end; row++) {
    const float *x = (const float *)job->logits + row * n;
    ptrdiff_t label = loss_label(job, row);
    if (label < 0) {
      out[row] = inverse_sums[row] = 0;
      continue;
    }
    float *powers = job->powers ? (float *)job->powers + row * n : NULL, top, sum;
    if (n <= lanes) {
      vf all = v_load_or(x, n, -__builtin_inff());
      top = v_largest(all);
      vf e = power_below(all, top);
      if (powers) v_store_part(powers, e, n);
      sum = v_sum(e);
    } else {
      top = top_of(x, n);
      sum = power_sum(x, n, top, powers);
    }
    float log_sum = logf(sum), weight = weights ? weights[row] : 1.0f;
    float loss = weight == 0 ? 0 : weight * (log_sum - (x[label] - top));
    if (spread) loss += weighted_loss(x, spread, n, top, log_sum);
    out[row] = loss;
    inverse_sums[row] = 1.0f / sum;
  }
}

static void APUS_NAME(label_slope_part)(const loss_job *job, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t n = job->columns;
  const float *weights = job->row_weights, *spread = job->spread;
  float spread_total = spread ? total(spread, n) : 0;
  for (ptrdiff_t row = begin; row < end; row++) {
    const float *powers = (const float *)job->read_powers + row * n;
    float *out = (float *)job->out + row * n;
    ptrdiff_t label = loss_label(job, row);
    if (label < 0) {
      memset(out, 0, (size_t)n * sizeof(float));
      continue;
    }
    float upstream = ((const float *)job->upstream)[row * job->upstream_stride];
    float weight = weights ? weights[row] : 1.0f;
    float scale = upstream * (weight + spread_total) * ((const float *)job->read_row_sums)[row];
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes) v_store(out + i, v_load(powers + i) * scale);
    if (i < n) v_store_part(out + i, v_load_part(powers + i, n - i) * scale, n - i);
    if (spread) {
      for (i = 0; i < n; i++) out[i] -= upstream * spread[i];
    }
    out[label] -= upstream * weight;
  }
}
