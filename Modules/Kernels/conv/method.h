#pragma once
#include "convolution.h"
#include "planes.h"

/// One product of a convolution as a call. For the forward product a is x, b is w and c is y; for the
/// input's gradient a is dy, b is w and c is dx; for the weight's gradient a is x, b is dy, c is dw.
typedef struct conv_call {
  apus_dtype type;
  const apus_convolution *shape;
  const void *a, *b;
  void *c;
  const void *bias;  // one value for each channel of c, or NULL
  apus_activation activation;
} conv_call;

typedef enum conv_product { conv_forward, conv_input_gradient, conv_weight_gradient } conv_product;

/// A way to compute some of the products for some shapes. A method is asked in the order of the
/// table in convolution.c; the first that takes the call runs it.
typedef struct conv_method {
  const char *name;
  bool (*takes)(const conv_call *call, conv_product product);
  void (*run)(const conv_call *call, conv_product product);
} conv_method;

/// Kernels of one tap, by matrix products.
extern const conv_method conv_pointwise;

/// 3×3 kernels at stride 1 over many channels in float32, by Winograd's minimal filtering.
extern const conv_method conv_winograd;

/// Float32, one channel in and out of each group, stride 1, by sums down columns of taps.
extern const conv_method conv_depthwise;

/// Float32 with few channels in or out, as when it is depthwise, by sums along rows.
extern const conv_method conv_planar;

/// Float32 with eight filters or more in a group, by sums in registers.
extern const conv_method conv_direct;

/// Everything, by copying windows into columns and a matrix product, in bounded memory.
extern const conv_method conv_lowered;

static inline size_t conv_element_size(apus_dtype type) {
  return type == apus_dtype_float64 ? 8 : 4;
}

static inline ptrdiff_t conv_volume(const ptrdiff_t *sizes) {
  return sizes[0] * sizes[1] * sizes[2];
}

static inline ptrdiff_t conv_min(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static inline ptrdiff_t conv_max(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

/// c = activation(c + bias) in place over `rows` rows of `count` elements, `stride` apart.
void conv_finish(apus_dtype type, ptrdiff_t rows, ptrdiff_t count, ptrdiff_t stride, void *c,
                 const void *bias, apus_activation activation);

/// The activation, in place, of a region of a block of eight planes.
void conv_activate(const conv_planes *planes, float *image, ptrdiff_t block, conv_region region,
                   apus_activation activation);

static inline conv_planes conv_planes_of(ptrdiff_t channels, const ptrdiff_t *sizes) {
  return (conv_planes){
    .channels = channels, .height = sizes[1], .width = sizes[2], .stride = conv_volume(sizes),
  };
}
