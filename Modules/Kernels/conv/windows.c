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

/// Walks over the runs of each row of the matrix of windows: ACTION sees a run's `columns`, the `row`
/// of the image under them, and which of them, from `from` to `to`, fall inside it.
#define WALK(NAME, IMAGE, image, COLUMNS, matrix, ACTION)                                         \
  void NAME(const apus_convolution *s, const void *in, ptrdiff_t channels, ptrdiff_t first,       \
            ptrdiff_t last, void *out) {                                                          \
    IMAGE *x = image;                                                                             \
    COLUMNS *columns = matrix;                                                                    \
    ptrdiff_t volume = conv_volume(s->size), stride = s->stride[2];                               \
    for (ptrdiff_t c = 0; c < channels; c++, x += volume) {                                       \
      for (ptrdiff_t kd = 0; kd < s->kernel[0]; kd++)                                             \
      for (ptrdiff_t kh = 0; kh < s->kernel[1]; kh++)                                             \
      for (ptrdiff_t kw = 0; kw < s->kernel[2]; kw++) {                                           \
        for (ptrdiff_t p = first; p < last;) {                                                    \
          run r = run_at(s, p, last);                                                             \
          ptrdiff_t d = place(s, 0, r.depth, kd), h = place(s, 1, r.height, kh), from = 0, to = 0;\
          if (d >= 0 && d < s->size[0] && h >= 0 && h < s->size[1]) inside(s, r, kw, &from, &to); \
          IMAGE *row = x + (d * s->size[1] + h) * s->size[2] + place(s, 2, r.column, kw);         \
          ACTION                                                                                  \
          columns += r.count;                                                                     \
          p += r.count;                                                                           \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }

#define LOWER                                                                                     \
  for (ptrdiff_t i = 0; i < from; i++) columns[i] = 0;                                            \
  for (ptrdiff_t i = from; i < to; i++) columns[i] = row[i * stride];                             \
  for (ptrdiff_t i = to; i < r.count; i++) columns[i] = 0;

#define RAISE for (ptrdiff_t i = from; i < to; i++) row[i * stride] += columns[i];

WALK(conv_lower_float32, const float, in, float, out, LOWER)
WALK(conv_lower_float64, const double, in, double, out, LOWER)
WALK(conv_raise_float32, float, out, const float, in, RAISE)
WALK(conv_raise_float64, double, out, const double, in, RAISE)
