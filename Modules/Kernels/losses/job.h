#pragma once
#include "types.h"

typedef struct loss_job loss_job;

/// Does the elements or rows [begin, end).
typedef void (*loss_part)(const loss_job *job, ptrdiff_t begin, ptrdiff_t end);

/// Arguments of any of the cross-entropies of losses.h.
struct loss_job {
  loss_part part;
  ptrdiff_t columns;
  const void *logits, *targets, *upstream;
  ptrdiff_t upstream_stride;
  double scale;
  void *out;
  void *row_sums;             // written by the loss, one number a row
  const void *read_row_sums;
  // Of class labels only.
  const void *labels;
  bool wide_labels;
  const void *row_weights, *spread;
  void *powers;
  const void *read_powers;
};

static inline ptrdiff_t loss_label(const loss_job *job, ptrdiff_t row) {
  return job->wide_labels ? (ptrdiff_t)((const int64_t *)job->labels)[row]
                          : (ptrdiff_t)((const int32_t *)job->labels)[row];
}

typedef enum loss_kind {
  binary_forward, binary_gradient, soft_forward, soft_gradient, label_forward, label_gradient,
  loss_kinds,
} loss_kind;

extern const loss_part apus_losses_wide[loss_kinds];
