// Mish. With w = e^x and q = w (w + 2), tanh(log(1 + w)) = q / (q + 2). From 20 on that is 1.

#define v_mish APUS_NAME(v_mish)
#define v_mish_slope APUS_NAME(v_mish_slope)

APUS_INLINE vf v_mish(vf x) {
  vf w = v_exp(v_at_most(x, 20.0f)), q = w * (w + 2.0f);
  return v_at_least(x, -110.0f) * (q / (q + 2.0f));
}

/// t + x (1 - t²) sigmoid(x) for t = q / (q + 2), which is t + 4 x w (1 + w) / (q + 2)².
APUS_INLINE vf v_mish_slope(vf x) {
  vf y = v_at_least(v_at_most(x, 20.0f), -110.0f);
  vf w = v_exp(y), q = w * (w + 2.0f), share = 1.0f / (q + 2.0f);
  return share * (q + 4.0f * y * w * ((1.0f + w) * share));
}
