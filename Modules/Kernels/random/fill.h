#pragma once
#include "random.h"

enum { random_blocks = 64 };  // blocks made and turned into values at a time

/// What to make of random bits.
typedef struct random_values {
  double offset, scale;   // of uniform and normal values
  double below;           // the largest value under the upper end of uniform
  double threshold;       // of bernoulli, times 2^24
  double value;
  uint64_t range;         // of integers
  int64_t low;
} random_values;

/// Turns whole blocks, two uint64 (four uint32, low half first) each, into values.
typedef void (*random_fill)(const uint64_t *bits, ptrdiff_t blocks, const random_values *values,
                            void *out);

typedef enum random_kind {
  random_bits64, random_uniform32, random_uniform64, random_normal32, random_normal64,
  random_integers32, random_integers64, random_bernoulli8, random_bernoulli32, random_bernoulli64,
  random_exponential32, random_exponential64, random_gumbel32, random_gumbel64,
} random_kind;

/// How normal numbers between `low` and `high` are proposed; where these exclude 0, low is the one
/// nearer to it.
typedef struct random_truncation {
  enum { truncation_by_normals, truncation_by_uniforms, truncation_by_exponentials } method;
  double low, high;
  double mode;  // the place in between with the greatest density
  double rate;  // of the exponentials
} random_truncation;

/// Philox 4x32-10 and the fills at one level. Of `truncated` and `gamma`, one call makes
/// `random_blocks` numbers for the elements from `first` on.
typedef struct random_level {
  void (*blocks)(apus_random generator, uint64_t position, ptrdiff_t count, uint64_t *out);
  random_fill fills[14];
  void (*truncated)(apus_random generator, uint64_t first, const random_truncation *to,
                    double *out);
  void (*gamma)(apus_random generator, uint64_t first, const double *concentration, double *out);
  void (*exponentials)(ptrdiff_t count, const double *x, double greatest, double *out);
} random_level;

const random_level *apus_random_level(void);
