#include "job.h"

#include <math.h>

#define APUS_TEMPLATE "../recurrent/gates_level.inc"
#include "../math/each_level.h"

gate_pass apus_gate_pass(apus_dtype type, bool backward, gate_kind kind) {
  static const gate_pass (*const levels[])[2][gate_kinds] = APUS_AT_LEVEL(gate_passes);
  return levels[apus_current_level()][type == apus_dtype_float64][backward][kind];
}
