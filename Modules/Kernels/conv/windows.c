#include "lowered.h"

#include "method.h"

/// A run of output positions in one row: positions [position, position + count) are columns
/// [column, column + count) of output row (depth, height).
typedef struct run {
  ptrdiff_t position, depth, height, column, count;
} run;

/// The run of positions that starts at `position` and ends with its row or with `last`.
static run run_at(const apus_convolution *s, ptrdiff_t position, ptrdiff_t last) {
  ptrdiff_t column = position % s->output[2], row = position / s->output[2];
  return (run){
    .position = position, .depth = row / s->output[1], .height = row % s->output[1],
    .column = column, .count = conv_min(s->output[2] - column, last - position),
  };
}

/// Where a window's tap falls along one axis.
static inline ptrdiff_t place(const apus_convolution *s, int axis, ptrdiff_t output,
                              ptrdiff_t tap) {
  return output * s->stride[axis] + tap * s->dilation[axis] - s->before[axis];
}

/// The part [*from, *to) of a run's columns whose tap falls inside the row.
static inline void inside(const apus_convolution *s, run r, ptrdiff_t tap, ptrdiff_t *from,
                          ptrdiff_t *to) {
  ptrdiff_t stride = s->stride[2], start = place(s, 2, r.column, tap);
  *from = conv_min(r.count, start < 0 ? (-start + stride - 1) / stride : 0);
  ptrdiff_t room = s->size[2] - start;
  *to = conv_max(*from, conv_min(r.count, room <= 0 ? 0 : (room + stride - 1) / stride));
}

#define WINDOWS(NUMBER, LOWER, RAISE)                                                             \
  void LOWER(const apus_convolution *s, const void *image, ptrdiff_t channels, ptrdiff_t first,   \
             ptrdiff_t last, void *columns) {                                                     \
    const NUMBER *x = image;                                                                      \
    NUMBER *out = columns;                                                                        \
    ptrdiff_t volume = conv_volume(s->size), stride = s->stride[2];                               \
    for (ptrdiff_t c = 0; c < channels; c++, x += volume) {                                       \
      for (ptrdiff_t kd = 0; kd < s->kernel[0]; kd++)                                             \
      for (ptrdiff_t kh = 0; kh < s->kernel[1]; kh++)                                             \
      for (ptrdiff_t kw = 0; kw < s->kernel[2]; kw++) {                                           \
        for (ptrdiff_t p = first; p < last;) {                                                    \
          run r = run_at(s, p, last);                                                             \
          ptrdiff_t d = place(s, 0, r.depth, kd), h = place(s, 1, r.height, kh), from = 0, to = 0;\
          if (d >= 0 && d < s->size[0] && h >= 0 && h < s->size[1]) inside(s, r, kw, &from, &to); \
          for (ptrdiff_t i = 0; i < from; i++) out[i] = 0;                                        \
          const NUMBER *row = x + (d * s->size[1] + h) * s->size[2] + place(s, 2, r.column, kw);  \
          for (ptrdiff_t i = from; i < to; i++) out[i] = row[i * stride];                         \
          for (ptrdiff_t i = to; i < r.count; i++) out[i] = 0;                                    \
          out += r.count;                                                                         \
          p += r.count;                                                                           \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
                                                                                                  \
  void RAISE(const apus_convolution *s, const void *columns, ptrdiff_t channels, ptrdiff_t first, \
             ptrdiff_t last, void *image) {                                                       \
    const NUMBER *in = columns;                                                                   \
    NUMBER *x = image;                                                                            \
    ptrdiff_t volume = conv_volume(s->size), stride = s->stride[2];                               \
    for (ptrdiff_t c = 0; c < channels; c++, x += volume) {                                       \
      for (ptrdiff_t kd = 0; kd < s->kernel[0]; kd++)                                             \
      for (ptrdiff_t kh = 0; kh < s->kernel[1]; kh++)                                             \
      for (ptrdiff_t kw = 0; kw < s->kernel[2]; kw++) {                                           \
        for (ptrdiff_t p = first; p < last;) {                                                    \
          run r = run_at(s, p, last);                                                             \
          ptrdiff_t d = place(s, 0, r.depth, kd), h = place(s, 1, r.height, kh), from = 0, to = 0;\
          if (d >= 0 && d < s->size[0] && h >= 0 && h < s->size[1]) inside(s, r, kw, &from, &to); \
          NUMBER *row = x + (d * s->size[1] + h) * s->size[2] + place(s, 2, r.column, kw);        \
          for (ptrdiff_t i = from; i < to; i++) row[i * stride] += in[i];                         \
          in += r.count;                                                                          \
          p += r.count;                                                                           \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }

WINDOWS(float, conv_lower_float32, conv_raise_float32)
WINDOWS(double, conv_lower_float64, conv_raise_float64)
