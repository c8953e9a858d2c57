#pragma once
// The C kernels under Core. Nothing here knows of tensors: pointers, extents and strides only.
// Strides count elements, not bytes. Nothing here allocates on behalf of the caller, except where
// `memory.h` says so.

#include "types.h"
#include "parallel.h"
#include "memory.h"
#include "context.h"
#include "gemm.h"
#include "convolution.h"
#include "pooling.h"
#include "elementwise.h"
#include "reduce.h"
#include "softmax.h"
#include "attention.h"
#include "losses.h"
#include "normalization.h"
#include "layout.h"
#include "sort.h"
#include "random.h"
#include "groups.h"
#include "optimize.h"
#include "probabilistic.h"
#include "embeddings.h"
#include "machine.h"
#include "recurrent.h"
#include "linalg_direct.h"
#include "linalg_spectral.h"
