#pragma once
#include "types.h"

/// For each dense row of [rows, columns], the positions that sort it: stable, NaN last in either
/// direction.
void apus_argsort(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *a,
                  bool descending, int64_t *out);

/// For each dense row, the positions of its k first elements in that order (k <= columns), sorted.
void apus_top_k(apus_dtype type, ptrdiff_t rows, ptrdiff_t columns, const void *a, ptrdiff_t k,
                bool largest, int64_t *out);
