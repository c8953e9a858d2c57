#pragma once
#include "recurrent.h"

/// The rows of one step that a pass over gates works on: rows `first` to `last` of the batch.
typedef struct gate_step {
  ptrdiff_t first, last, hidden, columns;
  const ptrdiff_t *lengths;          // NULL, or one a row: rows at or beyond `time` only carry on
  ptrdiff_t time;
  void *gates;                       // [batch, columns]: sums in, values out; backward: values
  const void *before, *memory;       // the state and the LSTM's memory before the step
  void *after, *next_memory;         // and after it
  const void *upstream;              // backward: gradient of the state after the step
  void *sums;                        // [batch, columns]: gradient of the sums
  void *carry, *memory_carry;        // [batch, hidden]: gradients handed to the step before
} gate_step;

typedef void (*gate_pass)(const gate_step *step);

typedef enum gate_kind {
  gate_identity, gate_relu, gate_tanh, gate_sigmoid, gate_lstm, gate_gru, gate_kinds,
} gate_kind;

/// By direction (0 forward, 1 backward) and kind, for the level in use.
gate_pass apus_gate_pass(apus_dtype type, bool backward, gate_kind kind);

static inline gate_kind gate_kind_of(const apus_sequence *s) {
  if (s->cell == apus_cell_lstm) return gate_lstm;
  if (s->cell == apus_cell_gru) return gate_gru;
  switch (s->activation) {
  case apus_activation_relu: return gate_relu;
  case apus_activation_tanh: return gate_tanh;
  case apus_activation_sigmoid: return gate_sigmoid;
  default: return gate_identity;
  }
}

/// A run of the weight's rows whose products with the state go to the same run of `gates`' columns.
typedef struct gate_block {
  ptrdiff_t row, rows, column;
  bool add;                          // to the input's products; else it is written, with its bias
} gate_block;

/// The blocks of a cell; returns how many.
int apus_gate_blocks(const apus_sequence *s, gate_block blocks[2]);

/// A matrix b of [k, n], packed once to be multiplied with few rows many times.
typedef struct panels {
  apus_dtype type;
  ptrdiff_t k, n, depth;
  char *data;
  size_t bytes;
} panels;

panels apus_panels_pack(apus_dtype type, ptrdiff_t k, ptrdiff_t n, const void *b, ptrdiff_t row,
                        ptrdiff_t column);
void apus_panels_free(panels *p);

/// c (+)= a b + bias, for a of [m, k] with contiguous rows `a_row` apart. A row's result does not
/// depend on m.
void apus_panels_multiply(const panels *p, ptrdiff_t m, const void *a, ptrdiff_t a_row, void *c,
                          ptrdiff_t c_row, bool add, const void *bias);

/// Whether a weight is worth packing; else each step is an ordinary product.
static inline bool packs(const apus_sequence *s) { return s->time > 1 && s->batch > 2; }

/// Runs `part` on runs of the batch's rows: each is a chain of its own, so that threads never wait
/// for each other. `work` is that of a row, in multiply-adds.
void apus_over_rows(const apus_sequence *s, double work,
                    void (*part)(void *context, ptrdiff_t begin, ptrdiff_t end), void *context);

static inline ptrdiff_t size_of(apus_dtype type) { return type == apus_dtype_float64 ? 8 : 4; }
