#include "planar.h"

planar_patch planar_patch_of(const planar_job *j, ptrdiff_t rows, const conv_phase *depth,
                             const conv_phase *row) {
  planar_patch p = {
    .depths = conv_seen_depths(depth), .rows = conv_seen_rows(row, rows),
    .residues = j->plan.axis[2].phase[0].in_step,
  };
  ptrdiff_t last;
  conv_span_columns(&j->plan, &p.first_column, &last);
  // The last vector of outputs may reach over the end.
  p.columns = (last - p.first_column) / p.residues + 1 + planar_lanes;
  p.channel = p.depths * p.rows * p.residues * p.columns;
  return p;
}

ptrdiff_t planar_largest_patch(const planar_job *j) {
  ptrdiff_t floats = 0;
  for (ptrdiff_t d = 0; d < j->plan.axis[0].phases; d++) {
    for (ptrdiff_t h = 0; h < j->plan.axis[1].phases; h++) {
      planar_patch p = planar_patch_of(j, j->plan.rows, &j->plan.axis[0].phase[d],
                                       &j->plan.axis[1].phase[h]);
      floats = conv_max(floats, p.channel * j->plan.in.channels);
    }
  }
  return floats;
}

ptrdiff_t planar_list_taps(const planar_job *j, const planar_patch *p, const conv_phase *depth,
                           const conv_phase *row, const conv_phase *column, ptrdiff_t *offset,
                           ptrdiff_t *index) {
  const conv_axis *axis = j->plan.axis;
  ptrdiff_t count = 0;
  for (ptrdiff_t d = 0; d < depth->taps; d++) {
    for (ptrdiff_t h = 0; h < row->taps; h++) {
      ptrdiff_t line = (depth->base[d] - depth->lowest) * p->rows + row->base[h] - row->lowest;
      for (ptrdiff_t w = 0; w < column->taps; w++) {
        ptrdiff_t place = column->base[w] - p->first_column;
        offset[count] =
            (line * p->residues + place % p->residues) * p->columns + place / p->residues;
        index[count++] =
            (depth->tap[d] * axis[1].kernel + row->tap[h]) * axis[2].kernel + column->tap[w];
      }
    }
  }
  return count;
}
