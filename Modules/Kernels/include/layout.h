#pragma once
#include "types.h"

/// out[index] = a[index] over any strides on both sides (no overlap; no stride 0 in out).
void apus_copy(apus_dtype type, int rank, const ptrdiff_t *shape,
               const void *a, const ptrdiff_t *a_strides, void *out, const ptrdiff_t *out_strides);

/// out[index] += a[index]; out's strides are distinct positions.
void apus_accumulate(apus_dtype type, int rank, const ptrdiff_t *shape, const void *a,
                     const ptrdiff_t *a_strides, void *out, const ptrdiff_t *out_strides);

/// Converts `count` dense elements. Float to integer truncates toward zero and saturates, NaN
/// gives 0; to bool: not 0.
void apus_convert(apus_dtype from, apus_dtype to, ptrdiff_t count, const void *a, void *out);

/// Sets `count` dense elements to *value (of the given type).
void apus_fill(apus_dtype type, ptrdiff_t count, const void *value, void *out);

/// out[o, j, i] = a[o, index[j], i], a dense [outer, length, inner], out dense
/// [outer, count, inner]. Indices are int64 and within [0, length): the caller has checked.
void apus_gather(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                 const void *a, const int64_t *index, ptrdiff_t count, void *out);

/// out[o, index[j], i] += a[o, j, i]: the transpose of apus_gather. Repeated indices add in order
/// of j, whatever the thread count.
void apus_scatter_add(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                      const void *a, const int64_t *index, ptrdiff_t count, void *out);

/// out[o, j, i] = a[o, index[o, j, i], i]: a is [outer, length, inner], index and out
/// [outer, count, inner], all dense.
void apus_take_along(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                     const void *a, const int64_t *index, ptrdiff_t count, void *out);

/// out[o, index[o, j, i], i] += a[o, j, i]: the transpose of apus_take_along, deterministic.
void apus_scatter_add_along(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                            const void *a, const int64_t *index, ptrdiff_t count, void *out);

/// out[o, index[o, j, i], i] = a[o, j, i]: of repeated indices the last counts. Dense, as above.
void apus_put_along(apus_dtype type, ptrdiff_t outer, ptrdiff_t length, ptrdiff_t inner,
                    const void *a, const int64_t *index, ptrdiff_t count, void *out);

/// How many of `count` dense bools are true.
ptrdiff_t apus_count_true(ptrdiff_t count, const void *mask);

/// Where they are, in order; `out` has room for `apus_count_true` positions.
void apus_true_positions(ptrdiff_t count, const void *mask, int64_t *out);
