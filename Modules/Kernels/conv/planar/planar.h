#pragma once
#include "../plan.h"

// Convolution with few channels on one side, as when it is depthwise: columns are the lanes of a
// vector, and planes stay planes. What a run sees is copied with zeros around it; where inputs are a
// stride apart, columns of one residue lie together, so that each tap of eight outputs side by side is
// one load.

enum {
  planar_lanes = 8,
  planar_filters = 4,   // that share the loads of a tap
  planar_together = 8,  // rows of outputs
};

/// The part of the input that a run sees: [channel][depth][row][residue][column].
typedef struct planar_patch {
  ptrdiff_t depths, rows, residues, columns;
  ptrdiff_t first_column;  // in the input
  ptrdiff_t channel;       // floats of one
} planar_patch;

typedef struct planar_job {
  conv_plan plan;
  ptrdiff_t filter_groups;  // groups of `planar_filters` filters in out
  float *kernels;           // [group][filters' group][channel][tap][4]
  float *sums;              // of the weight's gradient: [group][filter][channel][tap][8]
} planar_job;

/// A few filters for rows of outputs.
typedef struct planar_tile {
  ptrdiff_t channels, channel;  // how many, and how far apart in the patch
  ptrdiff_t taps, kernel_channel;
  const ptrdiff_t *offset;      // of each tap
  const ptrdiff_t *index;       // its place among a channel's kernels
  const float *in, *kernels;
  float bias[planar_filters];
  float *out;
  ptrdiff_t out_filter;         // from one filter to the next
  ptrdiff_t rows, in_row, out_row, width;
  bool is_straight;             // whether nothing may be written beyond the end of a row
} planar_tile;

/// Memory that is read next.
typedef struct planar_ahead {
  const float *data;
  ptrdiff_t count;
} planar_ahead;

typedef struct planar_kernels {
  void (*product)(const planar_job *job, ptrdiff_t begin, ptrdiff_t end);
  void (*gradient)(const planar_job *job, ptrdiff_t begin, ptrdiff_t end);
} planar_kernels;

/// The patch of `rows` rows of a pair of phases.
planar_patch planar_patch_of(const planar_job *job, ptrdiff_t rows, const conv_phase *depth,
                             const conv_phase *row);

/// The most floats of any patch.
ptrdiff_t planar_largest_patch(const planar_job *job);

/// The taps of three phases as places in a patch; returns their number.
ptrdiff_t planar_list_taps(const planar_job *job, const planar_patch *patch,
                           const conv_phase *depth, const conv_phase *row,
                           const conv_phase *column, ptrdiff_t *offset, ptrdiff_t *index);
