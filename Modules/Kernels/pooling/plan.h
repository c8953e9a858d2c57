#pragma once
#include "pooling.h"

/// Where the windows along an axis lie: tap t of window o at first[o] + t · step, inside for
/// from[o] ≤ t < to[o].
typedef struct pool_windows {
  ptrdiff_t size, output, kernel, step;
  ptrdiff_t *first, *from, *to;
} pool_windows;

typedef struct pool_plan {
  const apus_pooling *pooling;
  pool_windows axis[APUS_SPACE];
  /// Tap c of a window lies offset[c] places after its first.
  ptrdiff_t *offset;
  ptrdiff_t taps, size, output;  // of a window, of a plane, of its outputs
  size_t code_size;

  // A band is a run of outputs along one axis: what one thread does at a time.
  int band_axis;
  ptrdiff_t band, bands;
  void *memory;
  size_t bytes;
} pool_plan;

/// Makes the tables; `pool_plan_free` gives them back.
pool_plan pool_plan_of(const apus_pooling *pooling, size_t element_size);
void pool_plan_free(const pool_plan *plan);

/// Whether the windows are the squares of 2×2 places side by side.
bool pool_is_pairs(const apus_pooling *pooling);

/// `apus_max_pool_scatter` for any windows.
void pool_scatter(apus_dtype type, const apus_pooling *pooling, const void *codes, const void *dy,
                  void *dx);

static inline ptrdiff_t round_up(ptrdiff_t n, ptrdiff_t to) { return (n + to - 1) / to * to; }

/// How many planes make a parallel part worth its while.
static inline ptrdiff_t pool_grain(ptrdiff_t elements) {
  const ptrdiff_t part = 1 << 15;
  return elements >= part ? 1 : part / (elements > 0 ? elements : 1);
}
