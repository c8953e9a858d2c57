// Inner loops, for the templates. `x` (and `y`) stand for the elements in the expressions.

// An output that is one of the inputs is met element by element, which vectors do not disturb.
#ifndef APUS_LOOP
#define APUS_LOOP _Pragma("clang loop vectorize(assume_safety) interleave(enable)")

#define APUS_UNARY_LOOP(pragma, name, type, result, expression)                                \
  static void APUS_NAME(name)(ptrdiff_t n, const void *const *inputs, unsigned fixed,         \
                              void *output) {                                                 \
    (void)fixed;                                                                              \
    const type *a = inputs[0];                                                                \
    result *out = output;                                                                     \
    pragma for (ptrdiff_t i = 0; i < n; i++) {                                                \
      const type x = a[i];                                                                    \
      out[i] = (expression);                                                                  \
    }                                                                                         \
  }

#define APUS_BINARY_LOOP(pragma, name, type, result, expression)                               \
  static void APUS_NAME(name)(ptrdiff_t n, const void *const *inputs, unsigned fixed,         \
                              void *output) {                                                 \
    const type *a = inputs[0], *b = inputs[1];                                                \
    result *out = output;                                                                     \
    if (fixed == 0) {                                                                         \
      pragma for (ptrdiff_t i = 0; i < n; i++) {                                              \
        const type x = a[i], y = b[i];                                                        \
        out[i] = (expression);                                                                \
      }                                                                                       \
    } else if (fixed == 2) {                                                                  \
      const type y = *b;                                                                      \
      pragma for (ptrdiff_t i = 0; i < n; i++) {                                              \
        const type x = a[i];                                                                  \
        out[i] = (expression);                                                                \
      }                                                                                       \
    } else {                                                                                  \
      const type x = *a;                                                                      \
      pragma for (ptrdiff_t i = 0; i < n; i++) {                                              \
        const type y = b[i];                                                                  \
        out[i] = (expression);                                                                \
      }                                                                                       \
    }                                                                                         \
  }
#endif
