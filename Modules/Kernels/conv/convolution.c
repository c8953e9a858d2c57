#include "method.h"

#include "elementwise.h"

/// In order of preference.
static const conv_method *const methods[] = {
  &conv_pointwise, &conv_winograd, &conv_depthwise, &conv_planar, &conv_direct, &conv_lowered,
};

static void run(const conv_call *call, conv_product product) {
  for (size_t i = 0;; i++) {
    if (methods[i]->takes(call, product)) {
      methods[i]->run(call, product);
      return;
    }
  }
}

void apus_convolution_forward(apus_dtype type, const apus_convolution *shape, const void *x,
                              const void *w, const void *bias, apus_activation activation,
                              void *y) {
  conv_call call = {
    .type = type, .shape = shape, .a = x, .b = w, .c = y, .bias = bias, .activation = activation,
  };
  run(&call, conv_forward);
}

void apus_convolution_input_gradient(apus_dtype type, const apus_convolution *shape,
                                     const void *dy, const void *w, const void *bias,
                                     apus_activation activation, void *dx) {
  conv_call call = {
    .type = type, .shape = shape, .a = dy, .b = w, .c = dx, .bias = bias,
    .activation = activation,
  };
  run(&call, conv_input_gradient);
}

void apus_convolution_weight_gradient(apus_dtype type, const apus_convolution *shape,
                                      const void *x, const void *dy, void *dw) {
  conv_call call = {.type = type, .shape = shape, .a = x, .b = dy, .c = dw};
  run(&call, conv_weight_gradient);
}

static void add_bias(apus_dtype type, ptrdiff_t count, char *row, const void *bias,
                     ptrdiff_t channel) {
  if (type == apus_dtype_float64) {
    double *c = (double *)row, b = ((const double *)bias)[channel];
    for (ptrdiff_t i = 0; i < count; i++) c[i] += b;
  } else {
    float *c = (float *)row, b = ((const float *)bias)[channel];
    for (ptrdiff_t i = 0; i < count; i++) c[i] += b;
  }
}

static apus_unary function(apus_activation activation) {
  switch (activation) {
  case apus_activation_tanh: return apus_unary_tanh;
  case apus_activation_sigmoid: return apus_unary_sigmoid;
  case apus_activation_softplus: return apus_unary_softplus;
  default: return apus_unary_relu;
  }
}

void conv_finish(apus_dtype type, ptrdiff_t rows, ptrdiff_t count, ptrdiff_t stride, void *c,
                 const void *bias, apus_activation activation) {
  bool plain = activation == apus_activation_identity;
  if (!bias && plain) return;
  ptrdiff_t unit = 1;
  for (ptrdiff_t i = 0; i < rows; i++) {
    char *row = (char *)c + i * stride * (ptrdiff_t)conv_element_size(type);
    if (bias) add_bias(type, count, row, bias, i);
    if (!plain) apus_apply_unary(function(activation), type, 1, &count, row, &unit, row);
  }
}

void conv_activate(const conv_planes *planes, float *image, ptrdiff_t block, conv_region region,
                   apus_activation activation) {
  if (activation == apus_activation_identity) return;
  ptrdiff_t lanes = conv_min(planes->channels - block * 8, 8);
  for (ptrdiff_t lane = 0; lane < lanes; lane++) {
    conv_finish(apus_dtype_float32, region.rows, region.columns, planes->width,
                image + (block * 8 + lane) * planes->stride + region.row * planes->width +
                    region.column,
                NULL, activation);
  }
}
