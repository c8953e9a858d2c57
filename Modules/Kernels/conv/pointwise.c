#include "method.h"

#include "memory.h"
#include "parallel.h"
#include "reduce.h"

// A kernel of one tap at stride 1 without padding: a matrix product over the channels of each image.

static bool takes(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  (void)product;
  for (int axis = 0; axis < APUS_SPACE; axis++) {
    if (s->kernel[axis] != 1 || s->stride[axis] != 1 || s->before[axis] != 0) return false;
    if (s->output[axis] != s->size[axis]) return false;
  }
  return s->batch > 0;
}

typedef struct job {
  const conv_call *call;
  ptrdiff_t channels, filters, places, size;
  ptrdiff_t out;    // channels of c in one group
  ptrdiff_t lanes;  // of the weight's gradient: sums of images, [group][lane][filter][channel]
  char *sums;
} job;

static void finish(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *j = context;
  const conv_call *call = j->call;
  for (ptrdiff_t image = begin; image < end; image++) {
    ptrdiff_t first = image % call->shape->groups * j->out;
    const char *bias = call->bias;
    conv_finish(call->type, j->out, j->places, j->places,
                (char *)call->c + image * j->out * j->places * j->size,
                bias ? bias + first * j->size : NULL, call->activation);
  }
}

/// One group of all images: c = w a, or c = wᵀ a.
static void multiply(const job *j, ptrdiff_t group, bool back) {
  const conv_call *call = j->call;
  const apus_convolution *s = call->shape;
  ptrdiff_t in = back ? j->filters : j->channels;
  const char *kernel = (const char *)call->b + group * j->filters * j->channels * j->size;
  const char *a = (const char *)call->a + group * in * j->places * j->size;
  char *c = (char *)call->c + group * j->out * j->places * j->size;
  apus_matrix w = {
    .data = kernel, .row = back ? 1 : j->channels, .column = back ? j->channels : 1,
  };
  apus_matrix x = {.data = a, .row = j->places, .column = 1};
  if (s->groups == 1) {
    x.batch[0] = in * j->places;
    apus_gemm(call->type, j->out, j->places, in, &w, &x, c, j->places, 1, &s->batch, false, NULL);
    return;
  }
  for (ptrdiff_t n = 0; n < s->batch; n++) {  // a group's images are no dense batch
    ptrdiff_t skip = n * s->groups * j->places * j->size;
    x.data = a + skip * in;
    apus_gemm(call->type, j->out, j->places, in, &w, &x, c + skip * j->out, j->places, 0, NULL,
              false, NULL);
  }
}

/// dw = Σ dy xᵀ of one group, over images first, first + step, … in order.
static void sum_images(const job *j, ptrdiff_t group, ptrdiff_t first, ptrdiff_t step, char *dw) {
  const conv_call *call = j->call;
  const apus_convolution *s = call->shape;
  for (ptrdiff_t n = first; n < s->batch; n += step) {
    ptrdiff_t image = n * s->groups + group;
    apus_matrix dy = {
      .data = (const char *)call->b + image * j->filters * j->places * j->size,
      .row = j->places, .column = 1,
    };
    apus_matrix x = {
      .data = (const char *)call->a + image * j->channels * j->places * j->size,
      .row = 1, .column = j->places,
    };
    apus_gemm(call->type, j->filters, j->channels, j->places, &dy, &x, dw, j->channels, 0, NULL,
              n > first, NULL);
  }
}

enum {
  most_lanes = 8,              // sums of images side by side
  most_lane_floats = 1 << 14,  // of one: adding up the lanes stays cheap
};

/// A task is a lane of a group.
static void sum_lane(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *j = context;
  ptrdiff_t weights = j->filters * j->channels;
  for (ptrdiff_t task = begin; task < end; task++) {
    sum_images(j, task / j->lanes, task % j->lanes, j->lanes,
               j->sums + task * weights * j->size);
  }
}

/// All groups: images are dealt out to lanes, and the lanes added up in order.
static void sum(job *j) {
  const conv_call *call = j->call;
  ptrdiff_t groups = call->shape->groups, weights = j->filters * j->channels;
  if (weights > most_lane_floats) {
    for (ptrdiff_t group = 0; group < groups; group++) {
      sum_images(j, group, 0, 1, (char *)call->c + group * weights * j->size);
    }
    return;
  }
  j->lanes = conv_min(call->shape->batch, most_lanes);
  size_t bytes = (size_t)(groups * j->lanes * weights * j->size);
  j->sums = apus_allocate(bytes);
  apus_parallel_for(groups * j->lanes, 1, sum_lane, j);
  ptrdiff_t shape[] = {groups, j->lanes, weights}, strides[] = {j->lanes * weights, weights, 1};
  apus_reduce(apus_reduction_sum, call->type, 3, shape, j->sums, strides, 1u << 1, call->c);
  apus_deallocate(j->sums, bytes);
}

static void run(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  job j = {
    .call = call, .channels = s->channels / s->groups, .filters = s->filters / s->groups,
    .places = conv_volume(s->size), .size = (ptrdiff_t)conv_element_size(call->type),
  };
  j.out = product == conv_forward ? j.filters : j.channels;
  if (product == conv_weight_gradient) {
    sum(&j);
    return;
  }
  for (ptrdiff_t group = 0; group < s->groups; group++) {
    multiply(&j, group, product == conv_input_gradient);
  }
  bool plain = !call->bias && call->activation == apus_activation_identity;
  if (!plain) apus_parallel_for(s->batch * s->groups, 1, finish, &j);
}

const conv_method conv_pointwise = {.name = "pointwise", .takes = takes, .run = run};
