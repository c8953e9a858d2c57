#define power_below APUS_NAME(power_below)

/// e^(x - top), for x <= top; 0 where it would be subnormal, which costs time and counts for
/// nothing beside the 1 of the largest.
APUS_INLINE vf power_below(vf x, vf top) {
  vf shifted, d = x - top;
  vf m = v_expm1_core(v_split(v_at_least(d, -88.0f), &shifted));
  vf power = v_scale(shifted, 0);
  vf e = v_fma(m, power, power);
  return d < -87.0f ? (vf)0.0f : e;
}
