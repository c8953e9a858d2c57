#include <string.h>

#include "job.h"
#include "memory.h"
#include "parallel.h"

// Steps from the last to the first give the gradients of all sums; those of the weights and of the
// input are then one matrix product each.

typedef struct backward {
  const apus_sequence *s;
  const apus_sequence_gradients *g;
  gate_block blocks[2];
  int count;
  panels weights[2];
  gate_pass pass;
} backward;

static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const backward *k = context;
  const apus_sequence *s = k->s;
  const apus_sequence_gradients *g = k->g;
  const ptrdiff_t size = size_of(s->type), h = s->hidden;
  const ptrdiff_t columns = apus_sequence_columns(s->cell, h);
  const ptrdiff_t slot = s->batch * h * size;
  for (ptrdiff_t step = s->time - 1; step >= 0; step--) {
    const ptrdiff_t time = s->reversed ? s->time - 1 - step : step;
    const ptrdiff_t from = (s->reversed ? time + 1 : time) * slot;
    const ptrdiff_t to = (s->reversed ? time : time + 1) * slot;
    char *sums = (char *)g->gates + time * s->batch * columns * size;
    const gate_step gates = {
      .first = begin, .last = end, .hidden = h, .columns = columns, .lengths = s->lengths,
      .time = time, .gates = (char *)s->gates + time * s->batch * columns * size,
      .before = (const char *)s->states + from, .after = (char *)s->states + to,
      .memory = s->cells ? (const char *)s->cells + from : NULL,
      .next_memory = s->cells ? (char *)s->cells + to : NULL,
      .upstream = (const char *)g->upstream + to, .sums = sums, .carry = g->state,
      .memory_carry = g->cell,
    };
    k->pass(&gates);
    char *carry = (char *)g->state + begin * h * size;
    for (int i = 0; i < k->count; i++) {
      const gate_block b = k->blocks[i];
      const char *left = sums + (begin * columns + b.column) * size;
      if (packs(s)) {
        apus_panels_multiply(&k->weights[i], end - begin, left, columns, carry, h, true, NULL);
        continue;
      }
      const apus_matrix a = {.data = left, .row = columns, .column = 1};
      const apus_matrix weight = {
        .data = (const char *)s->recurrent_weight + b.row * h * size, .row = h, .column = 1,
      };
      apus_gemm(s->type, end - begin, h, b.rows, &a, &weight, carry, h, 0, NULL, true, NULL);
    }
  }
}

/// out = (columns [column, column + rows) of the sums' gradients)ᵀ right.
static void reduce_times(const backward *k, ptrdiff_t column, ptrdiff_t rows, const void *right,
                         ptrdiff_t right_columns, void *out) {
  const apus_sequence *s = k->s;
  const ptrdiff_t columns = apus_sequence_columns(s->cell, s->hidden);
  const apus_matrix a = {
    .data = (const char *)k->g->gates + column * size_of(s->type), .row = 1, .column = columns,
  };
  const apus_matrix b = {.data = right, .row = right_columns, .column = 1};
  apus_gemm(s->type, rows, right_columns, s->time * s->batch, &a, &b, out, right_columns, 0, NULL,
            false, NULL);
}

/// out = the sum of columns [column, column + rows) over all steps and rows.
static void reduce_bias(const backward *k, ptrdiff_t column, ptrdiff_t rows, void *out) {
  const apus_sequence *s = k->s;
  const ptrdiff_t columns = apus_sequence_columns(s->cell, s->hidden);
  const float single = 1;
  const double wide = 1;
  const apus_matrix ones = {
    .data = s->type == apus_dtype_float32 ? (const void *)&single : (const void *)&wide,
  };
  const apus_matrix b = {
    .data = (const char *)k->g->gates + column * size_of(s->type), .row = columns, .column = 1,
  };
  apus_gemm(s->type, 1, rows, s->time * s->batch, &ones, &b, out, rows, 0, NULL, false, NULL);
}

static void reduce(const backward *k, ptrdiff_t weight_rows) {
  const apus_sequence *s = k->s;
  const apus_sequence_gradients *g = k->g;
  const ptrdiff_t size = size_of(s->type), h = s->hidden;
  if (g->x) {
    const apus_matrix sums = {
      .data = g->gates, .row = apus_sequence_columns(s->cell, h), .column = 1,
    };
    const apus_matrix weight = {.data = s->input_weight, .row = s->inputs, .column = 1};
    apus_gemm(s->type, s->time * s->batch, s->inputs, weight_rows, &sums, &weight, g->x,
              s->inputs, 0, NULL, false, NULL);
  }
  if (g->input_weight) reduce_times(k, 0, weight_rows, s->x, s->inputs, g->input_weight);
  if (g->input_bias) reduce_bias(k, 0, weight_rows, g->input_bias);
  const char *before = (const char *)s->states + (s->reversed ? s->batch * h * size : 0);
  for (int i = 0; i < k->count; i++) {
    const gate_block b = k->blocks[i];
    if (g->recurrent_weight) {
      reduce_times(k, b.column, b.rows, before, h,
                   (char *)g->recurrent_weight + b.row * h * size);
    }
    if (g->recurrent_bias) {
      char *out = (char *)g->recurrent_bias + b.row * size;
      if (b.column == b.row && g->input_bias) {
        // The same sums.
        memcpy(out, (const char *)g->input_bias + b.row * size, (size_t)(b.rows * size));
      } else {
        reduce_bias(k, b.column, b.rows, out);
      }
    }
  }
}

void apus_sequence_backward(const apus_sequence *s, const apus_sequence_gradients *g) {
  const ptrdiff_t size = size_of(s->type), h = s->hidden;
  const size_t bytes = (size_t)(s->batch * h * size);
  memset(g->state, 0, bytes);
  if (s->cell == apus_cell_lstm) {
    if (g->cell_upstream) memcpy(g->cell, g->cell_upstream, bytes);
    else memset(g->cell, 0, bytes);
  }
  backward k = {.s = s, .g = g, .pass = apus_gate_pass(s->type, true, gate_kind_of(s))};
  k.count = apus_gate_blocks(s, k.blocks);
  ptrdiff_t weight_rows = 0;
  for (int i = 0; i < k.count; i++) weight_rows += k.blocks[i].rows;
  for (int i = 0; packs(s) && i < k.count; i++) {
    const gate_block b = k.blocks[i];
    const char *weight = (const char *)s->recurrent_weight + b.row * h * size;
    k.weights[i] = apus_panels_pack(s->type, b.rows, h, weight, h, 1);
  }
  apus_over_rows(s, (double)s->time * (double)weight_rows * (double)h, run, &k);
  for (int i = 0; packs(s) && i < k.count; i++) apus_panels_free(&k.weights[i]);
  reduce(&k, weight_rows);
}
