#include "direct.h"

/// ⌈a / b⌉ for positive b and any a.
static ptrdiff_t ceiling(ptrdiff_t a, ptrdiff_t b) { return a > 0 ? (a + b - 1) / b : -(-a / b); }

/// Where the taps of each phase lie.
static void bound(direct_axis *axis) {
  for (ptrdiff_t i = 0; i < axis->phases; i++) {
    direct_phase *p = &axis->phase[i];
    p->lowest = p->taps ? p->base[0] : 0;
    p->highest = p->taps ? p->base[0] : -1;
    for (ptrdiff_t t = 1; t < p->taps; t++) {
      p->lowest = conv_min(p->lowest, p->base[t]);
      p->highest = conv_max(p->highest, p->base[t]);
    }
  }
}

direct_axis direct_forward_axis(const apus_convolution *s, int axis) {
  direct_axis result = {.phases = 1, .kernel = s->kernel[axis]};
  direct_phase *p = &result.phase[0];
  *p = (direct_phase){
    .count = s->output[axis], .step = 1, .in_step = s->stride[axis], .taps = s->kernel[axis],
  };
  for (ptrdiff_t t = 0; t < p->taps; t++) {
    p->tap[t] = t;
    p->base[t] = t * s->dilation[axis] - s->before[axis];
  }
  bound(&result);
  return result;
}

direct_axis direct_backward_axis(const apus_convolution *s, int axis) {
  ptrdiff_t stride = s->stride[axis];
  direct_axis result = {.phases = stride, .kernel = s->kernel[axis]};
  for (ptrdiff_t residue = 0; residue < stride; residue++) {
    direct_phase *p = &result.phase[residue];
    // Inputs i = u · stride + residue − before: tap t sees them at output u + (residue − t · dilation)
    // / stride where that is whole.
    ptrdiff_t least = ceiling(s->before[axis] - residue, stride);
    *p = (direct_phase){
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

static ptrdiff_t runs_of(const direct_job *j, const direct_phase *depth, const direct_phase *row) {
  return j->images * depth->count * ((row->count + j->rows - 1) / j->rows);
}

void direct_number_runs(direct_job *j) {
  j->runs = 0;
  for (ptrdiff_t d = 0; d < j->axis[0].phases; d++) {
    for (ptrdiff_t h = 0; h < j->axis[1].phases; h++) {
      j->start[d][h] = j->runs;
      j->runs += runs_of(j, &j->axis[0].phase[d], &j->axis[1].phase[h]);
    }
  }
}

direct_run direct_run_at(const direct_job *j, ptrdiff_t index) {
  ptrdiff_t d = j->axis[0].phases - 1, h = j->axis[1].phases - 1;
  while (index < j->start[d][h]) {
    if (h-- == 0) {
      d--;
      h = j->axis[1].phases - 1;
    }
  }
  const direct_phase *depth = &j->axis[0].phase[d], *row = &j->axis[1].phase[h];
  ptrdiff_t parts = (row->count + j->rows - 1) / j->rows;
  index -= j->start[d][h];
  ptrdiff_t part = index % parts, first = part * row->count / parts;
  return (direct_run){
    .image = index / parts / depth->count, .depth_phase = d,
    .depth = index / parts % depth->count, .row_phase = h, .row = first,
    .rows = (part + 1) * row->count / parts - first,
  };
}

/// The columns that any phase of outputs sees.
static void span_columns(const direct_axis *axis, ptrdiff_t *first, ptrdiff_t *last) {
  *first = PTRDIFF_MAX;
  *last = PTRDIFF_MIN;
  for (ptrdiff_t i = 0; i < axis->phases; i++) {
    const direct_phase *p = &axis->phase[i];
    if (p->taps == 0 || p->count == 0) continue;
    *first = conv_min(*first, p->lowest);
    *last = conv_max(*last, (p->count - 1) * p->in_step + p->highest);
  }
  if (*first > *last) *first = 0, *last = -1;
}

direct_patch direct_patch_of(const direct_job *j, ptrdiff_t rows, const direct_phase *depth,
                             const direct_phase *row) {
  direct_patch p = {.depths = depth->highest - depth->lowest + 1};
  p.rows = row->taps ? (rows - 1) * row->in_step + row->highest - row->lowest + 1 : 0;
  ptrdiff_t last;
  span_columns(&j->axis[2], &p.column, &last);
  p.columns = last - p.column + 1;
  p.block = p.depths * p.rows * p.columns * j->pitch;
  return p;
}

ptrdiff_t direct_largest_patch(const direct_job *j) {
  ptrdiff_t floats = 0;
  for (ptrdiff_t d = 0; d < j->axis[0].phases; d++) {
    for (ptrdiff_t h = 0; h < j->axis[1].phases; h++) {
      direct_patch p =
          direct_patch_of(j, j->rows, &j->axis[0].phase[d], &j->axis[1].phase[h]);
      floats = conv_max(floats, p.block);
    }
  }
  return floats;
}

ptrdiff_t direct_list_taps(const direct_job *j, const direct_patch *p, const direct_phase *depth,
                           const direct_phase *row, const direct_phase *column,
                           direct_tap *taps) {
  ptrdiff_t count = 0;
  for (ptrdiff_t d = 0; d < depth->taps; d++) {
    for (ptrdiff_t h = 0; h < row->taps; h++) {
      for (ptrdiff_t w = 0; w < column->taps; w++) {
        ptrdiff_t place = (depth->base[d] - depth->lowest) * p->rows + row->base[h] - row->lowest;
        taps[count++] = (direct_tap){
          .offset = (place * p->columns + column->base[w] - p->column) * j->pitch,
          .index = (depth->tap[d] * j->axis[1].kernel + row->tap[h]) * j->axis[2].kernel +
                   column->tap[w],
        };
      }
    }
  }
  return count;
}
