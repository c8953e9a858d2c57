#include <float.h>
#include <math.h>
#include <string.h>

#include "internal.h"
#include "linalg_direct.h"
#include "memory.h"

// Rows up to which Jacobi's method is the fastest, and the width from which on QR factors pay
// before a matrix of twice that height and more is decomposed.
enum { TINY = 4, LONG_WIDTH = 32 };

#include "jacobi.inc"

#define T float
#define TYPE apus_dtype_float32
#define LARGEST FLT_MAX
#define REAL(name) name##_float32
#include "real.inc"

#define T double
#define TYPE apus_dtype_float64
#define LARGEST DBL_MAX
#define REAL(name) name##_float64
#include "real.inc"
