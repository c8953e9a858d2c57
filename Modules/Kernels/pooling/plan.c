#include "plan.h"

#include "memory.h"

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

static void fill(const apus_pool_axis *a, pool_windows *w) {
  for (ptrdiff_t o = 0; o < a->output; o++) {
    ptrdiff_t from = 0, to, first;
    if (a->stride == 0) {
      first = o * a->size / a->output;
      to = ((o + 1) * a->size + a->output - 1) / a->output - first;
    } else {
      first = o * a->stride - a->before;
      if (first < 0) from = (-first + a->dilation - 1) / a->dilation;
      to = first < a->size ? least(a->kernel, (a->size - 1 - first) / a->dilation + 1) : 0;
    }
    w->first[o] = first;
    w->from[o] = from;
    w->to[o] = to;
  }
}

size_t apus_pool_code_size(const apus_pooling *pooling) {
  ptrdiff_t taps = 1;
  for (int i = 0; i < APUS_SPACE; i++) taps *= pooling->axis[i].kernel;
  return taps <= 256 ? 1 : 4;
}

pool_plan pool_plan_of(const apus_pooling *pooling, size_t element_size) {
  pool_plan plan = {.pooling = pooling, .taps = 1, .size = 1, .output = 1};
  plan.code_size = apus_pool_code_size(pooling);
  ptrdiff_t count = 0;
  for (int i = 0; i < APUS_SPACE; i++) {
    const apus_pool_axis *a = &pooling->axis[i];
    plan.taps *= a->kernel;
    plan.size *= a->size;
    plan.output *= a->output;
    count += 3 * a->output;
  }
  plan.bytes = (size_t)(count + plan.taps) * sizeof(ptrdiff_t);
  ptrdiff_t *memory = plan.memory = apus_allocate(plan.bytes);
  for (int i = 0; i < APUS_SPACE; i++) {
    const apus_pool_axis *a = &pooling->axis[i];
    plan.axis[i] = (pool_windows){
      a->size, a->output, a->kernel, a->dilation, memory, memory + a->output,
      memory + 2 * a->output,
    };
    memory += 3 * a->output;
    fill(a, &plan.axis[i]);
  }
  plan.offset = memory;
  const pool_windows *d = &plan.axis[0], *h = &plan.axis[1], *w = &plan.axis[2];
  for (ptrdiff_t td = 0; td < d->kernel; td++)
  for (ptrdiff_t th = 0; th < h->kernel; th++)
  for (ptrdiff_t tw = 0; tw < w->kernel; tw++) {
    *memory++ = (td * d->step * h->size + th * h->step) * w->size + tw * w->step;
  }

  // A band's rows should stay in the nearest cache.
  plan.band_axis = d->output > 1 ? 0 : 1;
  const pool_windows *axis = &plan.axis[plan.band_axis];
  ptrdiff_t outputs = most(axis->output, 1);
  ptrdiff_t row = (ptrdiff_t)element_size * 2 * (w->output + 16);
  ptrdiff_t slice = plan.band_axis == 0 ? row * h->size : row * d->size;
  ptrdiff_t inputs = most((24 << 10) / most(slice, 1), 1);
  plan.band = least(most(inputs * outputs / most(axis->size, 1), 1), outputs);
  // No smaller than a few windows, or their common rows would be worked out again and again.
  plan.band = least(most(plan.band, 4), outputs);
  plan.bands = (outputs + plan.band - 1) / plan.band;
  return plan;
}

void pool_plan_free(const pool_plan *plan) { apus_deallocate(plan->memory, plan->bytes); }

bool pool_is_pairs(const apus_pooling *pooling) {
  const apus_pool_axis *axis = pooling->axis;
  if (axis[0].size != 1 || axis[0].output != 1 || axis[0].kernel != 1) return false;
  for (int i = 1; i < APUS_SPACE; i++) {
    if (axis[i].kernel != 2 || axis[i].stride != 2 || axis[i].dilation != 1 ||
        axis[i].before != 0 || 2 * axis[i].output > axis[i].size) {
      return false;
    }
  }
  return true;
}
