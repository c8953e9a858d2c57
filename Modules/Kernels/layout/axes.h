#pragma once
#include "types.h"

/// The axes of an operand and an output, outermost first.
typedef struct axis_pairs {
  int rank;
  ptrdiff_t shape[APUS_MAX_RANK], a[APUS_MAX_RANK], out[APUS_MAX_RANK];
} axis_pairs;

static inline ptrdiff_t axis_magnitude(ptrdiff_t stride) { return stride < 0 ? -stride : stride; }

/// Orders the axes by falling stride of the output, drops those of extent 1 and merges those that
/// are walked as one. Returns the number of elements.
static inline ptrdiff_t axes_simplify(axis_pairs *axes, int rank, const ptrdiff_t *shape,
                                      const ptrdiff_t *a, const ptrdiff_t *out) {
  ptrdiff_t total = 1;
  axes->rank = 0;
  for (int axis = 0; axis < rank; axis++) {
    total *= shape[axis];
    if (shape[axis] == 1) continue;
    int place = axes->rank++;
    for (; place > 0 && axis_magnitude(axes->out[place - 1]) < axis_magnitude(out[axis]); place--) {
      axes->shape[place] = axes->shape[place - 1];
      axes->a[place] = axes->a[place - 1];
      axes->out[place] = axes->out[place - 1];
    }
    axes->shape[place] = shape[axis];
    axes->a[place] = a[axis];
    axes->out[place] = out[axis];
  }
  int last = 0;
  for (int axis = 1; axis < axes->rank; axis++) {
    bool merges = axes->a[last] == axes->a[axis] * axes->shape[axis] &&
                  axes->out[last] == axes->out[axis] * axes->shape[axis];
    if (!merges) last++;
    axes->shape[last] = merges ? axes->shape[last] * axes->shape[axis] : axes->shape[axis];
    axes->a[last] = axes->a[axis];
    axes->out[last] = axes->out[axis];
  }
  if (axes->rank > 0) axes->rank = last + 1;
  return total;
}

/// Moves one axis to just before the last.
static inline void axes_bring_inward(axis_pairs *axes, int axis) {
  ptrdiff_t shape = axes->shape[axis], a = axes->a[axis], out = axes->out[axis];
  for (; axis < axes->rank - 2; axis++) {
    axes->shape[axis] = axes->shape[axis + 1];
    axes->a[axis] = axes->a[axis + 1];
    axes->out[axis] = axes->out[axis + 1];
  }
  axes->shape[axis] = shape;
  axes->a[axis] = a;
  axes->out[axis] = out;
}

/// A position among the first `rank` axes.
typedef struct axis_cursor {
  ptrdiff_t index[APUS_MAX_RANK], a, out;
} axis_cursor;

static inline void cursor_seek(axis_cursor *cursor, const axis_pairs *axes, int rank,
                               ptrdiff_t position) {
  cursor->a = cursor->out = 0;
  for (int axis = rank - 1; axis >= 0; axis--) {
    ptrdiff_t index = position % axes->shape[axis];
    position /= axes->shape[axis];
    cursor->index[axis] = index;
    cursor->a += index * axes->a[axis];
    cursor->out += index * axes->out[axis];
  }
}

static inline void cursor_advance(axis_cursor *cursor, const axis_pairs *axes, int rank) {
  for (int axis = rank - 1; axis >= 0; axis--) {
    cursor->a += axes->a[axis];
    cursor->out += axes->out[axis];
    if (++cursor->index[axis] < axes->shape[axis]) return;
    cursor->a -= axes->shape[axis] * axes->a[axis];
    cursor->out -= axes->shape[axis] * axes->out[axis];
    cursor->index[axis] = 0;
  }
}

/// Bytes of an element.
static inline ptrdiff_t element_bytes(apus_dtype type) {
  switch (type) {
  case apus_dtype_bool: return 1;
  case apus_dtype_int32:
  case apus_dtype_float32: return 4;
  case apus_dtype_int64:
  case apus_dtype_float64: return 8;
  }
}
