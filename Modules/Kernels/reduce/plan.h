#pragma once
#include "../layout/axes.h"
#include "kernel.h"

enum {
  reduction_fold_width = 128,         // columns that narrow rows are folded to, at most
  reduction_accumulator_bytes = 16,   // the largest accumulator
  reduction_single_bytes = 2048,      // of the accumulators of a single small tile
};

/// How a reduction is cut up. It depends on shape and strides alone, never on the thread count.
///
/// Tiles: up to `tile` outputs along one kept axis, the last of `kept`. Blocks: up to `block`
/// elements along one reduced axis, the last of `reduced`. Parts: runs of blocks that are reduced
/// on their own because there are too few tiles to go round.
typedef struct reduction_plan {
  const reduction_kernel *kernel;
  const char *a;
  char *out, *partial;
  axis_pairs kept;       // strides of a and of out
  axis_pairs reduced;    // strides of a and of positions
  bool columns;          // outputs are adjacent in memory
  bool single;           // all of it is one block of one tile
  ptrdiff_t fold;        // > 1: that many rows are read as one
  ptrdiff_t outputs, a_output, out_step, tile, tiles, tile_bytes;
  ptrdiff_t count, a_reduced, position, block, pieces, blocks;
  ptrdiff_t part, parts, depth, grain;
} reduction_plan;

/// Fills in the plan and returns the number of units: tiles times parts. Returns 0 when there is
/// no more to do, after writing the results over no elements.
ptrdiff_t apus_reduction_plan(reduction_plan *plan, int rank, const ptrdiff_t *shape,
                              const ptrdiff_t *strides, uint32_t axes, bool positions);
