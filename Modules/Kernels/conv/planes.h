#pragma once
#include <stddef.h>

// Convolutions over many channels work on blocks of eight of them, the lanes of a vector: planes,
// [channel][row][column], are turned into [row][column][8] while they are read, with zeros for what
// lies beyond the borders, and back while they are written.

/// Floats that reading a region of fewer than eight channels may write after it.
enum { conv_slack = 8 };

/// The planes of x or of y.
typedef struct conv_planes {
  ptrdiff_t channels, height, width;
  ptrdiff_t stride;  // from one channel to the next: more than height × width with a third axis
} conv_planes;

/// A part of a plane, which may reach over its borders.
typedef struct conv_region {
  ptrdiff_t row, column, rows, columns;
} conv_region;
