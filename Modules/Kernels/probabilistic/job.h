#pragma once
#include "types.h"

/// Arguments of apus_gaussian_mixture.
typedef struct mixture_job {
  void (*part)(const struct mixture_job *job, ptrdiff_t begin, ptrdiff_t end);
  ptrdiff_t components, dimensions, width;
  bool coupled;
  double floor, scale;
  const void *parameters, *targets;
  void *losses, *gradient;
} mixture_job;

/// Does the rows [begin, end).
typedef void (*mixture_part)(const mixture_job *job, ptrdiff_t begin, ptrdiff_t end);
