// SPDX-License-Identifier: Apache-2.0
/// How the losses of all cells become one number.
#pragma once

#include <cstdint>
#include <span>

namespace cxrlt {

/// What the losses of labelled cells are reduced to. Weights of classes and of cells are part of
/// the loss and divide nothing; row weights w_i do.
enum class Reduction : std::uint8_t {
  mean_over_cells,  ///< sum w_i L_ic / sum w_i over labelled cells
  mean_over_rows,   ///< sum w_i sum_c L_ic / sum w_i over rows with a labelled cell
  sum,              ///< sum w_i L_ic
};

/// Reduction and weights.
struct LossOptions {
  Reduction reduction = Reduction::mean_over_cells;
  /// One weight per row, finite and at least 0, or none at all for equal weights. Weight 0 is as
  /// good as deleting the row.
  std::span<const double> row_weights = {};
};

}  // namespace cxrlt
