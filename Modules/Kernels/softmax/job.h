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
  void *out;
};

typedef enum softmax_kind {
  softmax_forward, softmax_gradient, log_softmax_forward, log_softmax_gradient,
  softmax_kinds,
} softmax_kind;

extern const softmax_rows apus_softmax_wide[softmax_kinds];
