#pragma once
#include "types.h"

// Runs of consecutive entries, such as the edges that arrive at one node of a graph after the other:
// group i holds the entries offsets[i] to offsets[i + 1]. All matrices are dense, float32 or
// float64. Each group is done by one thread, entry after entry: the thread count does not matter.

typedef struct apus_groups {
  ptrdiff_t count;         // groups
  const int64_t *offsets;  // [count + 1]
  const int64_t *rows;     // of x, one for each entry; NULL: entry e has row e
  const int64_t *places;   // of the weights, one for each entry; NULL: entry e has place e
} apus_groups;

/// out[i, h, f] = sum over the entries e of group i of weights[places[e], h] x[rows[e], h, f].
/// Without weights (NULL) each counts 1. An empty group gives 0.
void apus_group_sum(apus_dtype type, const apus_groups *groups, ptrdiff_t heads,
                    ptrdiff_t features, const void *x, const void *weights, void *out);

/// out[places[e], h] = sum over f of x[rows[e], h, f] y[i, h, f] for each entry e of group i.
void apus_group_products(apus_dtype type, const apus_groups *groups, ptrdiff_t heads,
                         ptrdiff_t features, const void *x, const void *y, void *out);

/// The softmax over the entries of each group, for each column of a [entries, columns].
void apus_group_softmax(apus_dtype type, ptrdiff_t count, const int64_t *offsets,
                        ptrdiff_t columns, const void *a, void *out);
/// out = y (upstream - sum of upstream y over the group) for y = group_softmax(a).
void apus_group_softmax_backward(apus_dtype type, ptrdiff_t count, const int64_t *offsets,
                                 ptrdiff_t columns, const void *y, const void *upstream,
                                 void *out);

/// out[i, c] is the greatest a[e, c] over the entries e of group i, entry[i, c] that entry: the
/// first of equals; a NaN wins. An empty group gives 0 and entry -1.
void apus_group_maximum(apus_dtype type, ptrdiff_t count, const int64_t *offsets,
                        ptrdiff_t columns, const void *a, void *out, int64_t *entry);
