#pragma once
#include <stdbool.h>
#include <stddef.h>

/// Moves the eigenvalues of L Lᵀ into [least, greatest] and leaves Cholesky's factor of the result
/// in `lower` (n by n, by rows); false where they were there already, up to a relative `slack`.
/// `room` is 2 n² numbers.
bool gaussian_clamp(ptrdiff_t n, double *lower, double least, double greatest, double slack,
                    double *room);
