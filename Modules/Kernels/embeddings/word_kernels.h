#pragma once
#include <stddef.h>
#include <stdint.h>

/// Targets whose dot products are taken before any of them moves.
enum { word_strip = 64 };

typedef struct word_kernels {
  /// One step of the `targets` (2 row + label) of h: moves their rows, and leaves in e what h itself
  /// has to move by. Returns the loss. `count` is positive.
  double (*step)(const float *h, float *output, ptrdiff_t width, const int32_t *targets,
                 ptrdiff_t count, float rate, float *e);
  /// out += scale a
  void (*add)(const float *a, ptrdiff_t width, float scale, float *out);
} word_kernels;
