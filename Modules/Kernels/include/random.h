#pragma once
#include "types.h"

/// A stream of random numbers: Philox 4x32-10 (Salmon et al. 2011), block i of the stream is the
/// cipher of (i, stream) under `key`. Drawing is a pure function of this and a position, so any
/// part can be computed by any thread, and on any platform to the same bits.
typedef struct apus_random {
  uint64_t key, stream;
} apus_random;

/// Block `position`: 128 random bits.
void apus_random_block(apus_random generator, uint64_t position, uint32_t out[4]);

// Each fills `count` values from blocks position, position + 1, ... and returns the number of
// blocks used (which depends on type and count alone).

/// Uniform bits.
uint64_t apus_random_bits(apus_random generator, uint64_t position, ptrdiff_t count, uint64_t *out);
/// Uniform in [low, high): float32 from 24 bits, float64 from 53.
uint64_t apus_random_uniform(apus_dtype type, apus_random generator, uint64_t position,
                             ptrdiff_t count, double low, double high, void *out);
/// Normal, by Box and Muller's transform computed in float64 from basic operations only (no
/// library functions, no fused multiply-add), so that every platform gives the same bits.
uint64_t apus_random_normal(apus_dtype type, apus_random generator, uint64_t position,
                            ptrdiff_t count, double mean, double deviation, void *out);
/// Uniform integers in [low, high), int32 or int64, unbiased to within 2^-64.
uint64_t apus_random_integers(apus_dtype type, apus_random generator, uint64_t position,
                              ptrdiff_t count, int64_t low, int64_t high, void *out);
/// out[i] = (a uniform of 24 bits < probability) ? value : 0; type bool, float32 or float64.
uint64_t apus_random_bernoulli(apus_dtype type, apus_random generator, uint64_t position,
                               ptrdiff_t count, double probability, double value, void *out);
/// Exponential, -log(u) / rate.
uint64_t apus_random_exponential(apus_dtype type, apus_random generator, uint64_t position,
                                 ptrdiff_t count, double rate, void *out);
/// Gumbel, location - scale log(-log(u)).
uint64_t apus_random_gumbel(apus_dtype type, apus_random generator, uint64_t position,
                            ptrdiff_t count, double location, double scale, void *out);
/// For each of `rows` dense rows of weights (or logits), `draws` class indices. Weights are finite
/// and not negative, their sum positive; of logits the greatest is finite. The caller has checked.
uint64_t apus_random_categorical(apus_random generator, uint64_t position, ptrdiff_t rows,
                                 ptrdiff_t classes, const double *weights, bool are_logits,
                                 ptrdiff_t draws, int64_t *out);
/// The first `chosen` of 0..<count in random order: Fisher and Yates's shuffle.
uint64_t apus_random_permutation(apus_random generator, uint64_t position, ptrdiff_t count,
                                 ptrdiff_t chosen, int64_t *out);

// Each fills `count` values, trying for each as often as it takes, and has the whole stream for
// itself: split it off before.

/// Gamma by Marsaglia and Tsang's method: element i has concentration[i * step] (> 0) and `scale`.
void apus_random_gamma(apus_dtype type, apus_random generator, ptrdiff_t count,
                       const double *concentration, ptrdiff_t step, double scale, void *out);
/// Normal, given that it lies between low and high, which may be infinite (low < high).
void apus_random_truncated_normal(apus_dtype type, apus_random generator, ptrdiff_t count,
                                  double mean, double deviation, double low, double high,
                                  void *out);
