#pragma once
#include "types.h"

/// Arguments of either function of CTC, and what the work on one sequence shares. The states of a
/// sequence are its labels with a blank before, between and after them.
typedef struct ctc_job ctc_job;
struct ctc_job {
  void (*sequence)(const ctc_job *job, ptrdiff_t index);
  // The inner loops, for one row of n states.
  /// out[s] = log(e^a[s] + e^a[s - 1] + e^(a[s - 2] + skip[s])) + emission[s]; returns the largest.
  double (*advance)(void *out, const void *a, const void *skip, const void *emission, ptrdiff_t n);
  /// a[s] = e^(a[s] + b[s]), scaled to the sum 1.
  void (*posterior)(void *a, const void *b, ptrdiff_t n);
  ptrdiff_t steps, batch, classes, width, blank;
  const void *log_probabilities;
  const int64_t *labels, *offsets, *label_lengths, *input_lengths;
  void *alphas;
  void *loss;
  const void *read_alphas, *read_loss, *upstream;
  void *out;
};

void apus_ctc_forward_wide(const ctc_job *job, ptrdiff_t index);
void apus_ctc_gradient_wide(const ctc_job *job, ptrdiff_t index);
void apus_ctc_forward_single(const ctc_job *job, ptrdiff_t index);
void apus_ctc_gradient_single(const ctc_job *job, ptrdiff_t index);
