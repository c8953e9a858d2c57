#pragma once
#include "method.h"

// What the methods that sum in registers share. The forward product and the input's gradient are one
// shape of work. Along each axis the outputs fall into phases: one for the forward product, one for
// each residue of the stride for the input's gradient, where only some taps of the kernel meet an
// output. Within a phase the outputs, and the inputs that a tap sees, are evenly spaced.

enum { conv_most_taps = 16 };

/// The outputs along one axis that see the same taps.
typedef struct conv_phase {
  ptrdiff_t count;                  // of outputs
  ptrdiff_t first, step;            // their places: first + i · step
  ptrdiff_t in_step;                // tap t of output i sees place i · in_step + base[t]
  ptrdiff_t taps;
  ptrdiff_t tap[conv_most_taps];    // which of the kernel's
  ptrdiff_t base[conv_most_taps];
  ptrdiff_t lowest, highest;        // of the bases; 0, −1 without taps
} conv_phase;

/// One axis of a product.
typedef struct conv_axis {
  ptrdiff_t phases, kernel;
  conv_phase phase[conv_most_taps];
} conv_axis;

/// Rows of outputs of one phase, in one image (of one example and group), at one depth.
typedef struct conv_run {
  ptrdiff_t image, depth_phase, depth, row_phase, row, rows;
} conv_run;

/// One product of a convolution, cut into runs.
typedef struct conv_plan {
  const conv_call *call;
  conv_planes in, out;       // of one group
  ptrdiff_t in_depth, out_depth;
  ptrdiff_t images, groups;  // images: examples × groups
  conv_axis axis[APUS_SPACE];
  ptrdiff_t volume;          // taps of the kernel
  ptrdiff_t filter_stride, channel_stride, group_stride;  // of the kernel; filters are out's channels
  ptrdiff_t rows;            // that a run has at most
  // Runs are counted phase by phase: `start[d][h]` is the first run of a pair of phases.
  ptrdiff_t start[conv_most_taps][conv_most_taps], runs;
} conv_plan;

/// Whether kernel and stride are small enough for a plan.
bool conv_can_plan(const apus_convolution *shape);

/// The plan of a product, with runs of about `outputs` outputs. The weight's gradient has that of the
/// forward product.
conv_plan conv_plan_of(const conv_call *call, conv_product product, ptrdiff_t outputs);

conv_run conv_run_at(const conv_plan *plan, ptrdiff_t index);

/// The columns of the input that any phase of outputs sees; last < first when there are none.
void conv_span_columns(const conv_plan *plan, ptrdiff_t *first, ptrdiff_t *last);

/// The first depth and row that a run sees.
static inline ptrdiff_t conv_first_depth(const conv_plan *plan, conv_run run) {
  const conv_phase *p = &plan->axis[0].phase[run.depth_phase];
  return run.depth * p->in_step + p->lowest;
}
static inline ptrdiff_t conv_first_row(const conv_plan *plan, conv_run run) {
  const conv_phase *p = &plan->axis[1].phase[run.row_phase];
  return run.row * p->in_step + p->lowest;
}

/// How many depths, and how many rows, `rows` rows of a phase see.
static inline ptrdiff_t conv_seen_depths(const conv_phase *depth) {
  return depth->highest - depth->lowest + 1;
}
static inline ptrdiff_t conv_seen_rows(const conv_phase *row, ptrdiff_t rows) {
  return row->taps ? (rows - 1) * row->in_step + row->highest - row->lowest + 1 : 0;
}
