#include "strided.h"
#include "parallel.h"

enum { parallel_elements = 1 << 16, unit_elements = 1 << 14 };

typedef struct job {
  strided_kernel kernel;
  axis_pairs axes;
  const char *a;
  char *out;
  ptrdiff_t element;
  ptrdiff_t height, bands;    // rows of a unit, units along the rows
  ptrdiff_t width, stretches; // columns of a unit, units along the columns
} job;

static inline ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

static void run_units(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  const axis_pairs *axes = &work->axes;
  const int row = axes->rank - 2, column = axes->rank - 1;
  ptrdiff_t stretch = begin % work->stretches, rest = begin / work->stretches;
  ptrdiff_t band = rest % work->bands;
  axis_cursor cursor;
  cursor_seek(&cursor, axes, row, rest / work->bands);
  for (ptrdiff_t unit = begin; unit < end; unit++) {
    ptrdiff_t top = band * work->height, left = stretch * work->width;
    ptrdiff_t a = cursor.a + top * axes->a[row] + left * axes->a[column];
    ptrdiff_t out = cursor.out + top * axes->out[row] + left * axes->out[column];
    work->kernel(work->a + a * work->element, axes->a[row], axes->a[column],
                 work->out + out * work->element, axes->out[row], axes->out[column],
                 smaller(work->height, axes->shape[row] - top),
                 smaller(work->width, axes->shape[column] - left));
    if (++stretch < work->stretches) continue;
    stretch = 0;
    if (++band < work->bands) continue;
    band = 0;
    cursor_advance(&cursor, axes, row);
  }
}

void apus_strided_run(strided_kernel kernel, ptrdiff_t element, int rank, const ptrdiff_t *shape,
                      const void *a, const ptrdiff_t *a_strides, void *out,
                      const ptrdiff_t *out_strides) {
  job work = {.kernel = kernel, .a = a, .out = out, .element = element, .bands = 1,
              .stretches = 1};
  axis_pairs *axes = &work.axes;
  ptrdiff_t total = axes_simplify(axes, rank, shape, a_strides, out_strides);
  if (total == 0) return;
  if (axes->rank < 2) {
    ptrdiff_t a_step = axes->rank ? axes->a[0] : 1, out_step = axes->rank ? axes->out[0] : 1;
    if (total < parallel_elements) {
      kernel(a, 0, a_step, out, 0, out_step, 1, total);
      return;
    }
    axes->rank = 2;
    axes->shape[0] = 1, axes->a[0] = 0, axes->out[0] = 0;
    axes->shape[1] = total, axes->a[1] = a_step, axes->out[1] = out_step;
  }
  const int row = axes->rank - 2, column = axes->rank - 1;
  if (axis_magnitude(axes->a[column]) != 1) {  // does the operand run along another axis?
    for (int axis = 0; axis < row; axis++) {
      if (axis_magnitude(axes->a[axis]) != 1) continue;
      axes_bring_inward(axes, axis);
      break;
    }
  }
  work.height = axes->shape[row];
  work.width = axes->shape[column];
  ptrdiff_t units = total / (work.height * work.width), grain = units;
  if (total >= parallel_elements) {
    work.width = smaller(work.width, unit_elements / 16);
    work.stretches = (axes->shape[column] - 1) / work.width + 1;
    // Multiples of 16 rows: whole cache lines of a transposition.
    work.height = smaller(work.height, (unit_elements / work.width) & -16);
    work.bands = (axes->shape[row] - 1) / work.height + 1;
    units *= work.stretches * work.bands;
    grain = smaller(units, unit_elements / (work.height * work.width) + 1);
  }
  apus_parallel_for(units, grain, run_units, &work);
}
