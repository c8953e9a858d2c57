#include "plan.h"

/// ⌈a / b⌉ for positive b and any a.
static ptrdiff_t ceiling(ptrdiff_t a, ptrdiff_t b) { return a > 0 ? (a + b - 1) / b : -(-a / b); }

/// Where the taps of each phase lie.
static void bound(conv_axis *axis) {
  for (ptrdiff_t i = 0; i < axis->phases; i++) {
    conv_phase *p = &axis->phase[i];
    p->lowest = p->taps ? p->base[0] : 0;
    p->highest = p->taps ? p->base[0] : -1;
    for (ptrdiff_t t = 1; t < p->taps; t++) {
      p->lowest = conv_min(p->lowest, p->base[t]);
      p->highest = conv_max(p->highest, p->base[t]);
    }
  }
}

/// All outputs in one phase.
static conv_axis forward_axis(const apus_convolution *s, int axis) {
  conv_axis result = {.phases = 1, .kernel = s->kernel[axis]};
  conv_phase *p = &result.phase[0];
  *p = (conv_phase){
    .count = s->output[axis], .step = 1, .in_step = s->stride[axis], .taps = s->kernel[axis],
  };
  for (ptrdiff_t t = 0; t < p->taps; t++) {
    p->tap[t] = t;
    p->base[t] = t * s->dilation[axis] - s->before[axis];
  }
  bound(&result);
  return result;
}

/// The inputs as outputs of the gradient, in as many phases as the stride.
static conv_axis backward_axis(const apus_convolution *s, int axis) {
  ptrdiff_t stride = s->stride[axis];
  conv_axis result = {.phases = stride, .kernel = s->kernel[axis]};
  for (ptrdiff_t residue = 0; residue < stride; residue++) {
    conv_phase *p = &result.phase[residue];
    // Inputs i = u · stride + residue − before: tap t sees them at output u + (residue − t · dilation)
    // / stride where that is whole.
    ptrdiff_t least = ceiling(s->before[axis] - residue, stride);
    *p = (conv_phase){
      .first = least * stride + residue - s->before[axis], .step = stride, .in_step = 1,
    };
    p->count = p->first < s->size[axis] ? ceiling(s->size[axis] - p->first, stride) : 0;
    for (ptrdiff_t t = 0; t < s->kernel[axis]; t++) {
      ptrdiff_t back = residue - t * s->dilation[axis];
      if (back % stride != 0) continue;
      p->tap[p->taps] = t;
      p->base[p->taps++] = least + back / stride;
    }
  }
  bound(&result);
  return result;
}

static ptrdiff_t runs_of(const conv_plan *j, const conv_phase *depth, const conv_phase *row) {
  return j->images * depth->count * ((row->count + j->rows - 1) / j->rows);
}

/// Numbers the runs.
static void number_runs(conv_plan *j) {
  j->runs = 0;
  for (ptrdiff_t d = 0; d < j->axis[0].phases; d++) {
    for (ptrdiff_t h = 0; h < j->axis[1].phases; h++) {
      j->start[d][h] = j->runs;
      j->runs += runs_of(j, &j->axis[0].phase[d], &j->axis[1].phase[h]);
    }
  }
}

conv_run conv_run_at(const conv_plan *j, ptrdiff_t index) {
  ptrdiff_t d = j->axis[0].phases - 1, h = j->axis[1].phases - 1;
  while (index < j->start[d][h]) {
    if (h-- == 0) {
      d--;
      h = j->axis[1].phases - 1;
    }
  }
  const conv_phase *depth = &j->axis[0].phase[d], *row = &j->axis[1].phase[h];
  ptrdiff_t parts = (row->count + j->rows - 1) / j->rows;
  index -= j->start[d][h];
  ptrdiff_t part = index % parts, first = part * row->count / parts;
  return (conv_run){
    .image = index / parts / depth->count, .depth_phase = d,
    .depth = index / parts % depth->count, .row_phase = h, .row = first,
    .rows = (part + 1) * row->count / parts - first,
  };
}

void conv_span_columns(const conv_plan *plan, ptrdiff_t *first, ptrdiff_t *last) {
  const conv_axis *axis = &plan->axis[2];
  *first = PTRDIFF_MAX;
  *last = PTRDIFF_MIN;
  for (ptrdiff_t i = 0; i < axis->phases; i++) {
    const conv_phase *p = &axis->phase[i];
    if (p->taps == 0 || p->count == 0) continue;
    *first = conv_min(*first, p->lowest);
    *last = conv_max(*last, (p->count - 1) * p->in_step + p->highest);
  }
  if (*first > *last) *first = 0, *last = -1;
}

bool conv_can_plan(const apus_convolution *s) {
  for (int axis = 0; axis < APUS_SPACE; axis++) {
    if (s->kernel[axis] > conv_most_taps || s->stride[axis] > conv_most_taps) return false;
  }
  return true;
}

conv_plan conv_plan_of(const conv_call *call, conv_product product, ptrdiff_t outputs) {
  const apus_convolution *s = call->shape;
  bool back = product == conv_input_gradient;
  ptrdiff_t channels = s->channels / s->groups, filters = s->filters / s->groups;
  conv_planes x = conv_planes_of(channels, s->size), y = conv_planes_of(filters, s->output);
  conv_plan j = {
    .call = call, .in = back ? y : x, .out = back ? x : y,
    .in_depth = back ? s->output[0] : s->size[0], .out_depth = back ? s->size[0] : s->output[0],
    .images = s->batch * s->groups, .groups = s->groups, .volume = conv_volume(s->kernel),
  };
  for (int axis = 0; axis < APUS_SPACE; axis++) {
    j.axis[axis] = back ? backward_axis(s, axis) : forward_axis(s, axis);
  }
  j.filter_stride = back ? j.volume : channels * j.volume;
  j.channel_stride = back ? channels * j.volume : j.volume;
  j.group_stride = filters * channels * j.volume;
  j.rows = conv_max(outputs / conv_max(j.out.width, 1), 1);
  number_runs(&j);
  return j;
}
