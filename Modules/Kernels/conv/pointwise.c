#include "method.h"

#include "parallel.h"

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
  ptrdiff_t out;  // channels of c in one group
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

/// One group: dw = Σ dy xᵀ over the images, in order.
static void sum(const job *j, ptrdiff_t group) {
  const conv_call *call = j->call;
  const apus_convolution *s = call->shape;
  char *dw = (char *)call->c + group * j->filters * j->channels * j->size;
  for (ptrdiff_t n = 0; n < s->batch; n++) {
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
              n > 0, NULL);
  }
}

static void run(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  job j = {
    .call = call, .channels = s->channels / s->groups, .filters = s->filters / s->groups,
    .places = conv_volume(s->size), .size = (ptrdiff_t)conv_element_size(call->type),
  };
  j.out = product == conv_forward ? j.filters : j.channels;
  for (ptrdiff_t group = 0; group < s->groups; group++) {
    if (product == conv_weight_gradient) {
      sum(&j, group);
    } else {
      multiply(&j, group, product == conv_input_gradient);
    }
  }
  bool plain = !call->bias && call->activation == apus_activation_identity;
  if (product != conv_weight_gradient && !plain) {
    apus_parallel_for(s->batch * s->groups, 1, finish, &j);
  }
}

const conv_method conv_pointwise = {.name = "pointwise", .takes = takes, .run = run};
