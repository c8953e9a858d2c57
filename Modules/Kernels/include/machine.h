#pragma once
#include "types.h"

/// Runs `iterations` rounds of independent fused multiply-adds (or multiply and add where the
/// level has none) in registers at the current level on the calling thread and returns the number
/// of floating-point operations done. What the clock says of it is the machine's peak.
double apus_machine_fma(apus_dtype type, ptrdiff_t iterations);

/// a[i] = b[i] + scale c[i] over float32 arrays, on all threads: the STREAM triad, 12 bytes an
/// element.
void apus_machine_triad(ptrdiff_t count, float scale, float *a, const float *b, const float *c);
