#pragma once
#include "types.h"

typedef struct norm_job norm_job;

/// Does the rows, channels or blocks of channels [begin, end).
typedef void (*norm_part)(const norm_job *job, ptrdiff_t begin, ptrdiff_t end);

/// Arguments of any of the functions of normalization.h.
struct norm_job {
  norm_part part;
  bool centred, given;
  bool streaming;                    // writes past the caches
  ptrdiff_t rows, columns;           // of the row forms
  ptrdiff_t grain;                   // rows whose sums share one entry of `partials`
  ptrdiff_t outer, channels, inner;  // of the channel forms
  double epsilon;
  const void *x, *upstream, *scale, *shift;
  void *mean, *spread;               // spread: `inverse` of the row forms, else the variance
  void *out, *scale_gradient, *shift_gradient;
  void *partials;                    // [chunks, 2, columns]: gradients of scale and shift
};

/// Channels that one call does side by side where each has one element a row.
enum { norm_block = 32 };

typedef enum norm_kind {
  rows_forward, rows_gradient, rows_total,
  planes_forward, planes_gradient,    // channels with inner > 1
  columns_forward, columns_gradient,  // channels with inner = 1, in blocks
  norm_kinds,
} norm_kind;

/// Orders streaming stores before what follows: x86's are ordered by nothing weaker.
static inline void norm_streamed(const norm_job *job) {
#if defined(__x86_64__)
  if (job->streaming) __builtin_ia32_sfence();
#else
  (void)job;
#endif
}
