// SPDX-License-Identifier: Apache-2.0
/// Two models' values side by side, to be exchanged as they are.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/uncertainty/detail/swaps.hpp"

namespace cxrlt::detail {

/// The labelled rows of one class with both models' values.
struct PairedColumns {
  std::vector<Label> labels;
  std::vector<std::size_t> units;
  std::array<std::vector<double>, 2> values;

  template <class Score>
  PairedColumns(ColumnView<const Score> first, ColumnView<const Score> second,
                LabelColumnView all_labels, std::span<const std::size_t> unit_of) {
    for (std::size_t i = 0; i < all_labels.size(); ++i) {
      const Label label = checked_label(all_labels[i], i);
      if (label == kMissing) continue;
      labels.push_back(label);
      units.push_back(unit_of[i]);
      values[0].push_back(static_cast<double>(first[i]));
      values[1].push_back(static_cast<double>(second[i]));
    }
  }

  /// Both models' values after the exchange.
  void exchange(const Swaps& swaps, std::array<std::vector<double>, 2>& into) const {
    into[0].resize(units.size());
    into[1].resize(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
      const std::size_t swapped = swaps[units[i]];
      into[swapped][i] = values[0][i];
      into[1 - swapped][i] = values[1][i];
    }
  }
};

}  // namespace cxrlt::detail
