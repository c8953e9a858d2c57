#pragma once
#include "../plan.h"

// Convolution by sums of products in registers, with blocks of eight channels read once into a patch
// that stays in the cache: no columns are copied out.

enum { direct_strip = 16 };

/// Taps of a phase that lie side by side: the place of the first in the patch, in floats from the
/// first output's, its index in the kernel, and how many there are.
typedef struct direct_tap {
  ptrdiff_t offset, index, length;
} direct_tap;

typedef struct direct_job {
  conv_plan plan;
  ptrdiff_t pitch;           // floats a place: 8, or the channels if there are fewer
  ptrdiff_t blocks, strips;  // of channels of in, of filters of out
  float *kernels;            // [group][strip][block][tap][pitch][16]
  // Of the weight's gradient: runs [first, last) are read into patches, then summed. Where channels
  // make few blocks, their rows of sums are dealt out in pieces.
  ptrdiff_t piece, pieces;
  ptrdiff_t first_run, last_run;
  ptrdiff_t patch_floats, run_floats;  // of x, and of x and dy
  float *patches;                      // [run][x, then dy]
  float *sums;                         // [group][block][tap][pitch][filters, rounded up to eight]
} direct_job;

typedef struct direct_kernels {
  /// Kernels of tasks (group, strip, block) into strips.
  void (*pack)(const direct_job *job, ptrdiff_t begin, ptrdiff_t end);
  /// Runs of the forward product or of the input's gradient.
  void (*product)(const direct_job *job, ptrdiff_t begin, ptrdiff_t end);
  // The weight's gradient.
  void (*read)(const direct_job *job, ptrdiff_t begin, ptrdiff_t end);
  void (*sum)(const direct_job *job, ptrdiff_t begin, ptrdiff_t end);
  void (*unpack)(const direct_job *job, ptrdiff_t begin, ptrdiff_t end);
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

/// Sums of the weight's gradient over the places of one run; see gradient.inc.
typedef struct direct_gradient_call {
  const float *x, *dy;
  ptrdiff_t x_row, x_step, dy_block;
  ptrdiff_t rows, columns;
  ptrdiff_t offset[8];  // of each row of sums, in the patch of x
  float *sums;
  ptrdiff_t filters;    // floats of a row of sums
} direct_gradient_call;

/// The extents of the patch of `rows` outputs of two phases, and its first column.
direct_patch direct_patch_of(const direct_job *job, ptrdiff_t rows, const conv_phase *depth,
                             const conv_phase *row);

/// The most floats that a block of channels takes in any patch.
ptrdiff_t direct_largest_patch(const direct_job *job);

/// The taps of three phases as places in a patch, one by one; returns their number.
ptrdiff_t direct_list_taps(const direct_job *job, const direct_patch *patch,
                           const conv_phase *depth, const conv_phase *row,
                           const conv_phase *column, direct_tap *taps);

/// Joins the taps that lie side by side both in the patch and in the kernel; returns how many are left.
ptrdiff_t direct_join_taps(ptrdiff_t pitch, direct_tap *taps, ptrdiff_t count);
