#include "internal.h"

#define APUS_TEMPLATE "../linalg/spectral/level.inc"
#include "../../machine/levels.h"

const spectral_kernels *spectral_kernels_for(apus_dtype type) {
  static const spectral_kernels *const singles[] = APUS_AT_LEVEL(&spectral_32);
  static const spectral_kernels *const doubles[] = APUS_AT_LEVEL(&spectral_64);
  return (type == apus_dtype_float32 ? singles : doubles)[apus_current_level()];
}
