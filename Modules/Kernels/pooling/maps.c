#include <string.h>

#include "memory.h"
#include "parallel.h"
#include "plan.h"

/// The maps of one call, with weights in the elements' type.
typedef struct maps_job {
  const apus_axis_map *maps;
  const void *weight[APUS_SPACE];
  ptrdiff_t each[APUS_SPACE];  // entries of every row of a map, or −1 where their number varies
  bool splits_pairs;  // whether the last axis maps each place to two outputs alike
  // Outputs [begin, end) of the last axis have the same weights, for places `stride` apart.
  ptrdiff_t begin, end, stride;
  const void *x;
  void *y;
  int order[APUS_SPACE];  // of the axes; those without a map are left out
  int stages;
  ptrdiff_t size, output, most;  // elements of a plane, of its result, and the most in between
} maps_job;

#define APUS_TEMPLATE "../pooling/maps.inc"
#include "../machine/levels.h"

static const apus_task kernels[][2] = {
  {map_planes_float_portable, map_planes_double_portable},
#if defined(__x86_64__)
  {map_planes_float_avx2, map_planes_double_avx2},
  {map_planes_float_avx512, map_planes_double_avx512},
#endif
};

/// The axes in an order that keeps what lies between small: rows are the dearest, so they go last
/// where the others shrink and first where those grow.
static void order(maps_job *job) {
  const apus_axis_map *maps = job->maps;
  bool shrinks = maps[0].output * maps[1].output <= maps[0].size * maps[1].size;
  const int axes[2][APUS_SPACE] = {{2, 1, 0}, {0, 1, 2}};
  ptrdiff_t extent[APUS_SPACE];
  for (int i = 0; i < APUS_SPACE; i++) extent[i] = maps[i].size;
  job->most = 1;
  for (int i = 0; i < APUS_SPACE; i++) {
    int axis = axes[shrinks][i];
    if (!maps[axis].start) continue;
    job->order[job->stages++] = axis;
    extent[axis] = maps[axis].output;
    ptrdiff_t volume = extent[0] * extent[1] * extent[2];
    if (volume > job->most) job->most = volume;
  }
}

/// Whether a map of one entry a row makes two outputs of each place, with one weight.
static bool is_doubling(const apus_axis_map *map) {
  for (ptrdiff_t j = 0; j < map->output; j++) {
    if (map->place[j] != j / 2 || map->weight[j] != map->weight[0]) return false;
  }
  return true;
}

/// Whether row j of a map has the entries of row `model`, moved by `stride` for each row between.
static bool is_alike(const apus_axis_map *map, ptrdiff_t model, ptrdiff_t j, ptrdiff_t stride) {
  ptrdiff_t e = map->start[j], f = map->start[model], count = map->start[model + 1] - f;
  if (map->start[j + 1] - e != count) return false;
  for (ptrdiff_t i = 0; i < count; i++) {
    if (map->place[e + i] != map->place[f + i] + (j - model) * stride) return false;
    if (map->weight[e + i] != map->weight[f + i]) return false;
  }
  return true;
}

/// Finds the rows about the middle that are alike, if there is a stride of 1 or 2 between them.
static void find_band(const apus_axis_map *map, maps_job *job) {
  ptrdiff_t model = map->output / 2;
  if (map->output < 3 || map->start[model] == map->start[model + 1]) return;
  ptrdiff_t stride = map->start[model + 1] == map->start[model + 2]
                       ? 0
                       : map->place[map->start[model + 1]] - map->place[map->start[model]];
  if (stride != 1 && stride != 2) return;
  job->stride = stride;
  job->begin = model;
  job->end = model + 1;
  while (job->begin > 0 && is_alike(map, model, job->begin - 1, stride)) job->begin--;
  while (job->end < map->output && is_alike(map, model, job->end, stride)) job->end++;
}

static ptrdiff_t entries_of_each(const apus_axis_map *map) {
  ptrdiff_t each = map->output > 0 ? map->start[1] : 0;
  for (ptrdiff_t j = 0; j < map->output; j++) {
    if (map->start[j + 1] - map->start[j] != each) return -1;
  }
  return each;
}

void apus_map_axes(apus_dtype type, ptrdiff_t planes, const apus_axis_map *maps, const void *x,
                   void *y) {
  bool is_double = type == apus_dtype_float64;
  maps_job job = {.maps = maps, .x = x, .y = y, .size = 1, .output = 1};
  ptrdiff_t weights = 0;
  for (int i = 0; i < APUS_SPACE; i++) {
    job.size *= maps[i].size;
    job.output *= maps[i].output;
    if (!maps[i].start) continue;
    weights += maps[i].start[maps[i].output];
    job.each[i] = entries_of_each(&maps[i]);
  }
  const apus_axis_map *last = &maps[2];
  if (last->start) {
    job.splits_pairs = job.each[2] == 1 && last->output == 2 * last->size && is_doubling(last);
    find_band(last, &job);
  }
  order(&job);
  if (job.stages == 0) {
    memcpy(y, x, (size_t)(planes * job.size) * (is_double ? 8 : 4));
    return;
  }
  size_t bytes = (size_t)weights * sizeof(float);
  float *converted = is_double ? NULL : apus_allocate(bytes), *next = converted;
  for (int i = 0; i < APUS_SPACE; i++) {
    if (!maps[i].start) continue;
    job.weight[i] = is_double ? (const void *)maps[i].weight : next;
    if (is_double) continue;
    for (ptrdiff_t e = 0; e < maps[i].start[maps[i].output]; e++) {
      *next++ = (float)maps[i].weight[e];
    }
  }
  apus_parallel_for(planes, pool_grain(job.size + job.output),
                    kernels[apus_current_level()][is_double], &job);
  if (converted) apus_deallocate(converted, bytes);
}
