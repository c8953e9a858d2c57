#include "walk.h"

#include <stdio.h>
#include <stdlib.h>

#include "pack.h"
#include "parallel.h"

// A tile that needs packing has at most this many elements, so that its buffers stay in the first
// level cache; others are cut only to be shared among threads.
enum { packed_tile = 1024, plain_tile = 16384, narrow = 64, chunk_work = 15000000 };

typedef struct plan {
  const apus_operation *operation;
  int rank;                              // axes left; the innermost is axis 0
  ptrdiff_t extent[APUS_MAX_RANK];
  struct {
    const char *data;
    ptrdiff_t stride[APUS_MAX_RANK];     // in bytes
    ptrdiff_t size;
  } input[apus_max_inputs];
  char *out;
  ptrdiff_t tile_rows, tile_columns;
  ptrdiff_t row_tiles, column_tiles;
} plan;

void apus_unsupported(const char *function, int operation, apus_dtype type) {
  fprintf(stderr, "%s: operation %d is not defined for element type %d\n", function, operation,
          (int)type);
  abort();
}

/// Drops axes of extent 1 and joins neighbours that every input steps through evenly.
static void collapse(plan *p, int rank, const ptrdiff_t *shape, const apus_input *inputs) {
  int inputs_count = p->operation->inputs, last = -1;
  for (int axis = rank - 1; axis >= 0; axis--) {
    if (shape[axis] == 1) continue;
    bool joins = last >= 0;
    for (int k = 0; joins && k < inputs_count; k++) {
      joins = inputs[k].strides[axis] * p->input[k].size ==
              p->input[k].stride[last] * p->extent[last];
    }
    if (joins) {
      p->extent[last] *= shape[axis];
      continue;
    }
    last++;
    p->extent[last] = shape[axis];
    for (int k = 0; k < inputs_count; k++) {
      p->input[k].stride[last] = inputs[k].strides[axis] * p->input[k].size;
    }
  }
  p->rank = last + 1;
  for (; p->rank < 2; p->rank++) {
    p->extent[p->rank] = 1;
    for (int k = 0; k < inputs_count; k++) p->input[k].stride[p->rank] = 0;
  }
}

/// How a kernel gets an input of one tile.
typedef enum { in_place, as_fixed, packed } access_kind;

/// Whether `row` elements in a row (the whole tile, when it has one row or is flattened) can be
/// read as they are.
static access_kind access_of(const plan *p, int k, bool flattened) {
  ptrdiff_t size = p->input[k].size, inner = p->input[k].stride[0], outer = p->input[k].stride[1];
  if (inner == size && (!flattened || outer == p->extent[0] * size)) return in_place;
  if (inner == 0 && (!flattened || outer == 0) && (p->operation->fixable >> k & 1)) return as_fixed;
  return packed;
}

typedef struct buffers {
  _Alignas(64) char bytes[apus_max_inputs][packed_tile * 8];
  const char *origin[apus_max_inputs];   // what the buffer holds, when it may serve again
  ptrdiff_t rows[apus_max_inputs];
} buffers;

static void run_tile(const plan *p, ptrdiff_t tile, buffers *buffer) {
  const apus_operation *operation = p->operation;
  ptrdiff_t c = tile % p->column_tiles * p->tile_columns;
  ptrdiff_t rest = tile / p->column_tiles;
  ptrdiff_t r = rest % p->row_tiles * p->tile_rows;
  rest /= p->row_tiles;
  ptrdiff_t columns = p->extent[0] - c < p->tile_columns ? p->extent[0] - c : p->tile_columns;
  ptrdiff_t rows = p->extent[1] - r < p->tile_rows ? p->extent[1] - r : p->tile_rows;

  const char *start[apus_max_inputs];
  for (int k = 0; k < operation->inputs; k++) {
    start[k] = p->input[k].data + c * p->input[k].stride[0] + r * p->input[k].stride[1];
  }
  ptrdiff_t offset = c + r * p->extent[0], volume = p->extent[0] * p->extent[1];
  for (int axis = 2; axis < p->rank; axis++) {
    ptrdiff_t index = rest % p->extent[axis];
    rest /= p->extent[axis];
    offset += index * volume;
    volume *= p->extent[axis];
    for (int k = 0; k < operation->inputs; k++) start[k] += index * p->input[k].stride[axis];
  }

  bool flattened = columns == p->extent[0] && p->extent[0] < narrow;
  unsigned fixed = 0;
  ptrdiff_t step[apus_max_inputs];
  for (int k = 0; k < operation->inputs; k++) {
    access_kind access = access_of(p, k, flattened);
    step[k] = p->input[k].stride[1];
    if (access == as_fixed) fixed |= 1u << k;
    if (access != packed) continue;
    ptrdiff_t size = p->input[k].size;
    // A repeated row stays in its buffer from tile to tile.
    if (start[k] != buffer->origin[k] || rows > buffer->rows[k]) {
      apus_pack((size_t)size, rows, columns, start[k], p->input[k].stride[1] / size,
                p->input[k].stride[0] / size, buffer->bytes[k]);
      bool repeats = p->input[k].stride[1] == 0 && columns == p->extent[0];
      buffer->origin[k] = repeats ? start[k] : NULL;
      buffer->rows[k] = rows;
    }
    start[k] = buffer->bytes[k];
    step[k] = columns * size;
  }

  unsigned all = (1u << operation->inputs) - 1;
  if (fixed == all) {  // only one element is left: it is dense too
    fixed = 0;
  }
  char *out = p->out + offset * (ptrdiff_t)operation->out_size;
  const void *at[apus_max_inputs];
  if (flattened || rows == 1) {
    for (int k = 0; k < operation->inputs; k++) at[k] = start[k];
    operation->kernel(rows * columns, at, fixed, out);
    return;
  }
  for (ptrdiff_t row = 0; row < rows; row++) {
    for (int k = 0; k < operation->inputs; k++) at[k] = start[k] + row * step[k];
    operation->kernel(columns, at, fixed, out);
    out += p->extent[0] * (ptrdiff_t)operation->out_size;
  }
}

static void run_tiles(void *context, ptrdiff_t begin, ptrdiff_t end) {
  buffers buffer;
  for (int k = 0; k < apus_max_inputs; k++) buffer.origin[k] = NULL;
  for (ptrdiff_t tile = begin; tile < end; tile++) run_tile(context, tile, &buffer);
}

void apus_walk(const apus_operation *operation, int rank, const ptrdiff_t *shape,
               const apus_input *inputs, void *out) {
  ptrdiff_t count = apus_element_count(rank, shape);
  if (count <= 0) return;
  plan p = {.operation = operation, .out = out};
  for (int k = 0; k < operation->inputs; k++) {
    p.input[k].data = inputs[k].data;
    p.input[k].size = (ptrdiff_t)inputs[k].size;
  }
  collapse(&p, rank, shape, inputs);

  bool flattened = p.extent[0] < narrow, packs = false;
  unsigned fixed = 0;
  for (int k = 0; k < operation->inputs; k++) {
    access_kind access = access_of(&p, k, flattened);
    packs |= access == packed;
    fixed |= (unsigned)(access == as_fixed) << k;
  }
  // Kernels do not take all inputs fixed: the first is then spread out instead.
  apus_operation spread = *operation;
  if (fixed == (1u << operation->inputs) - 1 && count > 1) {
    spread.fixable &= ~1u;
    p.operation = &spread;
    packs = true;
  }
  ptrdiff_t tile = packs ? packed_tile : plain_tile;
  if (flattened) {
    p.tile_columns = p.extent[0];
    p.tile_rows = tile / p.extent[0];
  } else {
    ptrdiff_t rows = packs ? 16 : 1;
    if (rows > p.extent[1]) rows = p.extent[1];
    p.tile_columns = tile / rows < p.extent[0] ? tile / rows : p.extent[0];
    p.tile_rows = tile / p.tile_columns;
  }
  if (p.tile_rows > p.extent[1]) p.tile_rows = p.extent[1];
  p.column_tiles = (p.extent[0] + p.tile_columns - 1) / p.tile_columns;
  p.row_tiles = (p.extent[1] + p.tile_rows - 1) / p.tile_rows;
  ptrdiff_t tiles = p.column_tiles * p.row_tiles;
  for (int axis = 2; axis < p.rank; axis++) tiles *= p.extent[axis];

  int cost = operation->cost + (packs ? 500 : 0);
  if (tiles == 1 || count * cost <= APUS_SERIAL_WORK) {
    run_tiles(&p, 0, tiles);
  } else {
    ptrdiff_t work = p.tile_columns * p.tile_rows * cost;
    apus_parallel_for(tiles, work < chunk_work ? chunk_work / work : 1, run_tiles, &p);
  }
}

typedef struct dense_plan {
  const apus_operation *operation;
  const void *const *inputs;
  const size_t *sizes;
  unsigned fixed;
  char *out;
} dense_plan;

static void run_range(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const dense_plan *p = context;
  const void *at[apus_max_inputs];
  for (int k = 0; k < p->operation->inputs; k++) {
    ptrdiff_t skipped = p->fixed >> k & 1 ? 0 : begin * (ptrdiff_t)p->sizes[k];
    at[k] = (const char *)p->inputs[k] + skipped;
  }
  p->operation->kernel(end - begin, at, p->fixed,
                       p->out + begin * (ptrdiff_t)p->operation->out_size);
}

void apus_walk_dense(const apus_operation *operation, ptrdiff_t count, const void *const *inputs,
                     const size_t *sizes, unsigned fixed, void *out) {
  dense_plan p = {operation, inputs, sizes, fixed, out};
  ptrdiff_t grain = (chunk_work / operation->cost + 1023) & ~(ptrdiff_t)1023;
  apus_parallel_for(count, grain, run_range, &p);
}
