#include "layout.h"

#include <string.h>

ptrdiff_t apus_count_true(ptrdiff_t count, const void *mask) {
  const uint8_t *truth = mask;
  ptrdiff_t total = 0;
  for (ptrdiff_t i = 0; i < count; i++) total += truth[i] != 0;
  return total;
}

void apus_true_positions(ptrdiff_t count, const void *mask, int64_t *out) {
  const uint8_t *truth = mask;
  ptrdiff_t i = 0;
  while (i < count) {
    uint64_t eight;
    if (i + 8 <= count && (memcpy(&eight, truth + i, 8), eight == 0)) {
      i += 8;
      continue;
    }
    ptrdiff_t end = i + 8 < count ? i + 8 : count;
    for (; i < end; i++) {
      if (truth[i]) *out++ = i;
    }
  }
}
