#include "direct.h"

direct_patch direct_patch_of(const direct_job *j, ptrdiff_t rows, const conv_phase *depth,
                             const conv_phase *row) {
  direct_patch p = {.depths = conv_seen_depths(depth), .rows = conv_seen_rows(row, rows)};
  ptrdiff_t last;
  conv_span_columns(&j->plan, &p.column, &last);
  p.columns = last - p.column + 1;
  p.block = p.depths * p.rows * p.columns * j->pitch;
  return p;
}

ptrdiff_t direct_largest_patch(const direct_job *j) {
  ptrdiff_t floats = 0;
  for (ptrdiff_t d = 0; d < j->plan.axis[0].phases; d++) {
    for (ptrdiff_t h = 0; h < j->plan.axis[1].phases; h++) {
      direct_patch p =
          direct_patch_of(j, j->plan.rows, &j->plan.axis[0].phase[d], &j->plan.axis[1].phase[h]);
      floats = conv_max(floats, p.block);
    }
  }
  return floats + conv_slack;
}

ptrdiff_t direct_list_taps(const direct_job *j, const direct_patch *p, const conv_phase *depth,
                           const conv_phase *row, const conv_phase *column,
                           direct_tap *taps) {
  ptrdiff_t count = 0;
  for (ptrdiff_t d = 0; d < depth->taps; d++) {
    for (ptrdiff_t h = 0; h < row->taps; h++) {
      for (ptrdiff_t w = 0; w < column->taps; w++) {
        ptrdiff_t place = (depth->base[d] - depth->lowest) * p->rows + row->base[h] - row->lowest;
        taps[count++] = (direct_tap){
          .offset = (place * p->columns + column->base[w] - p->column) * j->pitch,
          .index = (depth->tap[d] * j->plan.axis[1].kernel + row->tap[h]) * j->plan.axis[2].kernel +
                   column->tap[w],
          .length = 1,
        };
      }
    }
  }
  return count;
}

ptrdiff_t direct_join_taps(ptrdiff_t pitch, direct_tap *taps, ptrdiff_t count) {
  ptrdiff_t joined = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    direct_tap *last = joined > 0 ? &taps[joined - 1] : NULL;
    if (last && taps[i].index == last->index + last->length &&
        taps[i].offset == last->offset + last->length * pitch) {
      last->length++;
    } else {
      taps[joined++] = taps[i];
    }
  }
  return joined;
}
