#pragma once
#include <math.h>

/// The rotation that takes (f, g) to (r, 0): c f + s g = r and c g - s f = 0.
static inline void givens(double f, double g, double *c, double *s, double *r) {
  if (g == 0) {
    *c = 1, *s = 0, *r = f;
    return;
  }
  double scale = 1, square = f * f + g * g;
  if (!(square > 1e-280)) {  // squares that underflow would lose the angle
    scale = 0x1p+520;
    f *= scale, g *= scale;
    square = f * f + g * g;
    if (!(square > 1e-280)) {  // f and g are zero to the last subnormal
      *c = 1, *s = 0, *r = f / scale;
      return;
    }
  }
  double length = sqrt(square), inverse = 1 / length;
  *c = f * inverse, *s = g * inverse, *r = length / scale;
}
