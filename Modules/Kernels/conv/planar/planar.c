#include "planar.h"

#include <string.h>

#include "memory.h"
#include "parallel.h"

// Vectors of one register, and blocks of eight floats at every level.
#define APUS_AVX2_REGISTERS 1
#define APUS_TEMPLATE "../conv/planar/passes.inc"
#include "../../math/each_level.h"

static const planar_kernels *kernels(void) {
  static const planar_kernels *const levels[] = APUS_AT_LEVEL(&planar_kernels);
  return levels[apus_current_level()];
}

static bool takes(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  if (call->type != apus_dtype_float32 || !conv_can_plan(s)) return false;
  ptrdiff_t channels = s->channels / s->groups, filters = s->filters / s->groups;
  if (product == conv_weight_gradient) {
    return s->groups > 1 && channels <= planar_filters && filters <= planar_filters;
  }
  ptrdiff_t out = product == conv_forward ? filters : channels;
  ptrdiff_t in = product == conv_forward ? channels : filters;
  return in <= planar_lanes && (out < planar_lanes || in <= 2);
}

static void product(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->product(context, begin, end);
}

static void gradient(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->gradient(context, begin, end);
}

/// Kernels of tasks (group, filters' group): [channel][tap][4], with zeros beyond the last filter.
static void pack(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const planar_job *j = context;
  const conv_plan *plan = &j->plan;
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t group = task / j->filter_groups, first = task % j->filter_groups * planar_filters;
    const float *w = (const float *)plan->call->b + group * plan->group_stride;
    float *out = j->kernels + task * plan->in.channels * plan->volume * planar_filters;
    for (ptrdiff_t c = 0; c < plan->in.channels; c++) {
      for (ptrdiff_t t = 0; t < plan->volume; t++) {
        for (ptrdiff_t f = first; f < first + planar_filters; f++) {
          *out++ = f < plan->out.channels
                       ? w[f * plan->filter_stride + c * plan->channel_stride + t]
                       : 0;
        }
      }
    }
  }
}

enum { planar_outputs = 1 << 15 };  // of a run, over all channels, about

static void run_product(planar_job *j) {
  const conv_plan *plan = &j->plan;
  j->filter_groups = (plan->out.channels + planar_filters - 1) / planar_filters;
  ptrdiff_t tasks = plan->groups * j->filter_groups;
  size_t bytes = (size_t)(tasks * plan->in.channels * plan->volume * planar_filters) * 4;
  j->kernels = apus_allocate(bytes);
  apus_parallel_for(tasks, 16, pack, j);
  // Some runs at a time share a patch's memory.
  apus_parallel_for(plan->runs, 1 + plan->runs / 128, product, j);
  apus_deallocate(j->kernels, bytes);
}

static void run_weight_gradient(planar_job *j) {
  const conv_plan *plan = &j->plan;
  ptrdiff_t weights = plan->groups * plan->group_stride;
  size_t bytes = (size_t)(weights * planar_lanes) * 4;
  j->sums = apus_allocate(bytes);
  memset(j->sums, 0, bytes);
  if (plan->images > 0) apus_parallel_for(plan->groups, 1, gradient, j);
  float *dw = plan->call->c;
  for (ptrdiff_t i = 0; i < weights; i++) {
    const float *s = j->sums + i * planar_lanes;
    dw[i] = ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
  }
  apus_deallocate(j->sums, bytes);
}

static void run(const conv_call *call, conv_product which) {
  const apus_convolution *s = call->shape;
  ptrdiff_t channels = (which == conv_input_gradient ? s->filters : s->channels) / s->groups;
  planar_job j = {.plan = conv_plan_of(call, which, planar_outputs / conv_max(channels, 1))};
  if (which == conv_weight_gradient) {
    run_weight_gradient(&j);
  } else {
    run_product(&j);
  }
}

const conv_method conv_planar = {.name = "planar", .takes = takes, .run = run};
