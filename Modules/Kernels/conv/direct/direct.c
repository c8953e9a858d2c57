#include "direct.h"

#include <string.h>

#include "memory.h"
#include "parallel.h"

// Vectors of one register, and blocks of eight floats at every level.
#define APUS_AVX2_REGISTERS 1
#define APUS_TEMPLATE "../conv/direct/passes.inc"
#include "../../math/each_level.h"

static const direct_kernels *kernels(void) {
  static const direct_kernels *const levels[] = {
    &direct_kernels_portable,
#if defined(__x86_64__)
    &direct_kernels_avx2, &direct_kernels_avx512,
#endif
  };
  return levels[apus_current_level()];
}

static bool takes(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  if (call->type != apus_dtype_float32 || product == conv_weight_gradient) return false;
  for (int axis = 0; axis < APUS_SPACE; axis++) {
    if (s->kernel[axis] > direct_most_taps || s->stride[axis] > direct_most_taps) return false;
  }
  ptrdiff_t filters = product == conv_forward ? s->filters : s->channels;
  return filters / s->groups >= 8;
}

static void pack(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->pack(context, begin, end);
}

static void product(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->product(context, begin, end);
}

/// Rows of outputs that share a patch: as many as give some hundred outputs.
enum { direct_outputs = 128 };

static void run(const conv_call *call, conv_product which) {
  const apus_convolution *s = call->shape;
  bool back = which == conv_input_gradient;
  ptrdiff_t channels = s->channels / s->groups, filters = s->filters / s->groups;
  conv_planes x = conv_planes_of(channels, s->size), y = conv_planes_of(filters, s->output);
  direct_job j = {
    .call = call, .in = back ? y : x, .out = back ? x : y,
    .in_depth = back ? s->output[0] : s->size[0], .out_depth = back ? s->size[0] : s->output[0],
    .images = s->batch * s->groups, .groups = s->groups, .volume = conv_volume(s->kernel),
  };
  for (int axis = 0; axis < APUS_SPACE; axis++) {
    j.axis[axis] = back ? direct_backward_axis(s, axis) : direct_forward_axis(s, axis);
  }
  j.pitch = conv_min(j.in.channels, 8);
  j.blocks = (j.in.channels + 7) / 8;
  j.strips = (j.out.channels + direct_strip - 1) / direct_strip;
  j.filter_stride = back ? j.volume : channels * j.volume;
  j.channel_stride = back ? channels * j.volume : j.volume;
  j.group_stride = filters * channels * j.volume;
  j.rows = conv_max(direct_outputs / conv_max(j.out.width, 1), 1);
  direct_number_runs(&j);
  size_t bytes = (size_t)(j.groups * j.strips * j.blocks * j.volume * j.pitch * direct_strip) * 4;
  j.kernels = apus_allocate(bytes);
  apus_parallel_for(j.groups * j.strips * j.blocks, 1, pack, &j);
  apus_parallel_for(j.runs, 1, product, &j);
  apus_deallocate(j.kernels, bytes);
}

const conv_method conv_direct = {.name = "direct", .takes = takes, .run = run};
