#include <math.h>
#include <string.h>

#include "ctc.h"
#include "memory.h"

#define APUS_REAL float
#define APUS_NAME(name) name##_single
#include "ctc.inc"
#undef APUS_REAL
#undef APUS_NAME

#define APUS_REAL double
#define APUS_NAME(name) name##_wide
#include "ctc.inc"
