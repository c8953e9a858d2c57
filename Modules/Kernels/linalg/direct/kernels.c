#include "internal.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "gemm.h"
#include "memory.h"

// Vectors wider than the ABI's are passed to inlined functions only.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"
#define APUS_TEMPLATE "../linalg/direct/level.inc"
#include "../../machine/levels.h"
#pragma clang diagnostic pop

const linalg_kernels *apus_linalg_kernels(apus_dtype type) {
  static const linalg_kernels *const singles[] = APUS_AT_LEVEL(&linalg_32);
  static const linalg_kernels *const doubles[] = APUS_AT_LEVEL(&linalg_64);
  return (type == apus_dtype_float32 ? singles : doubles)[apus_current_level()];
}
