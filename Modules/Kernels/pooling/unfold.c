#include "../conv/lowered.h"
#include "../conv/method.h"
#include "parallel.h"
#include "plan.h"

#include <string.h>

typedef struct folding {
  apus_dtype type;
  const apus_convolution *shape;
  const char *from;
  char *to;
  ptrdiff_t plane, columns, windows;  // bytes of a channel's image and columns; their number
} folding;

static folding folding_of(apus_dtype type, const apus_convolution *shape, const void *from,
                          void *to) {
  ptrdiff_t bytes = (ptrdiff_t)conv_element_size(type), windows = conv_volume(shape->output);
  return (folding){
    type, shape, from, to, bytes * conv_volume(shape->size),
    bytes * conv_volume(shape->kernel) * windows, windows,
  };
}

static void run(folding work, apus_task task) {
  apus_parallel_for(work.shape->batch * work.shape->channels,
                    pool_grain((work.plane + work.columns) / 4), task, &work);
}

static void unfold_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const folding *f = context;
  (f->type == apus_dtype_float64 ? conv_lower_float64 : conv_lower_float32)(
    f->shape, f->from + begin * f->plane, end - begin, 0, f->windows,
    f->to + begin * f->columns);
}

static void fold_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const folding *f = context;
  char *image = f->to + begin * f->plane;
  memset(image, 0, (size_t)((end - begin) * f->plane));
  (f->type == apus_dtype_float64 ? conv_raise_float64 : conv_raise_float32)(
    f->shape, f->from + begin * f->columns, end - begin, 0, f->windows, image);
}

void apus_unfold(apus_dtype type, const apus_convolution *shape, const void *x, void *columns) {
  run(folding_of(type, shape, x, columns), unfold_part);
}

void apus_fold(apus_dtype type, const apus_convolution *shape, const void *columns, void *x) {
  run(folding_of(type, shape, columns, x), fold_part);
}
