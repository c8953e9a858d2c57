#include "depthwise.h"

#include <string.h>

#include "memory.h"
#include "parallel.h"

// Vectors of one register, and blocks of eight floats at every level.
#define APUS_AVX2_REGISTERS 1
#define APUS_TEMPLATE "../conv/depthwise/passes.inc"
#include "../../math/each_level.h"

static const depthwise_kernels *kernels(void) {
  static const depthwise_kernels *const levels[] = APUS_AT_LEVEL(&depthwise_kernels);
  return levels[apus_current_level()];
}

static bool takes(const conv_call *call, conv_product product) {
  (void)product;
  const apus_convolution *s = call->shape;
  if (call->type != apus_dtype_float32 || !conv_can_plan(s)) return false;
  if (s->channels != s->groups || s->filters != s->groups || s->dilation[1] != 1) return false;
  for (int axis = 0; axis < APUS_SPACE; axis++) {
    if (s->stride[axis] != 1) return false;
  }
  return s->kernel[1] == 3 || s->kernel[1] == 5 || s->kernel[1] == 7;
}

static void product(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->product(context, begin, end);
}

static void gradient(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->gradient(context, begin, end);
}

/// Lists the columns of taps. The taps of the input's gradient lie the other way round.
static void list_columns(depthwise_job *j) {
  const conv_axis *axis = j->plan.axis;
  const conv_phase *depth = &axis[0].phase[0], *row = &axis[1].phase[0];
  const conv_phase *column = &axis[2].phase[0];
  bool down = row->base[0] == row->lowest;
  ptrdiff_t width = axis[2].kernel, top = down ? 0 : row->taps - 1, i = 0;
  for (ptrdiff_t d = 0; d < depth->taps; d++) {
    for (ptrdiff_t w = 0; w < column->taps; w++) {
      j->column[i++] = (depthwise_column){
        .offset = (depth->base[d] - depth->lowest) * j->rows * j->line + column->base[w] -
                  column->lowest,
        .first = (depth->tap[d] * axis[1].kernel + row->tap[top]) * width + column->tap[w],
        .step = down ? width : -width,
      };
    }
  }
}

static depthwise_job job_of(const conv_call *call, conv_product which) {
  enum { outputs = 1 << 12 };  // of a run, about: its patch stays in the first cache
  depthwise_job j = {.plan = conv_plan_of(call, which, outputs)};
  const conv_axis *axis = j.plan.axis;
  const conv_phase *row = &axis[1].phase[0], *column = &axis[2].phase[0];
  j.height = axis[1].kernel;
  j.columns = axis[0].kernel * axis[2].kernel;
  j.depths = conv_seen_depths(&axis[0].phase[0]);
  j.rows = conv_seen_rows(row, conv_min(j.plan.rows, row->count));
  ptrdiff_t width = j.plan.out.width, span = column->highest - column->lowest;
  // The last vector of outputs may reach over the end.
  j.line = (width + depthwise_lanes - 1) / depthwise_lanes * depthwise_lanes + span;
  j.left = conv_min(conv_max(-column->lowest, 0), width + span);
  j.first = conv_max(column->lowest, 0);
  j.count = conv_max(conv_min(width + span - j.left, j.plan.in.width - j.first), 0);
  return j;
}

/// Adds the lanes of the sums.
static void write_gradient(const depthwise_job *j) {
  float *dw = j->plan.call->c;
  const float *s = j->sums;
  for (ptrdiff_t group = 0; group < j->plan.groups; group++, dw += j->plan.volume) {
    for (ptrdiff_t i = 0; i < j->columns; i++) {
      for (ptrdiff_t h = 0; h < j->height; h++, s += depthwise_lanes) {
        dw[j->column[i].first + h * j->column[i].step] =
            ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
      }
    }
  }
}

static void run(const conv_call *call, conv_product which) {
  depthwise_job j = job_of(call, which);
  size_t columns = (size_t)j.columns * sizeof(depthwise_column);
  j.column = apus_allocate(columns);
  list_columns(&j);
  if (which == conv_weight_gradient) {
    size_t sums = (size_t)(j.plan.groups * j.plan.volume * depthwise_lanes) * 4;
    j.sums = apus_allocate(sums);
    memset(j.sums, 0, sums);
    if (j.plan.images > 0) apus_parallel_for(j.plan.groups, 1, gradient, &j);
    write_gradient(&j);
    apus_deallocate(j.sums, sums);
  } else {
    // Some runs at a time share a patch's memory.
    apus_parallel_for(j.plan.runs, 1 + j.plan.runs / 128, product, &j);
  }
  apus_deallocate(j.column, columns);
}

const conv_method conv_depthwise = {.name = "depthwise", .takes = takes, .run = run};
