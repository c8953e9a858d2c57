#pragma once
#include "groups.h"

typedef struct group_job group_job;

/// Does the groups [begin, end).
typedef void (*group_part)(const group_job *job, ptrdiff_t begin, ptrdiff_t end);

/// Arguments of any of the functions of groups.h; `heads` is 1 for those that have columns.
struct group_job {
  group_part part;
  apus_groups groups;
  ptrdiff_t heads, features;
  const void *x, *y, *weights;
  void *out;
  int64_t *entry;
};

typedef enum group_kind {
  group_sum, group_products, group_softmax, group_softmax_gradient, group_maximum, group_kinds,
} group_kind;
