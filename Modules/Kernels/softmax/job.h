#pragma once
#include "types.h"

typedef struct softmax_job softmax_job;

/// Does the rows [begin, end).
typedef void (*softmax_rows)(const softmax_job *job, ptrdiff_t begin, ptrdiff_t end);

/// Arguments of any of the functions of softmax.h; `a` is the matrix that is exponentiated.
struct softmax_job {
  softmax_rows rows;
  ptrdiff_t columns;
  const void *a, *upstream;
  ptrdiff_t upstream_stride;
  const void *labels;
  bool wide_labels;
  void *out;
  void *log_sums;       // written by the loss
  const void *read_log_sums;
};

static inline ptrdiff_t softmax_label(const softmax_job *job, ptrdiff_t row) {
  return job->wide_labels ? (ptrdiff_t)((const int64_t *)job->labels)[row]
                          : (ptrdiff_t)((const int32_t *)job->labels)[row];
}

typedef enum softmax_kind {
  softmax_forward, softmax_gradient, log_softmax_forward, log_softmax_gradient,
  cross_entropy_forward, cross_entropy_gradient, softmax_kinds,
} softmax_kind;

extern const softmax_rows apus_softmax_wide[softmax_kinds];
