#pragma once
#include "random.h"
#include "types.h"

/// An operand or result of [batch, head, row, feature], its features contiguous. Strides count
/// elements.
typedef struct apus_heads {
  void *data;
  ptrdiff_t batch, head, row;
} apus_heads;

/// Broadcasts over [batch, head, query, key] by strides of 0.
typedef struct apus_attention_mask {
  const void *data;
  bool is_bool;  // a byte each, 0 where a key is hidden; else of the operands' type, and added
  ptrdiff_t batch, head, query, key;
} apus_attention_mask;

/// softmax(scale Q K' + masks) V for each head; `heads` of the query share `shared` of key and
/// value, neighbours first.
typedef struct apus_attention {
  apus_dtype type;  // float32 or float64
  ptrdiff_t batch, heads, shared, queries, keys, features, value_features;
  double scale;
  bool causal;  // query i sees the keys up to i + first_query
  ptrdiff_t first_query;
  int mask_count;
  const apus_attention_mask *masks;
  // A weight is kept with this probability, and divided by it. Weight e of [batch, head, query,
  // key] takes the draw that element e of `apus_random_bernoulli` from position 0 takes.
  double keep;
  apus_random generator;
} apus_attention;

/// out, and the logarithm of each row's sum of exponentials, [batch, heads, queries] (infinite where
/// a query sees no key: its row of out is 0). Beside them, memory in proportion to queries + keys.
void apus_attention_forward(const apus_attention *attention, const apus_heads *query,
                            const apus_heads *key, const apus_heads *value,
                            const apus_heads *out, void *log_sums);

/// The gradients with respect to query, key and value; one whose data is NULL is not wanted. Every
/// weight is computed again; memory in proportion to queries + keys.
void apus_attention_backward(const apus_attention *attention, const apus_heads *query,
                             const apus_heads *key, const apus_heads *value,
                             const apus_heads *out, const void *log_sums,
                             const apus_heads *upstream, const apus_heads *query_gradient,
                             const apus_heads *key_gradient, const apus_heads *value_gradient);
