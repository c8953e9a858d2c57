#include "winograd.h"

#include <string.h>

#include "memory.h"
#include "parallel.h"

// Vectors of one register, and blocks of eight floats at every level.
#define APUS_AVX2_REGISTERS 1
#define APUS_TEMPLATE "../conv/winograd/passes.inc"
#include "../../math/each_level.h"

static const winograd_kernels *kernels(void) {
  static const winograd_kernels *const levels[] = APUS_AT_LEVEL(&winograd_kernels);
  return levels[apus_current_level()];
}

/// Tiles that a block of the forward product should have, and one of the weight's gradient.
enum { forward_tiles = 28, gradient_tiles = 96, longest_segment = 32 };

static bool takes(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  (void)product;
  if (call->type != apus_dtype_float32 || s->exact || s->groups != 1) return false;
  if (s->size[0] != 1 || s->kernel[0] != 1 || s->output[0] != 1 || s->before[0] != 0) return false;
  for (int axis = 1; axis < APUS_SPACE; axis++) {
    if (s->kernel[axis] != 3 || s->stride[axis] != 1 || s->dilation[axis] != 1) return false;
  }
  return s->channels >= 16 && s->filters >= 16 && s->output[1] >= 4 && s->output[2] >= 4;
}

/// Cuts the tiles of the output into runs and blocks of runs of about `tiles` tiles.
static void cut(winograd_job *j, ptrdiff_t tiles) {
  j->tile_rows = winograd_ceil(j->out.height, winograd_tile);
  j->tile_columns = winograd_ceil(j->out.width, winograd_tile);
  j->segments = winograd_ceil(j->tile_columns, longest_segment);
  j->segment = winograd_ceil(j->tile_columns, j->segments);
  j->runs = j->batch * j->tile_rows * j->segments;
  j->block_runs = conv_min(conv_max(tiles / j->segment, 1), conv_max(j->runs, 1));
  j->blocks = winograd_ceil(j->runs, j->block_runs);
  j->block_tiles = j->block_runs * j->segment;
  j->channel_blocks = winograd_ceil(j->in.channels, 8);
  j->filter_blocks = winograd_ceil(j->out.channels, 8);
}

static void transform_kernels(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->transform_kernels(context, begin, end);
}

static void forward(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->forward(context, begin, end);
}

static void transform_both(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->transform_both(context, begin, end);
}

static void add_products(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->add_products(context, begin, end);
}

static void finish_gradient(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->finish_gradient(context, begin, end);
}

static void run_forward(winograd_job *j) {
  cut(j, forward_tiles);
  ptrdiff_t strips = winograd_ceil(j->out.channels, winograd_strip);
  size_t bytes =
      (size_t)(strips * winograd_points * j->channel_blocks * 8 * winograd_strip) * 4;
  j->points = apus_allocate(bytes);
  apus_parallel_for(strips * j->channel_blocks, 1, transform_kernels, j);
  apus_parallel_for(j->blocks, 1, forward, j);
  apus_deallocate(j->points, bytes);
}

static void run_weight_gradient(winograd_job *j) {
  cut(j, gradient_tiles);
  size_t sums = (size_t)(winograd_points * j->filter_blocks * j->channel_blocks * 64) * 4;
  size_t x = (size_t)(winograd_points *
                      winograd_tiles_stride(j->channel_blocks, j->block_tiles)) * 4;
  size_t y = (size_t)(winograd_points *
                      winograd_tiles_stride(j->filter_blocks, j->block_tiles)) * 4;
  j->points = apus_allocate(sums);
  j->x_points = apus_allocate(x);
  j->y_points = apus_allocate(y);
  memset(j->points, 0, sums);
  for (ptrdiff_t block = 0; block < j->blocks; block++) {
    j->first_run = block * j->runs / j->blocks;
    j->last_run = (block + 1) * j->runs / j->blocks;
    j->tiles = 0;
    for (ptrdiff_t i = j->first_run; i < j->last_run; i++) j->tiles += winograd_run_at(j, i).tiles;
    apus_parallel_for(j->channel_blocks + j->filter_blocks, 1, transform_both, j);
    apus_parallel_for(winograd_points * j->filter_blocks, 4, add_products, j);
  }
  apus_parallel_for(j->out.channels, 8, finish_gradient, j);
  apus_deallocate(j->points, sums);
  apus_deallocate(j->x_points, x);
  apus_deallocate(j->y_points, y);
}

static void run(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  conv_planes x = conv_planes_of(s->channels, s->size), y = conv_planes_of(s->filters, s->output);
  winograd_job j = {.call = call, .batch = s->batch, .kernel = call->b};
  bool back = product == conv_input_gradient;
  j.in = back ? y : x;
  j.out = back ? x : y;
  // Seen from the other side, a tap j of the kernel is tap 2 − j, and so are the borders.
  j.flipped = back;
  j.top = back ? 2 - s->before[1] : s->before[1];
  j.left = back ? 2 - s->before[2] : s->before[2];
  j.filter_stride = back ? 9 : s->channels * 9;
  j.channel_stride = back ? s->channels * 9 : 9;
  if (product == conv_weight_gradient) {
    run_weight_gradient(&j);
  } else {
    run_forward(&j);
  }
}

const conv_method conv_winograd = {.name = "winograd", .takes = takes, .run = run};
