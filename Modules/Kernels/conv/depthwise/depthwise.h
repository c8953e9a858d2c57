#pragma once
#include "../plan.h"

// Depthwise convolution at stride 1: one plane in and one plane out of each group. A run's rows are
// copied with zeros around them; each vector of them is loaded once for a column of taps and serves
// every output row that sees it.

enum {
  depthwise_lanes = 8,
  depthwise_most_height = 7,  // of a kernel
};

/// A column of the kernel's taps, at one depth: `height` taps, one below the other.
typedef struct depthwise_column {
  ptrdiff_t offset;  // of its first tap, in a patch
  ptrdiff_t first, step;  // tap h is the kernel's first + h · step
} depthwise_column;

typedef struct depthwise_job {
  conv_plan plan;
  ptrdiff_t height;             // of the kernel
  ptrdiff_t columns;            // how many columns of taps
  depthwise_column *column;
  ptrdiff_t depths, rows, line;  // of a patch: [depth][row][line]
  // A line holds `left` zeros, `count` inputs from column `first` on, and zeros.
  ptrdiff_t left, first, count;
  float *sums;                  // of the weight's gradient: [group][column][height][8]
} depthwise_job;

typedef struct depthwise_kernels {
  void (*product)(const depthwise_job *job, ptrdiff_t begin, ptrdiff_t end);
  void (*gradient)(const depthwise_job *job, ptrdiff_t begin, ptrdiff_t end);
} depthwise_kernels;
