#include "../math/vector.h"
#include "../math/exp.h"
#include "../math/log.h"
#include "../math/row.h"
#include "power.h"

// The inner loops of CTC in float32.

#define advanced APUS_NAME(advanced)

/// log(e^a + e^b + e^c), where the largest of the three powers need not be computed. Comparing and
/// exchanging loses no NaN.
APUS_INLINE vf advanced(vf a, vf b, vf c) {
  vi is_sorted = a > b;
  vf larger = is_sorted ? a : b, low = is_sorted ? b : a;
  is_sorted = larger > c;
  vf top = is_sorted ? larger : c, other = is_sorted ? c : larger;
  // An unreachable state stays one: -infinity - -infinity has no value.
  vf base = top == -__builtin_inff() ? (vf)0.0f : top;
  return top + v_log((1.0f + power_below(low, base)) + power_below(other, base));
}

static double APUS_NAME(ctc_advance)(void *to, const void *from, const void *skips,
                                     const void *emissions, ptrdiff_t n) {
  float *out = to;
  const float *a = from, *skip = skips, *emission = emissions;
  vf highest = -__builtin_inff();
  ptrdiff_t s = 0;
  for (; s + lanes <= n; s += lanes) {
    vf next = advanced(v_load(a + s), v_load(a + s - 1), v_load(a + s - 2) + v_load(skip + s));
    next += v_load(emission + s);
    v_store(out + s, next);
    highest = APUS_LARGER(next, highest);
  }
  if (s < n) {
    ptrdiff_t rest = n - s;
    vf skipped = v_load_part(a + s - 2, rest) + v_load_part(skip + s, rest);
    vf next = advanced(v_load_part(a + s, rest), v_load_part(a + s - 1, rest), skipped);
    next += v_load_or(emission + s, rest, -__builtin_inff());
    v_store_part(out + s, next, rest);
    highest = APUS_LARGER(next, highest);
  }
  return v_largest(highest);
}

static void APUS_NAME(ctc_posterior)(void *inout, const void *others, ptrdiff_t n) {
  float *a = inout;
  const float *b = others;
  vf highest = -__builtin_inff(), sum = 0.0f;
  ptrdiff_t s = 0;
  for (; s + lanes <= n; s += lanes) {
    vf both = v_load(a + s) + v_load(b + s);
    v_store(a + s, both);
    highest = APUS_LARGER(both, highest);
  }
  if (s < n) {
    vf both = v_load_or(a + s, n - s, -__builtin_inff()) + v_load_part(b + s, n - s);
    v_store_part(a + s, both, n - s);
    highest = APUS_LARGER(both, highest);
  }
  float top = v_largest(highest);
  for (s = 0; s + lanes <= n; s += lanes) {
    vf power = power_below(v_load(a + s), top);
    v_store(a + s, power);
    sum += power;
  }
  if (s < n) {
    vf power = power_below(v_load_or(a + s, n - s, -__builtin_inff()), top);
    v_store_part(a + s, power, n - s);
    sum += power;
  }
  float scale = 1.0f / v_sum(sum);
  for (s = 0; s < n; s++) a[s] *= scale;
}
