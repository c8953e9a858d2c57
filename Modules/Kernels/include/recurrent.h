#pragma once
#include "gemm.h"

// Whole sequences through a recurrent cell, float32 or float64. The weights have PyTorch's layout: one
// block of `hidden` rows for each gate.

typedef enum APUS_CLOSED apus_cell : int32_t {
  apus_cell_elman,  // h' = activation(a)
  apus_cell_lstm,   // i, f, g, o: c' = f c + i g, h' = o tanh(c')
  apus_cell_gru,    // r, z, n: n = tanh(a + r s), h' = (1 - z) n + z h
} apus_cell;

/// A sequence and what the forward pass leaves of it. Arrays are dense.
typedef struct apus_sequence {
  apus_dtype type;
  apus_cell cell;
  apus_activation activation;        // Elman's: identity, relu, tanh or sigmoid
  bool reversed;                     // from the last time to the first
  ptrdiff_t time, batch, inputs, hidden;
  const ptrdiff_t *lengths;          // NULL, or [batch]: beyond it a state stays as it is
  const void *x;                     // [time, batch, inputs]
  const void *input_weight;          // [gates hidden, inputs]
  const void *recurrent_weight;      // [gates hidden, hidden]
  const void *input_bias, *recurrent_bias;  // NULL, or [gates hidden]
  /// [time, batch, columns of `apus_sequence_columns`]: the gates' values, and for a GRU the state's
  /// share s of the new gate after them.
  void *gates;
  /// [time + 1, batch, hidden]. Before the first step the caller fills the first of them (reversed:
  /// the last); each step writes the next. `cells` is the LSTM's memory, else NULL.
  void *states, *cells;
} apus_sequence;

/// Values that `gates` holds for each state.
ptrdiff_t apus_sequence_columns(apus_cell cell, ptrdiff_t hidden);

/// Runs the cell over the sequence.
void apus_sequence_forward(const apus_sequence *sequence);

/// Gradients of a sequence. All but `upstream` are written; those not wanted are NULL.
typedef struct apus_sequence_gradients {
  const void *upstream;              // [time + 1, batch, hidden]: of the states written
  const void *cell_upstream;         // NULL, or [batch, hidden]: of the last memory
  void *gates;                       // as in the sequence, for the gates' sums
  void *x, *input_weight, *recurrent_weight, *input_bias, *recurrent_bias;
  void *state, *cell;                // [batch, hidden]: of the initial state; never NULL
} apus_sequence_gradients;

/// The gradients after a forward pass, which stays as it is.
void apus_sequence_backward(const apus_sequence *sequence,
                            const apus_sequence_gradients *gradients);
