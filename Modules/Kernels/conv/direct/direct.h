#pragma once
#include "../method.h"

// Convolution by sums of products in registers, with blocks of eight channels read once into a patch
// that stays in the cache: no columns are copied out.
//
// All products are one shape of work. Along each axis the outputs fall into phases: one for the
// forward product, one for each residue of the stride for the input's gradient, where only some taps
// of the kernel meet an output. Within a phase the outputs, the inputs and the taps are evenly spaced.

enum { direct_most_taps = 16, direct_strip = 16 };

/// The outputs along one axis that see the same taps.
typedef struct direct_phase {
  ptrdiff_t count;                    // of outputs
  ptrdiff_t first, step;              // their places: first + i · step
  ptrdiff_t in_step;                  // tap t of output i sees place i · in_step + base[t]
  ptrdiff_t taps;
  ptrdiff_t tap[direct_most_taps];    // which of the kernel's
  ptrdiff_t base[direct_most_taps];
  ptrdiff_t lowest, highest;          // of the bases; 0, −1 without taps
} direct_phase;

/// One axis of a product.
typedef struct direct_axis {
  ptrdiff_t phases, kernel;
  direct_phase phase[direct_most_taps];
} direct_axis;

/// One tap of a phase: its place in the patch, in floats from the first output's, and its index in the
/// kernel.
typedef struct direct_tap {
  ptrdiff_t offset, index;
} direct_tap;

/// Rows of outputs of one phase, in one image (of one example and group), at one depth.
typedef struct direct_run {
  ptrdiff_t image, depth_phase, depth, row_phase, row, rows;
} direct_run;

typedef struct direct_job {
  const conv_call *call;
  conv_planes in, out;          // of one group
  ptrdiff_t in_depth, out_depth;
  ptrdiff_t images, groups;     // examples × groups
  direct_axis axis[APUS_SPACE];
  ptrdiff_t pitch;              // floats a place: 8, or the channels if there are fewer
  ptrdiff_t blocks, strips;     // of channels of in, of filters of out
  ptrdiff_t volume;             // taps of the kernel
  ptrdiff_t filter_stride, channel_stride, group_stride;  // of the kernel
  float *kernels;               // [group][strip][block][tap][pitch][16]
  ptrdiff_t rows;               // outputs a run has at most
  // Runs are counted phase by phase: `start[d][h]` is the first run of a pair of phases.
  ptrdiff_t start[direct_most_taps][direct_most_taps], runs;
} direct_job;

typedef struct direct_kernels {
  /// Kernels of tasks (group, strip, block) into strips.
  void (*pack)(const direct_job *job, ptrdiff_t begin, ptrdiff_t end);
  void (*product)(const direct_job *job, ptrdiff_t begin, ptrdiff_t end);
} direct_kernels;

/// A run's part of the input's planes, [block][depth][row][column][pitch].
typedef struct direct_patch {
  ptrdiff_t depths, rows, columns;  // its extents
  ptrdiff_t depth, row, column;     // where it starts
  ptrdiff_t block;                  // floats of a block of channels
  float *data;
} direct_patch;

/// A few outputs side by side: the sums of blocks of channels over taps, written or added.
typedef struct direct_tile {
  ptrdiff_t blocks, block, kernel_block;  // of channels: how many, and how far apart
  const direct_tap *taps;
  ptrdiff_t count, pitch;
  ptrdiff_t step, out_step;               // from one output to the next, in the patch and in out
  const float *in, *kernels;
  float *out;
  bool add;
} direct_tile;

/// The outputs along one axis of the forward product: all in one phase.
direct_axis direct_forward_axis(const apus_convolution *shape, int axis);

/// The inputs along one axis as outputs of the gradient, in as many phases as the stride.
direct_axis direct_backward_axis(const apus_convolution *shape, int axis);

void direct_number_runs(direct_job *job);
direct_run direct_run_at(const direct_job *job, ptrdiff_t index);

/// The extents of the patch of `rows` outputs of two phases, and its first column.
direct_patch direct_patch_of(const direct_job *job, ptrdiff_t rows, const direct_phase *depth,
                             const direct_phase *row);

/// The most floats that a block of channels takes in any patch.
ptrdiff_t direct_largest_patch(const direct_job *job);

/// The taps of three phases as places in a patch; returns their number.
ptrdiff_t direct_list_taps(const direct_job *job, const direct_patch *patch,
                           const direct_phase *depth, const direct_phase *row,
                           const direct_phase *column, direct_tap *taps);
