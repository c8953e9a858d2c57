#include "plan.h"

#include <string.h>

enum {
  row_block = 4096,          // elements of a row at a time: 64 additions to each vector lane
  strided_block = 256,       // elements of a row with gaps: 64 additions to each of four sums
  column_block = 128,        // rows of a matrix at a time
  unit_cost = 1 << 15,       // elements that are worth handing to a thread
  parallel_cost = 1 << 17,   // elements below which threads do not pay
  most_parts = 256,
};

static inline ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t larger(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }
static inline ptrdiff_t quotient_up(ptrdiff_t a, ptrdiff_t b) { return (a + b - 1) / b; }

static void make_last(axis_pairs *axes, int axis) {
  for (; axis < axes->rank - 1; axis++) {
    ptrdiff_t shape = axes->shape[axis], a = axes->a[axis], out = axes->out[axis];
    axes->shape[axis] = axes->shape[axis + 1];
    axes->a[axis] = axes->a[axis + 1];
    axes->out[axis] = axes->out[axis + 1];
    axes->shape[axis + 1] = shape;
    axes->a[axis + 1] = a;
    axes->out[axis + 1] = out;
  }
}

static int unit_stride_axis(const axis_pairs *axes) {
  for (int axis = axes->rank - 1; axis >= 0; axis--) {
    if (axes->a[axis] == 1) return axis;
  }
  return -1;
}

static void ensure_an_axis(axis_pairs *axes) {
  if (axes->rank > 0) return;
  axes->rank = 1;
  axes->shape[0] = 1;
  axes->a[0] = axes->out[0] = 1;
}

/// Sorts the axes into kept and reduced; returns how many outputs there are.
static ptrdiff_t separate(reduction_plan *plan, int rank, const ptrdiff_t *shape,
                          const ptrdiff_t *strides, uint32_t axes, bool positions,
                          ptrdiff_t *terms) {
  ptrdiff_t shapes[2][APUS_MAX_RANK], a[2][APUS_MAX_RANK], out[2][APUS_MAX_RANK];
  ptrdiff_t dense[2] = {1, 1};
  int place[2] = {APUS_MAX_RANK, APUS_MAX_RANK};
  for (int axis = rank - 1; axis >= 0; axis--) {
    int side = axes >> axis & 1, at = --place[side];
    shapes[side][at] = shape[axis];
    a[side][at] = strides[axis];
    out[side][at] = dense[side];
    dense[side] *= shape[axis];
  }
  int k = place[0], r = place[1];
  axes_simplify(&plan->kept, APUS_MAX_RANK - k, shapes[0] + k, a[0] + k, out[0] + k);
  // Positions matter to argmax and argmin only; the others go by memory order.
  axes_simplify(&plan->reduced, APUS_MAX_RANK - r, shapes[1] + r, a[1] + r,
                positions ? out[1] + r : a[1] + r);
  *terms = dense[1];
  return dense[0];
}

/// Chooses the kept and the reduced axis that the kernel works on and makes them last.
static void choose_axes(reduction_plan *plan) {
  int kept = unit_stride_axis(&plan->kept), reduced = unit_stride_axis(&plan->reduced);
  plan->columns = kept >= 0 && reduced < 0 && plan->kept.shape[kept] > 1;
  if (plan->columns) {
    make_last(&plan->kept, kept);
    reduced = 0;  // the longest
    for (int axis = 1; axis < plan->reduced.rank; axis++) {
      if (plan->reduced.shape[axis] >= plan->reduced.shape[reduced]) reduced = axis;
    }
  }
  if (reduced >= 0 && plan->reduced.rank > 1) make_last(&plan->reduced, reduced);
  ensure_an_axis(&plan->kept);
  ensure_an_axis(&plan->reduced);
}

/// Narrow rows without gaps are read several at a time.
static void choose_fold(reduction_plan *plan, bool positions) {
  plan->fold = 1;
  if (!plan->columns || positions || plan->a_reduced != plan->outputs ||
      plan->outputs > reduction_fold_width / 4) {
    return;
  }
  while (2 * plan->fold * plan->outputs <= reduction_fold_width && 2 * plan->fold <= plan->count) {
    plan->fold *= 2;
  }
}

ptrdiff_t apus_reduction_plan(reduction_plan *plan, int rank, const ptrdiff_t *shape,
                              const ptrdiff_t *strides, uint32_t axes, bool positions) {
  const reduction_kernel *kernel = plan->kernel;
  ptrdiff_t terms, results = separate(plan, rank, shape, strides, axes, positions, &terms);
  if (results == 0) return 0;
  if (terms == 0) {
    for (ptrdiff_t i = 0; i < results; i++) {
      memcpy(plan->out + i * kernel->result, kernel->empty, (size_t)kernel->result);
    }
    return 0;
  }
  choose_axes(plan);
  const int k = plan->kept.rank - 1, r = plan->reduced.rank - 1;
  plan->outputs = plan->kept.shape[k];
  plan->a_output = plan->kept.a[k];
  plan->out_step = plan->kept.out[k];
  plan->count = plan->reduced.shape[r];
  plan->a_reduced = plan->reduced.a[r];
  plan->position = plan->reduced.out[r];

  choose_fold(plan, positions);
  plan->block = plan->columns          ? column_block * plan->fold
                : plan->a_reduced == 1 ? row_block
                                       : strided_block;
  plan->block = smaller(plan->block, plan->count);
  // Small and simple: one block of one tile, without a division.
  plan->single = k == 0 && r == 0 && plan->block == plan->count && plan->out_step == 1 &&
                 plan->outputs * kernel->accumulator <= reduction_single_bytes;
  if (plan->single) return 1;
  plan->pieces = quotient_up(plan->count, plan->block);
  plan->blocks = terms / plan->count * plan->pieces;

  // The tile: as many outputs as make a unit of work, or a cacheful of columns.
  plan->tile = smaller(plan->outputs, reduction_tile);
  if (!plan->columns) {
    plan->tile = smaller(plan->tile, larger(1, unit_cost / (kernel->cost * terms)));
  }
  plan->tiles = quotient_up(plan->outputs, plan->tile);
  plan->tile_bytes = plan->tile * kernel->accumulator;
  ptrdiff_t tiles = results / plan->outputs * plan->tiles;

  plan->part = plan->blocks;
  plan->grain = tiles;
  ptrdiff_t work = results * terms * kernel->cost;
  if (work >= parallel_cost) {
    ptrdiff_t tile_cost = plan->tile * terms * kernel->cost;
    plan->grain = larger(1, unit_cost / tile_cost);
    if (tiles < 16) {
      ptrdiff_t block_cost = plan->tile * plan->block * kernel->cost;
      plan->part = larger(quotient_up(unit_cost, block_cost),
                          quotient_up(plan->blocks, most_parts));
      plan->part = smaller(plan->part, plan->blocks);
    }
  }
  plan->parts = quotient_up(plan->blocks, plan->part);
  if (plan->parts > 1) plan->grain = 1;
  plan->depth = 1;
  for (ptrdiff_t runs = plan->part; runs > 1; runs /= 2) plan->depth++;
  return tiles * plan->parts;
}
