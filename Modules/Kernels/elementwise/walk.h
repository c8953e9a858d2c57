#pragma once
#include "types.h"

/// The inner loop of one operation: `count` elements of each input to a dense output. Bit k of
/// `fixed` says that input k is one element for all; otherwise it is dense. Never are all inputs
/// fixed.
typedef void (*apus_kernel)(ptrdiff_t count, const void *const *inputs, unsigned fixed, void *out);

enum { apus_max_inputs = 3 };

typedef struct apus_input {
  const void *data;
  const ptrdiff_t *strides;  // in elements
  size_t size;               // of an element, in bytes
} apus_input;

/// What to compute: `kernel` over `shape`, the output dense. `fixable` has a bit for each input
/// that the kernel takes fixed. `cost` estimates picoseconds an element.
typedef struct apus_operation {
  apus_kernel kernel;
  int inputs;
  unsigned fixable;
  int cost;
  size_t out_size;
} apus_operation;

/// Any strides: collapses axes, cuts the output into tiles, copies operands that the kernel cannot
/// read in place into dense buffers tile by tile, on all threads when that pays.
void apus_walk(const apus_operation *operation, int rank, const ptrdiff_t *shape,
               const apus_input *inputs, void *out);

/// Every input dense or fixed.
void apus_walk_dense(const apus_operation *operation, ptrdiff_t count, const void *const *inputs,
                     const size_t *sizes, unsigned fixed, void *out);

/// Work below this many picoseconds stays on the calling thread.
#define APUS_SERIAL_WORK 30000000

static inline bool apus_is_dense(int rank, const ptrdiff_t *shape, const ptrdiff_t *strides) {
  ptrdiff_t expected = 1;
  for (int axis = rank - 1; axis >= 0; axis--) {
    if (shape[axis] != 1 && strides[axis] != expected) return false;
    expected *= shape[axis];
  }
  return true;
}

static inline ptrdiff_t apus_element_count(int rank, const ptrdiff_t *shape) {
  ptrdiff_t count = 1;
  for (int axis = 0; axis < rank; axis++) count *= shape[axis];
  return count;
}

static inline bool apus_is_fixed(int rank, const ptrdiff_t *shape, const ptrdiff_t *strides) {
  for (int axis = 0; axis < rank; axis++) {
    if (shape[axis] != 1 && strides[axis] != 0) return false;
  }
  return true;
}

/// Runs the operation, at once where all inputs are dense or fixed and the work is small.
static inline void apus_run(const apus_operation *operation, int rank, const ptrdiff_t *shape,
                            const apus_input *inputs, void *out) {
  const void *data[apus_max_inputs];
  size_t sizes[apus_max_inputs];
  unsigned fixed = 0, all = (1u << operation->inputs) - 1;
  for (int k = 0; k < operation->inputs; k++) {
    data[k] = inputs[k].data;
    sizes[k] = inputs[k].size;
    if (apus_is_dense(rank, shape, inputs[k].strides)) continue;
    fixed |= 1u << k;
    if ((fixed & ~operation->fixable) != 0 || fixed == all ||
        !apus_is_fixed(rank, shape, inputs[k].strides)) {
      apus_walk(operation, rank, shape, inputs, out);
      return;
    }
  }
  ptrdiff_t count = apus_element_count(rank, shape);
  if (count * operation->cost <= APUS_SERIAL_WORK) {
    if (count > 0) operation->kernel(count, data, fixed, out);
  } else {
    apus_walk_dense(operation, count, data, sizes, fixed, out);
  }
}

/// Aborts: the caller has checked types before.
__attribute__((noreturn, cold)) void apus_unsupported(const char *function, int operation,
                                                      apus_dtype type);

static inline size_t apus_size(apus_dtype type) {
  static const uint8_t sizes[] = {1, 4, 8, 4, 8};
  return sizes[type];
}
