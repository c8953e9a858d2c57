#pragma once
#include "../method.h"
#include "../planes.h"

// Winograd's minimal filtering F(4×4, 3×3) [Lavin and Gray 2016]: an output tile of 4×4 costs 36
// products instead of 144. Tiles of the input and the kernels are taken to 36 points, where the
// convolution is a matrix product over channels at each point, and the sums are taken back.
//
// Everything works on blocks of eight channels (see planes.h), so that the transforms are plain
// arithmetic, and edges are zeros put in on the way.

enum {
  winograd_points = 36,
  winograd_tile = 4,    // outputs along an axis
  winograd_patch = 6,   // inputs along an axis
  winograd_lanes = 8,   // channels at a time in a transform
  winograd_strip = 16,  // filters at a time in a product
  winograd_group = 2,   // strips whose products are kept until they are taken back
};

/// Tiles side by side in one row of tiles of one image.
typedef struct winograd_run {
  ptrdiff_t image, row, column, tiles;  // in tiles
} winograd_run;

typedef struct winograd_job {
  const conv_call *call;
  // The correlation computed. For the input's gradient, filters and channels change places.
  conv_planes in, out;
  ptrdiff_t batch, top, left;  // zeros above and before
  const float *kernel;
  ptrdiff_t filter_stride, channel_stride;  // of the kernel
  bool flipped;
  // Runs of tiles, dealt out in blocks.
  ptrdiff_t tile_rows, tile_columns, segments, segment;  // a row of tiles is cut into segments
  ptrdiff_t runs, block_runs, blocks, block_tiles;
  ptrdiff_t channel_blocks, filter_blocks;  // of eight, rounded up
  float *points;                            // what the product passes share
  float *x_points, *y_points;
  ptrdiff_t first_run, last_run, tiles;     // the block at hand, when threads share one
} winograd_job;

typedef struct winograd_kernels {
  /// Kernels [begin, end) of (strip, block of channels) to the points.
  void (*transform_kernels)(const winograd_job *job, ptrdiff_t begin, ptrdiff_t end);
  /// Blocks of runs, from input to output.
  void (*forward)(const winograd_job *job, ptrdiff_t begin, ptrdiff_t end);
  /// Blocks of channels of both operands of the weight's gradient to the points.
  void (*transform_both)(const winograd_job *job, ptrdiff_t begin, ptrdiff_t end);
  /// Adds the products of the block at hand; tasks are (point, block of filters).
  void (*add_products)(const winograd_job *job, ptrdiff_t begin, ptrdiff_t end);
  /// Blocks of filters of the weight's gradient from the points.
  void (*finish_gradient)(const winograd_job *job, ptrdiff_t begin, ptrdiff_t end);
} winograd_kernels;

static inline ptrdiff_t winograd_ceil(ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; }

static inline winograd_run winograd_run_at(const winograd_job *j, ptrdiff_t index) {
  ptrdiff_t segment = index % j->segments, row = index / j->segments;
  ptrdiff_t first = segment * j->tile_columns / j->segments;
  ptrdiff_t last = (segment + 1) * j->tile_columns / j->segments;
  return (winograd_run){
    .image = row / j->tile_rows, .row = row % j->tile_rows, .column = first,
    .tiles = last - first,
  };
}

// A point's stride is not a power of two, or the points would fall on the same cache lines.

/// Floats from one point to the next of transformed tiles: [point][block of 8][tile][8].
static inline ptrdiff_t winograd_tiles_stride(ptrdiff_t blocks, ptrdiff_t tiles) {
  return blocks * tiles * winograd_lanes + 16;
}

/// Floats of a run's patch of the input, which is larger than one of the output.
static inline ptrdiff_t winograd_patch_floats(const winograd_job *j) {
  return winograd_patch * (j->segment * winograd_tile + 2) * winograd_lanes;
}
