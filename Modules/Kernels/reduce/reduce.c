#include "kernel.h"
#include "memory.h"
#include "parallel.h"
#include "plan.h"

#include <string.h>

// A tile of adjacent outputs is reduced block by block (see plan.h). Blocks merge in pairs, pairs
// of pairs and so on: with float32 the error grows like the logarithm of the count.

/// Narrow rows that lie one after the other are read as wide ones: `fold` of them at a time.
static void folded_columns(const reduction_plan *plan, const char *a, ptrdiff_t outputs,
                           ptrdiff_t count, char *accumulators) {
  const reduction_kernel *kernel = plan->kernel;
  const ptrdiff_t fold = plan->fold, bytes = outputs * kernel->accumulator;
  _Alignas(64) char wide[reduction_fold_width * reduction_accumulator_bytes];
  ptrdiff_t rows = count / fold, rest = count % fold;
  if (rows == 0) {
    kernel->columns(a, outputs, count, outputs, 0, 0, accumulators);
    return;
  }
  kernel->columns(a, outputs * fold, rows, outputs * fold, 0, 0, wide);
  for (ptrdiff_t half = fold / 2; half > 0; half /= 2) {
    kernel->merge(wide, wide + half * bytes, half * outputs);
  }
  memcpy(accumulators, wide, (size_t)bytes);
  if (rest == 0) return;
  kernel->columns(a + rows * fold * outputs * kernel->element, outputs, rest, outputs, 0, 0, wide);
  kernel->merge(accumulators, wide, outputs);
}

static inline void reduce_block(const reduction_plan *plan, const char *a, ptrdiff_t outputs,
                                const axis_cursor *outer, ptrdiff_t piece, char *accumulators) {
  const reduction_kernel *kernel = plan->kernel;
  const ptrdiff_t first = piece * plan->block, left = plan->count - first;
  const ptrdiff_t count = left < plan->block ? left : plan->block;
  const int64_t base = outer->out + first * plan->position;
  a += (outer->a + first * plan->a_reduced) * kernel->element;
  if (plan->fold > 1) {
    folded_columns(plan, a, outputs, count, accumulators);
  } else if (plan->columns) {
    kernel->columns(a, outputs, count, plan->a_reduced, base, plan->position, accumulators);
  } else {
    kernel->rows(a, outputs, plan->a_output, count, plan->a_reduced, base, plan->position,
                 accumulators);
  }
}

/// Reduces blocks [begin, end) of one tile. `stack` has room for a tile for each bit of their
/// number; its first tile is the result.
static void reduce_blocks(const reduction_plan *plan, const char *a, ptrdiff_t outputs,
                          ptrdiff_t begin, ptrdiff_t end, char *stack) {
  const ptrdiff_t tile = plan->tile_bytes;
  const int outer_rank = plan->reduced.rank - 1;
  axis_cursor outer;
  cursor_seek(&outer, &plan->reduced, outer_rank, begin / plan->pieces);
  ptrdiff_t piece = begin % plan->pieces;
  char *top = stack;
  for (ptrdiff_t done = 1; done <= end - begin; done++) {
    reduce_block(plan, a, outputs, &outer, piece, top);
    if (++piece == plan->pieces) {
      piece = 0;
      cursor_advance(&outer, &plan->reduced, outer_rank);
    }
    for (ptrdiff_t pairs = done; pairs % 2 == 0; pairs /= 2, top -= tile) {
      plan->kernel->merge(top - tile, top, outputs);
    }
    top += tile;
  }
  for (top -= tile; top > stack; top -= tile) plan->kernel->merge(top - tile, top, outputs);
}

static void store(const reduction_plan *plan, const char *accumulators, char *out,
                  ptrdiff_t outputs) {
  const ptrdiff_t bytes = plan->kernel->result, step = plan->out_step * bytes;
  char finished[reduction_tile * 8];
  if (plan->kernel->finish) {
    bool dense = plan->out_step == 1;
    plan->kernel->finish(accumulators, dense ? out : finished, outputs);
    if (dense) return;
    accumulators = finished;
  } else if (plan->out_step == 1) {
    if (accumulators != out) memcpy(out, accumulators, (size_t)(outputs * bytes));
    return;
  }
  for (ptrdiff_t i = 0; i < outputs; i++) {
    memcpy(out + i * step, accumulators + i * bytes, (size_t)bytes);
  }
}

// A unit is a tile, or, where outputs are few, a part of the blocks of one.
static void reduce_units(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const reduction_plan *plan = context;
  const axis_pairs *kept = &plan->kept;
  size_t stack_bytes = (size_t)(plan->tile_bytes * plan->depth);
  _Alignas(64) char small[512];
  char *stack = stack_bytes <= sizeof small ? small : apus_allocate(stack_bytes);

  ptrdiff_t tile = begin / plan->parts, part = begin % plan->parts;
  axis_cursor outer;
  cursor_seek(&outer, kept, kept->rank - 1, tile / plan->tiles);
  tile %= plan->tiles;
  for (ptrdiff_t unit = begin; unit < end; unit++) {
    const ptrdiff_t first = tile * plan->tile, left = plan->outputs - first;
    const ptrdiff_t outputs = left < plan->tile ? left : plan->tile;
    const char *a = plan->a + (outer.a + first * plan->a_output) * plan->kernel->element;
    char *out = plan->out + (outer.out + first * plan->out_step) * plan->kernel->result;
    ptrdiff_t block = part * plan->part, stop = block + plan->part;
    if (stop > plan->blocks) stop = plan->blocks;
    bool direct = plan->depth == 1 && plan->parts == 1 && !plan->kernel->finish &&
                  plan->out_step == 1;
    char *target = direct ? out : stack;
    reduce_blocks(plan, a, outputs, block, stop, target);
    if (plan->parts == 1) store(plan, target, out, outputs);
    else memcpy(plan->partial + unit * plan->tile_bytes, target, (size_t)plan->tile_bytes);
    if (++part < plan->parts) continue;
    part = 0;
    if (++tile < plan->tiles) continue;
    tile = 0;
    cursor_advance(&outer, kept, kept->rank - 1);
  }
  if (stack != small) apus_deallocate(stack, stack_bytes);
}

/// Merges the parts of each tile, as a tree, and stores the results.
static void merge_parts(const reduction_plan *plan, ptrdiff_t tiles) {
  axis_cursor outer;
  cursor_seek(&outer, &plan->kept, plan->kept.rank - 1, 0);
  for (ptrdiff_t index = 0, tile = 0; index < tiles; index++) {
    const ptrdiff_t first = tile * plan->tile, left = plan->outputs - first;
    const ptrdiff_t outputs = left < plan->tile ? left : plan->tile;
    char *parts = plan->partial + index * plan->parts * plan->tile_bytes;
    for (ptrdiff_t gap = 1; gap < plan->parts; gap *= 2) {
      for (ptrdiff_t i = 0; i + gap < plan->parts; i += 2 * gap) {
        plan->kernel->merge(parts + i * plan->tile_bytes, parts + (i + gap) * plan->tile_bytes,
                            outputs);
      }
    }
    store(plan, parts, plan->out + (outer.out + first * plan->out_step) * plan->kernel->result,
          outputs);
    if (++tile < plan->tiles) continue;
    tile = 0;
    cursor_advance(&outer, &plan->kept, plan->kept.rank - 1);
  }
}

static void reduce_single(const reduction_plan *plan) {
  _Alignas(64) char accumulators[reduction_single_bytes];
  axis_cursor outer;
  outer.a = outer.out = 0;
  if (plan->kernel->finish) {
    reduce_block(plan, plan->a, plan->outputs, &outer, 0, accumulators);
    plan->kernel->finish(accumulators, plan->out, plan->outputs);
  } else {
    reduce_block(plan, plan->a, plan->outputs, &outer, 0, plan->out);
  }
}

static const reduction_kernel *kernel_for(apus_reduction op, apus_dtype type) {
  const apus_level level = apus_current_level();
  const bool real = type == apus_dtype_float32 || type == apus_dtype_float64;
  switch (op) {
  case apus_reduction_argmax:
  case apus_reduction_argmin: return apus_extreme_kernel(op == apus_reduction_argmax, type);
  case apus_reduction_log_sum_exp: return apus_log_sum_exp_kernel(type == apus_dtype_float64);
  default:
    return real ? apus_fold_real(op, type == apus_dtype_float64, level)
                : apus_fold_whole(op, type, level);
  }
}

void apus_reduce(apus_reduction op, apus_dtype type, int rank, const ptrdiff_t *shape,
                 const void *a, const ptrdiff_t *strides, uint32_t axes, void *out) {
  reduction_plan plan;
  plan.kernel = kernel_for(op, type);
  plan.a = a;
  plan.out = out;
  bool positions = op == apus_reduction_argmax || op == apus_reduction_argmin;
  ptrdiff_t units = apus_reduction_plan(&plan, rank, shape, strides, axes, positions);
  if (units == 0) return;
  if (plan.single) {
    reduce_single(&plan);
    return;
  }
  if (plan.parts == 1) {
    apus_parallel_for(units, plan.grain, reduce_units, &plan);
    return;
  }
  size_t bytes = (size_t)(units * plan.tile_bytes);
  plan.partial = apus_allocate(bytes);
  apus_parallel_for(units, plan.grain, reduce_units, &plan);
  merge_parts(&plan, units / plan.parts);
  apus_deallocate(plan.partial, bytes);
}
