#pragma once
#include "types.h"

// One pass over dense float32 or float64 arrays of `count` elements.

/// g' = g + decay p;  v = momentum v + (1 - dampening) g'  (v = g' when `first`);
/// p -= rate (nesterov ? g' + momentum v : v). velocity NULL: p -= rate g'.
typedef struct apus_momentum_step {
  double rate, momentum, dampening, decay;
  bool nesterov, first;
} apus_momentum_step;
void apus_momentum(apus_dtype type, ptrdiff_t count, const apus_momentum_step *step,
                   void *parameter, const void *gradient, void *velocity);

/// g' = g + decay p;  m = beta1 m + (1 - beta1) g';  s = beta2 s + (1 - beta2) g'^2;
/// p = p (1 - rate decoupled_decay) - rate (m / correction1) / (sqrt(s / correction2) + epsilon),
/// with correction_i = 1 - beta_i^t given by the caller.
typedef struct apus_adam_step {
  double rate, beta1, beta2, epsilon, decay, decoupled_decay, correction1, correction2;
} apus_adam_step;
void apus_adam(apus_dtype type, ptrdiff_t count, const apus_adam_step *step,
               void *parameter, const void *gradient, void *first_moment, void *second_moment);
