#include <string.h>

#include "job.h"
#include "memory.h"
#include "parallel.h"

// The inputs' products of all steps are one matrix product. A step adds those of the state, with the
// weight packed once for the whole sequence, and turns the sums into gates and the next state.

ptrdiff_t apus_sequence_columns(apus_cell cell, ptrdiff_t hidden) {
  return cell == apus_cell_elman ? hidden : 4 * hidden;
}

/// How many rows the weights have.
static ptrdiff_t weight_rows(const apus_sequence *s) {
  return (s->cell == apus_cell_elman ? 1 : s->cell == apus_cell_gru ? 3 : 4) * s->hidden;
}

int apus_gate_blocks(const apus_sequence *s, gate_block blocks[2]) {
  const ptrdiff_t h = s->hidden;
  if (s->cell != apus_cell_gru) {
    blocks[0] = (gate_block){.rows = weight_rows(s), .add = true};
    return 1;
  }
  blocks[0] = (gate_block){.rows = 2 * h, .add = true};
  blocks[1] = (gate_block){.row = 2 * h, .rows = h, .column = 3 * h};
  return 2;
}

void apus_over_rows(const apus_sequence *s, double work,
                    void (*part)(void *context, ptrdiff_t begin, ptrdiff_t end), void *context) {
  const ptrdiff_t few = 4;  // rows that one weight's reading should serve at least
  ptrdiff_t parts = packs(s) && work * (double)s->batch > 1e6 ? apus_thread_count() : 1;
  if (parts > s->batch / few) parts = s->batch / few;
  if (parts <= 1) {
    part(context, 0, s->batch);
  } else {
    apus_parallel_for(s->batch, (s->batch + parts - 1) / parts, part, context);
  }
}

/// What the inputs' products start from: both biases, but for a block with a bias of its own.
static void sum_biases(const apus_sequence *s, void *out) {
  const ptrdiff_t rows = weight_rows(s), shared = s->cell == apus_cell_gru ? 2 * s->hidden : rows;
  for (ptrdiff_t i = 0; i < rows; i++) {
    if (s->type == apus_dtype_float32) {
      const float *a = s->input_bias, *b = s->recurrent_bias;
      ((float *)out)[i] = (a ? a[i] : 0) + (b && i < shared ? b[i] : 0);
    } else {
      const double *a = s->input_bias, *b = s->recurrent_bias;
      ((double *)out)[i] = (a ? a[i] : 0) + (b && i < shared ? b[i] : 0);
    }
  }
}

static void multiply_inputs(const apus_sequence *s) {
  const ptrdiff_t rows = weight_rows(s);
  const bool has_bias = s->input_bias || s->recurrent_bias;
  const size_t bytes = has_bias ? (size_t)(rows * size_of(s->type)) : 0;
  void *bias = has_bias ? apus_allocate(bytes) : NULL;
  if (has_bias) sum_biases(s, bias);
  const apus_matrix x = {.data = s->x, .row = s->inputs, .column = 1};
  const apus_matrix weight = {.data = s->input_weight, .row = 1, .column = s->inputs};
  const apus_epilogue epilogue = {.bias = bias};
  apus_gemm(s->type, s->time * s->batch, rows, s->inputs, &x, &weight, s->gates,
            apus_sequence_columns(s->cell, s->hidden), 0, NULL, false, &epilogue);
  if (has_bias) apus_deallocate(bias, bytes);
}

typedef struct forward {
  const apus_sequence *s;
  gate_block blocks[2];
  int count;
  panels weights[2];
  gate_pass pass;
} forward;

/// Rows `begin` to `end` of the batch through all steps.
static void run(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const forward *f = context;
  const apus_sequence *s = f->s;
  const ptrdiff_t size = size_of(s->type), h = s->hidden;
  const ptrdiff_t columns = apus_sequence_columns(s->cell, h);
  const ptrdiff_t slot = s->batch * h * size;
  for (ptrdiff_t step = 0; step < s->time; step++) {
    const ptrdiff_t time = s->reversed ? s->time - 1 - step : step;
    const ptrdiff_t from = (s->reversed ? time + 1 : time) * slot;
    const ptrdiff_t to = (s->reversed ? time : time + 1) * slot;
    char *gates = (char *)s->gates + time * s->batch * columns * size;
    const char *state = (const char *)s->states + from + begin * h * size;
    for (int i = 0; i < f->count; i++) {
      const gate_block b = f->blocks[i];
      char *out = gates + (begin * columns + b.column) * size;
      const char *bias = b.add || !s->recurrent_bias
          ? NULL : (const char *)s->recurrent_bias + b.row * size;
      if (packs(s)) {
        apus_panels_multiply(&f->weights[i], end - begin, state, h, out, columns, b.add, bias);
        continue;
      }
      const apus_matrix left = {.data = state, .row = h, .column = 1};
      const apus_matrix right = {
        .data = (const char *)s->recurrent_weight + b.row * h * size, .row = 1, .column = h,
      };
      const apus_epilogue epilogue = {.bias = bias};
      apus_gemm(s->type, end - begin, b.rows, h, &left, &right, out, columns, 0, NULL, b.add,
                b.add ? NULL : &epilogue);
    }
    const gate_step g = {
      .first = begin, .last = end, .hidden = h, .columns = columns, .lengths = s->lengths,
      .time = time, .gates = gates, .before = (const char *)s->states + from,
      .after = (char *)s->states + to,
      .memory = s->cells ? (const char *)s->cells + from : NULL,
      .next_memory = s->cells ? (char *)s->cells + to : NULL,
    };
    f->pass(&g);
  }
}

void apus_sequence_forward(const apus_sequence *s) {
  if (s->batch == 0 || s->hidden == 0) return;
  multiply_inputs(s);
  forward f = {.s = s, .pass = apus_gate_pass(s->type, false, gate_kind_of(s))};
  f.count = apus_gate_blocks(s, f.blocks);
  for (int i = 0; packs(s) && i < f.count; i++) {
    const gate_block b = f.blocks[i];
    const char *weight = (const char *)s->recurrent_weight + b.row * s->hidden * size_of(s->type);
    f.weights[i] = apus_panels_pack(s->type, s->hidden, b.rows, weight, 1, s->hidden);
  }
  apus_over_rows(s, (double)s->time * (double)weight_rows(s) * (double)s->hidden, run, &f);
  for (int i = 0; packs(s) && i < f.count; i++) apus_panels_free(&f.weights[i]);
}
