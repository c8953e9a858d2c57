#include "method.h"

#include <string.h>

#include "lowered.h"
#include "memory.h"
#include "parallel.h"

// Windows become the columns of a matrix, a block of output positions at a time, and the
// convolution a matrix product [Chellapilla, Puri and Simard 2006]. The block bounds the memory: a
// quarter of a megabyte for each thread, or sixteen columns where one is longer.

typedef struct job {
  const conv_call *call;
  ptrdiff_t channels, filters;  // of one group
  ptrdiff_t rows;               // of the matrix of columns: channels × kernel
  ptrdiff_t inputs, outputs;    // positions of one channel
  ptrdiff_t block, blocks;      // output positions at a time
  ptrdiff_t parts;              // that the channels of an image's gradient are dealt out in
  size_t size;
} job;

static job prepare(const conv_call *call) {
  const apus_convolution *s = call->shape;
  job j = {.call = call, .size = conv_element_size(call->type)};
  j.channels = s->channels / s->groups;
  j.filters = s->filters / s->groups;
  j.rows = j.channels * conv_volume(s->kernel);
  j.inputs = conv_volume(s->size);
  j.outputs = conv_volume(s->output);
  j.block = conv_max(65536 / conv_max(j.rows, 1), 16) / 16 * 16;
  j.blocks = (j.outputs + j.block - 1) / j.block;
  // Few images are dealt out by channels too.
  ptrdiff_t images = conv_max(s->batch * s->groups, 1);
  j.parts = conv_min(conv_max(16 / images, 1), conv_max(j.channels, 1));
  return j;
}

static void copy_out(const job *j, const void *image, ptrdiff_t channels, ptrdiff_t first,
                     ptrdiff_t last, void *columns) {
  if (j->size == 8) {
    conv_lower_float64(j->call->shape, image, channels, first, last, columns);
  } else {
    conv_lower_float32(j->call->shape, image, channels, first, last, columns);
  }
}

static void add_back(const job *j, const void *columns, ptrdiff_t channels, ptrdiff_t first,
                     ptrdiff_t last, void *image) {
  if (j->size == 8) {
    conv_raise_float64(j->call->shape, columns, channels, first, last, image);
  } else {
    conv_raise_float32(j->call->shape, columns, channels, first, last, image);
  }
}

static void forward(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *j = context;
  const conv_call *call = j->call;
  ptrdiff_t size = (ptrdiff_t)j->size;
  size_t bytes = (size_t)(j->rows * j->block) * j->size;
  char *columns = apus_allocate(bytes);
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t image = task / j->blocks;  // of one example and group
    ptrdiff_t group = image % call->shape->groups;
    ptrdiff_t first = task % j->blocks * j->block;
    ptrdiff_t count = conv_min(j->outputs - first, j->block);
    copy_out(j, (const char *)call->a + image * j->channels * j->inputs * size, j->channels,
             first, first + count, columns);
    apus_matrix w = {
      .data = (const char *)call->b + group * j->filters * j->rows * size,
      .row = j->rows, .column = 1,
    };
    apus_matrix x = {.data = columns, .row = count, .column = 1};
    char *y = (char *)call->c + (image * j->filters * j->outputs + first) * size;
    apus_gemm(call->type, j->filters, count, j->rows, &w, &x, y, j->outputs, 0, NULL, false, NULL);
    const char *bias = call->bias;
    conv_finish(call->type, j->filters, count, j->outputs, y,
                bias ? bias + group * j->filters * size : NULL, call->activation);
  }
  apus_deallocate(columns, bytes);
}

/// A task is a part of the channels of one example and group.
static void input_gradient(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *j = context;
  const conv_call *call = j->call;
  ptrdiff_t size = (ptrdiff_t)j->size, kernel = conv_volume(call->shape->kernel);
  size_t bytes = (size_t)(j->rows * j->block) * j->size;
  char *columns = apus_allocate(bytes);
  for (ptrdiff_t task = begin; task < end; task++) {
    ptrdiff_t image = task / j->parts, group = image % call->shape->groups;
    ptrdiff_t channel = task % j->parts * j->channels / j->parts;
    ptrdiff_t channels = (task % j->parts + 1) * j->channels / j->parts - channel;
    char *dx = (char *)call->c + (image * j->channels + channel) * j->inputs * size;
    memset(dx, 0, (size_t)(channels * j->inputs) * j->size);
    for (ptrdiff_t first = 0; first < j->outputs; first += j->block) {
      ptrdiff_t count = conv_min(j->outputs - first, j->block);
      apus_matrix w = {
        .data = (const char *)call->b +
                (group * j->filters * j->rows + channel * kernel) * size,
        .row = 1, .column = j->rows,
      };
      apus_matrix dy = {
        .data = (const char *)call->a + (image * j->filters * j->outputs + first) * size,
        .row = j->outputs, .column = 1,
      };
      apus_gemm(call->type, channels * kernel, count, j->filters, &w, &dy, columns, count, 0, NULL,
                false, NULL);
      add_back(j, columns, channels, first, first + count, dx);
    }
    const char *bias = call->bias;
    conv_finish(call->type, channels, j->inputs, j->inputs, dx,
                bias ? bias + (group * j->channels + channel) * size : NULL, call->activation);
  }
  apus_deallocate(columns, bytes);
}

typedef struct raising {
  const job *job;
  const char *columns;
  ptrdiff_t first, last;
  char *image;
} raising;

/// A task is a channel.
static void raise_channels(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const raising *r = context;
  ptrdiff_t size = (ptrdiff_t)r->job->size, kernel = conv_volume(r->job->call->shape->kernel);
  for (ptrdiff_t c = begin; c < end; c++) {
    add_back(r->job, r->columns + c * kernel * (r->last - r->first) * size, 1, r->first, r->last,
             r->image + c * r->job->inputs * size);
  }
}

/// One example and group, with all threads at each step.
static void input_gradient_alone(const job *j) {
  const conv_call *call = j->call;
  ptrdiff_t size = (ptrdiff_t)j->size;
  size_t bytes = (size_t)(j->rows * j->block) * j->size;
  char *columns = apus_allocate(bytes), *dx = call->c;
  memset(dx, 0, (size_t)(j->channels * j->inputs) * j->size);
  for (ptrdiff_t first = 0; first < j->outputs; first += j->block) {
    ptrdiff_t count = conv_min(j->outputs - first, j->block);
    apus_matrix w = {.data = call->b, .row = 1, .column = j->rows};
    apus_matrix dy = {
      .data = (const char *)call->a + first * size, .row = j->outputs, .column = 1,
    };
    apus_gemm(call->type, j->rows, count, j->filters, &w, &dy, columns, count, 0, NULL, false, NULL);
    raising r = {.job = j, .columns = columns, .first = first, .last = first + count, .image = dx};
    apus_parallel_for(j->channels, 1, raise_channels, &r);
  }
  conv_finish(call->type, j->channels, j->inputs, j->inputs, dx, call->bias, call->activation);
  apus_deallocate(columns, bytes);
}

/// A task is one channel of one group, summed over the examples in order.
static void weight_gradient(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *j = context;
  const conv_call *call = j->call;
  const apus_convolution *s = call->shape;
  ptrdiff_t size = (ptrdiff_t)j->size, kernel = conv_volume(s->kernel);
  size_t bytes = (size_t)(kernel * j->block) * j->size;
  char *columns = apus_allocate(bytes);
  for (ptrdiff_t channel = begin; channel < end; channel++) {
    ptrdiff_t group = channel / j->channels, within = channel % j->channels;
    char *dw = (char *)call->c + (group * j->filters * j->rows + within * kernel) * size;
    bool started = false;
    for (ptrdiff_t n = 0; n < s->batch; n++) {
      const char *x = (const char *)call->a + (n * s->channels + channel) * j->inputs * size;
      const char *dy = (const char *)call->b +
                       (n * s->filters + group * j->filters) * j->outputs * size;
      for (ptrdiff_t first = 0; first < j->outputs; first += j->block) {
        ptrdiff_t count = conv_min(j->outputs - first, j->block);
        copy_out(j, x, 1, first, first + count, columns);
        apus_matrix a = {.data = dy + first * size, .row = j->outputs, .column = 1};
        apus_matrix b = {.data = columns, .row = 1, .column = count};
        apus_gemm(call->type, j->filters, kernel, count, &a, &b, dw, j->rows, 0, NULL, started,
                  NULL);
        started = true;
      }
    }
    for (ptrdiff_t f = 0; f < j->filters && !started; f++) {
      memset(dw + f * j->rows * size, 0, (size_t)kernel * j->size);
    }
  }
  apus_deallocate(columns, bytes);
}

static bool takes_all(const conv_call *call, conv_product product) {
  (void)call, (void)product;
  return true;
}

static void run(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  job j = prepare(call);
  switch (product) {
  case conv_forward:
    apus_parallel_for(s->batch * s->groups * j.blocks, 1, forward, &j);
    break;
  case conv_input_gradient:
    // Few channels of one image are no even share for two threads.
    if (s->batch * s->groups == 1 && j.channels < 8) {
      input_gradient_alone(&j);
    } else {
      apus_parallel_for(s->batch * s->groups * j.parts, 1, input_gradient, &j);
    }
    break;
  case conv_weight_gradient:
    apus_parallel_for(s->channels, 1, weight_gradient, &j);
    break;
  }
}

const conv_method conv_lowered = {.name = "lowered", .takes = takes_all, .run = run};
