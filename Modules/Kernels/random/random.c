#include "fill.h"
#include "parallel.h"

#include <math.h>
#include <string.h>

#define APUS_TEMPLATE "../random/fills.inc"
#include "../machine/levels.h"

enum { grain_blocks = 4096 };

typedef struct job {
  const random_level *level;
  random_fill fill;
  random_values values;
  apus_random generator;
  uint64_t position;
  ptrdiff_t count, per_block, bytes;  // values in all, in a block, bytes of one
  char *out;
} job;

static void fill_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const job *work = context;
  _Alignas(64) uint64_t random[2 * random_blocks];
  _Alignas(64) char made[random_blocks * 4 * 8];
  for (ptrdiff_t block = begin; block < end; block += random_blocks) {
    ptrdiff_t blocks = end - block < random_blocks ? end - block : random_blocks;
    ptrdiff_t first = block * work->per_block, values = blocks * work->per_block;
    work->level->blocks(work->generator, work->position + (uint64_t)block, blocks, random);
    char *out = work->out + first * work->bytes;
    bool whole = blocks == random_blocks && first + values <= work->count;
    work->fill(random, whole ? blocks : random_blocks, &work->values, whole ? out : made);
    if (whole) continue;
    if (values > work->count - first) values = work->count - first;
    memcpy(out, made, (size_t)(values * work->bytes));
  }
}

const random_level *apus_random_level(void) {
  static const random_level *const levels[] = {
    &level_portable,
#if defined(__x86_64__)
    &level_avx2, &level_avx512,
#endif
  };
  return levels[apus_current_level()];
}

static uint64_t run(random_kind kind, apus_random generator, uint64_t position, ptrdiff_t count,
                    random_values values, void *out) {
  static const struct {
    int8_t per_block, bytes;
  } sizes[] = {{2, 8}, {4, 4}, {2, 8}, {4, 4}, {2, 8}, {2, 4}, {2, 8}, {4, 1}, {4, 4}, {4, 8},
               {4, 4}, {2, 8}, {4, 4}, {2, 8}};
  const random_level *level = apus_random_level();
  job work = {level, level->fills[kind], values, generator, position, count,
              sizes[kind].per_block, sizes[kind].bytes, out};
  ptrdiff_t blocks = (count + work.per_block - 1) / work.per_block;
  apus_parallel_for(blocks, grain_blocks, fill_part, &work);
  return (uint64_t)blocks;
}

void apus_random_block(apus_random generator, uint64_t position, uint32_t out[4]) {
  uint64_t block[2];
  blocks_portable(generator, position, 1, block);
  for (int i = 0; i < 4; i++) out[i] = (uint32_t)(block[i / 2] >> (i % 2 * 32));
}

uint64_t apus_random_bits(apus_random generator, uint64_t position, ptrdiff_t count,
                          uint64_t *out) {
  return run(random_bits64, generator, position, count, (random_values){0}, out);
}

uint64_t apus_random_uniform(apus_dtype type, apus_random generator, uint64_t position,
                             ptrdiff_t count, double low, double high, void *out) {
  bool wide = type == apus_dtype_float64;
  double below = wide ? nextafter(high, low) : (double)nextafterf((float)high, (float)low);
  random_values values = {.offset = low, .scale = high - low, .below = below};
  return run(wide ? random_uniform64 : random_uniform32, generator, position, count, values, out);
}

uint64_t apus_random_normal(apus_dtype type, apus_random generator, uint64_t position,
                            ptrdiff_t count, double mean, double deviation, void *out) {
  bool wide = type == apus_dtype_float64;
  random_values values = {.offset = mean, .scale = deviation};
  return run(wide ? random_normal64 : random_normal32, generator, position, count, values, out);
}

uint64_t apus_random_integers(apus_dtype type, apus_random generator, uint64_t position,
                              ptrdiff_t count, int64_t low, int64_t high, void *out) {
  bool wide = type == apus_dtype_int64;
  random_values values = {.low = low, .range = (uint64_t)high - (uint64_t)low};
  return run(wide ? random_integers64 : random_integers32, generator, position, count, values,
             out);
}

uint64_t apus_random_bernoulli(apus_dtype type, apus_random generator, uint64_t position,
                               ptrdiff_t count, double probability, double value, void *out) {
  double clamped = probability >= 1 ? 1 : probability > 0 ? probability : 0;
  random_values values = {.threshold = clamped * 0x1p24, .value = value};
  random_kind kind = type == apus_dtype_bool      ? random_bernoulli8
                     : type == apus_dtype_float32 ? random_bernoulli32
                                                  : random_bernoulli64;
  return run(kind, generator, position, count, values, out);
}

uint64_t apus_random_exponential(apus_dtype type, apus_random generator, uint64_t position,
                                 ptrdiff_t count, double rate, void *out) {
  bool wide = type == apus_dtype_float64;
  random_values values = {.offset = 0, .scale = 1 / rate};
  random_kind kind = wide ? random_exponential64 : random_exponential32;
  return run(kind, generator, position, count, values, out);
}

uint64_t apus_random_gumbel(apus_dtype type, apus_random generator, uint64_t position,
                            ptrdiff_t count, double location, double scale, void *out) {
  bool wide = type == apus_dtype_float64;
  random_values values = {.offset = location, .scale = scale};
  return run(wide ? random_gumbel64 : random_gumbel32, generator, position, count, values, out);
}
