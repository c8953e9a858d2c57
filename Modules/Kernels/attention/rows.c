#include <math.h>
#include <string.h>

#include "job.h"

#define APUS_TEMPLATE "../attention/levels.inc"
#include "../math/each_level.h"

const attention_rows *apus_attention_rows(apus_dtype type) {
  static const attention_rows *const *const levels[] = APUS_AT_LEVEL(attention_tables);
  return levels[apus_current_level()][type == apus_dtype_float64];
}
