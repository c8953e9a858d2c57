#include "direct.h"

#include <string.h>

#include "memory.h"
#include "parallel.h"

// Vectors of one register, and blocks of eight floats at every level.
#define APUS_AVX2_REGISTERS 1
#define APUS_TEMPLATE "../conv/direct/passes.inc"
#include "../../math/each_level.h"

static const direct_kernels *kernels(void) {
  static const direct_kernels *const levels[] = APUS_AT_LEVEL(&direct_kernels);
  return levels[apus_current_level()];
}

static bool takes(const conv_call *call, conv_product product) {
  const apus_convolution *s = call->shape;
  if (call->type != apus_dtype_float32 || !conv_can_plan(s)) return false;
  ptrdiff_t filters = product == conv_input_gradient ? s->channels : s->filters;
  return filters / s->groups >= 8;
}

static void pack(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->pack(context, begin, end);
}

static void product(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->product(context, begin, end);
}

static void read(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->read(context, begin, end);
}

static void sum(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->sum(context, begin, end);
}

static void unpack(void *context, ptrdiff_t begin, ptrdiff_t end) {
  kernels()->unpack(context, begin, end);
}

enum {
  direct_outputs = 128,              // of a run, about
  direct_rows = 24,                  // of sums: a whole number of tiles
  direct_gradient_floats = 1 << 19,  // that the patches of the weight's gradient take, about
};

static void run_product(direct_job *j) {
  size_t bytes = (size_t)(j->plan.groups * j->strips * j->blocks * j->plan.volume * j->pitch *
                          direct_strip) * 4;
  j->kernels = apus_allocate(bytes);
  apus_parallel_for(j->plan.groups * j->strips * j->blocks, 1, pack, j);
  apus_parallel_for(j->plan.runs, 1, product, j);
  apus_deallocate(j->kernels, bytes);
}

static void run_weight_gradient(direct_job *j) {
  ptrdiff_t filter_blocks = (j->plan.out.channels + 7) / 8;
  ptrdiff_t places = j->plan.groups * j->blocks;
  ptrdiff_t all = j->plan.volume * j->pitch, threads = apus_thread_count();
  // The sums do not depend on it.
  ptrdiff_t pieces = threads == 1 ? 1 : conv_max(4 * threads / places, 1);
  j->piece = ((all + pieces - 1) / pieces + direct_rows - 1) / direct_rows * direct_rows;
  j->pieces = (all + j->piece - 1) / j->piece;
  j->patch_floats = direct_largest_patch(j) * j->blocks;
  j->run_floats = j->patch_floats + j->plan.rows * j->plan.out.width * filter_blocks * 8;
  ptrdiff_t runs = conv_min(conv_max(direct_gradient_floats / j->run_floats, 1), j->plan.runs);
  size_t patches = (size_t)(runs * j->run_floats) * 4;
  size_t sums =
      (size_t)(j->plan.groups * j->blocks * j->plan.volume * j->pitch * filter_blocks * 8) * 4;
  j->patches = apus_allocate(patches);
  j->sums = apus_allocate(sums);
  memset(j->sums, 0, sums);
  for (j->first_run = 0; j->first_run < j->plan.runs; j->first_run = j->last_run) {
    j->last_run = conv_min(j->first_run + runs, j->plan.runs);
    ptrdiff_t count = j->last_run - j->first_run;
    apus_parallel_for(count * (j->blocks + filter_blocks), 1, read, j);
    apus_parallel_for(places * j->pieces, 1, sum, j);
  }
  apus_parallel_for(j->plan.groups * j->plan.out.channels, 1, unpack, j);
  apus_deallocate(j->patches, patches);
  apus_deallocate(j->sums, sums);
}

static void run(const conv_call *call, conv_product which) {
  direct_job j = {.plan = conv_plan_of(call, which, direct_outputs)};
  j.pitch = conv_min(j.plan.in.channels, 8);
  j.blocks = (j.plan.in.channels + 7) / 8;
  j.strips = (j.plan.out.channels + direct_strip - 1) / direct_strip;
  if (which == conv_weight_gradient) {
    run_weight_gradient(&j);
  } else {
    run_product(&j);
  }
}

const conv_method conv_direct = {.name = "direct", .takes = takes, .run = run};
