#pragma once
#include "types.h"

// Special functions, samplers by inversion, and the likelihood of Gaussian mixtures. Everything is
// dense, float32 or float64; special functions and samplers work in float64 inside.

typedef enum APUS_CLOSED apus_special : int32_t {
  // of one number
  apus_special_log_gamma,    // log |gamma(a)|
  apus_special_digamma,      // its derivative, log |gamma|'
  apus_special_erfc,         // 1 - erf(a)
  apus_special_erf_inverse,  // erf of it is a
  apus_special_erfc_inverse, // erfc of it is a
  // of two
  apus_special_polygamma,    // derivative number a of digamma, at b; a >= 1 is whole
  apus_special_log_beta,     // log of gamma(a) gamma(b) / gamma(a + b), for a, b > 0
  apus_special_gamma_lower,  // P(a, b): the share of gamma(a) that its integral has up to b
  apus_special_gamma_upper,  // Q(a, b) = 1 - P(a, b)
  apus_special_gamma_slope,  // d log z / d a where P(a, z) stays the same and log z = b
  apus_special_binomial_log, // log of the binomial coefficient, a over b, for real a >= b >= 0
  // of three
  apus_special_beta_lower,   // I_c(a, b), the incomplete beta integral's share up to c
} apus_special;

/// out[i] = f(a[i], b[i], c[i]); those that the function has no use for may be NULL.
void apus_apply_special(apus_special function, apus_dtype type, ptrdiff_t count, const void *a,
                        const void *b, const void *c, void *out);

/// out[i]: a binomial number of trials[i] trials that succeed with probabilities[i], from the
/// uniform number u[i] in [0, 1). A whole number in float64.
void apus_binomial_from_uniform(ptrdiff_t count, const double *trials,
                                const double *probabilities, const double *u, double *out);
/// out[i]: a Poisson number of mean rates[i], likewise.
void apus_poisson_from_uniform(ptrdiff_t count, const double *rates, const double *u, double *out);

/// Rows of a Gaussian mixture's parameters, K components over D targets:
///
///   parameters[r] = weight logits [K] | means [K, D] | log deviations [K, D] | couplings [K, C]
///
/// C is D (D - 1) / 2 when coupled, else 0. With y = targets[r], component k has
///
///   z_d = (y_d - mean_d + sum over e < d of coupling_de (y_e - mean_e)) / exp(log_deviation_d)
///   log density = - sum over d of (log_deviation_d + z_d^2 / 2 + log(2 pi) / 2)
///
/// and losses[r] is minus the log of the mixture's density. Log deviations below `floor` count as
/// that, with the slope they would have there; |z| is bounded far beyond any sensible value, so that
/// no target is far enough to lose its gradient.
///
/// gradient, unless NULL, has the shape of parameters: that of losses[r], times `scale`.
void apus_gaussian_mixture(apus_dtype type, ptrdiff_t rows, ptrdiff_t components,
                           ptrdiff_t dimensions, bool coupled, double floor, const void *parameters,
                           const void *targets, double scale, void *losses, void *gradient);
