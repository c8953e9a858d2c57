#pragma once
#include "types.h"

typedef struct loss_job loss_job;

/// Does the elements or rows [begin, end).
typedef void (*loss_part)(const loss_job *job, ptrdiff_t begin, ptrdiff_t end);

/// Arguments of any of the functions of losses.h.
struct loss_job {
  loss_part part;
  ptrdiff_t columns;
  const void *logits, *targets, *upstream;
  ptrdiff_t upstream_stride;
  double scale;
  void *out;
  void *log_sums;             // written by the loss
  const void *read_log_sums;
};

typedef enum loss_kind {
  binary_forward, binary_gradient, soft_forward, soft_gradient, loss_kinds,
} loss_kind;

extern const loss_part apus_losses_wide[loss_kinds];
