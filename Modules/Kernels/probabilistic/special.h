#pragma once

// Special functions of float64, over the C library's. Relative errors are about 1e-15 unless a
// function says otherwise.

double apus_log_gamma(double x);
/// Relative near the root at 1.46 too; absolute near the roots below 0.
double apus_digamma(double x);
/// The derivative of digamma of a whole order >= 1.
double apus_polygamma(double order, double x);
double apus_log_beta(double a, double b);

/// log gamma(x) - (x - 1/2) log x + x - log(2 pi) / 2, for x > 0: what Stirling's formula lacks.
double apus_stirling_rest(double x);
/// x log(x / m) + m - x, for x, m > 0, without cancellation.
double apus_deviance(double x, double m);
/// log of x^a (1 - x)^b / beta(a, b).
double apus_log_beta_density(double a, double b, double x);
/// log of z^a e^-z / gamma(a + 1).
double apus_log_poisson_density(double a, double z);
double apus_log_choose(double n, double k);

double apus_gamma_lower(double a, double z);
/// Absolute, not relative, where z < a + 1.
double apus_gamma_upper(double a, double z);
double apus_gamma_slope(double a, double log_z);
double apus_beta_lower(double a, double b, double x);

double apus_erf_inverse(double x);
double apus_erfc_inverse(double x);
