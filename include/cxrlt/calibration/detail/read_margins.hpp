// SPDX-License-Identifier: Apache-2.0
/// Logits and labels as margins z (2 y - 1), tile by tile, from any layout.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"

namespace cxrlt::detail {

/// The margin of one cell, 0 where the label is missing. Infinite logits are +-`largest_logit`.
/// @throws InvalidArgument for a NaN, or for what is no label.
template <class Score>
double margin_of(Score logit, Label label, std::size_t row, LabelTally& tally) {
  if (checked_label(label, row) == kMissing) return 0;
  if (is_nan(logit)) throw_nan_score(row);
  tally.add(label == 1);
  const double z = static_cast<double>(logit);
  const double bounded = is_infinite(z) ? (z > 0 ? largest_logit : -largest_logit) : z;
  return label == 1 ? bounded : -bounded;
}

/// Writes the margins of n cells that lie side by side, and adds their labels up. False where a
/// logit is not finite or a label is neither 0 nor 1: the margins are then to be read anew.
template <class Score>
bool read_plain_margins(const Score* logits, const unsigned char* labels, std::size_t n,
                        double* margins, LabelTally& tally) {
  std::size_t i = 0;
  std::uint64_t n_positive = 0;
  bool is_plain = true;
#if CXRLT_VECTORS
  run_dispatched([&]() CXRLT_ALWAYS_INLINE {
    using Bits = typename OrderedKey<Score>::type;
    constexpr std::size_t lanes = 8;
    Vector<std::int64_t> positives{};
    Vector<Bits, lanes * sizeof(Bits)> odd{};
    Vector<unsigned char, lanes> high{};
    for (; i + lanes <= n; i += lanes) {
      Vector<unsigned char, lanes> label;
      Vector<Score, lanes * sizeof(Score)> score;
      load(labels + i, label);
      load(logits + i, score);
      high |= label;
      const auto bits = reinterpret_cast<Vector<Bits, lanes * sizeof(Bits)>>(score);
      constexpr Bits infinity = OrderedKey<Score>::infinity;
      odd |= reinterpret_cast<Vector<Bits, lanes * sizeof(Bits)>>((bits & infinity) == infinity);
      const auto y = __builtin_convertvector(label, Vector<std::int64_t>);
      positives += y;
      const Vector<double> z = __builtin_convertvector(score, Vector<double>);
      // A label of 0 turns the sign.
      const auto margin = reinterpret_cast<Vector<std::int64_t>>(z) ^ ((y - 1) & INT64_MIN);
      store(margin, reinterpret_cast<std::int64_t*>(margins + i));
    }
    for (std::size_t j = 0; j < lanes; ++j) {
      n_positive += static_cast<std::uint64_t>(positives[j]);
      is_plain = is_plain && odd[j] == 0 && high[j] <= 1;
    }
  });
#endif
  for (; i < n; ++i) {
    is_plain = is_plain && labels[i] <= 1 && is_finite(logits[i]);
    n_positive += labels[i];
    margins[i] = labels[i] == 1 ? static_cast<double>(logits[i]) : -static_cast<double>(logits[i]);
  }
  if (is_plain) {
    tally.n_positive += n_positive;
    tally.n_negative += n - n_positive;
  }
  return is_plain;
}

/// Writes the (end - begin) n_classes margins of rows [begin, end), in the order of memory, and
/// adds their labels up.
template <class Score>
void read_margins(MatrixView<const Score> logits, LabelMatrixView truth, std::size_t begin,
                  std::size_t end, double* margins, LabelTally& tally) {
  const MatrixView<const unsigned char> bytes = truth.bytes();
  const bool by_class = logits.sample_stride() == 1 && bytes.sample_stride() == 1;
  const bool by_row = !by_class && logits.class_stride() == 1 && bytes.class_stride() == 1;
  const auto row_length = static_cast<std::ptrdiff_t>(logits.n_classes());
  // Whole rows that touch are one run.
  const bool is_one = by_row && logits.sample_stride() == row_length &&
                      bytes.sample_stride() == row_length && begin < end;
  const std::size_t n_runs = is_one ? 1 : by_class ? logits.n_classes() : end - begin;
  const std::size_t n_cells = (end - begin) * logits.n_classes();
  const std::size_t length = n_runs == 0 ? 0 : n_cells / n_runs;
  for (std::size_t run = 0; run < n_runs; ++run) {
    const std::size_t row = by_class ? begin : begin + run;
    const std::size_t k = by_class ? run : 0;
    double* const to = margins + run * length;
    if ((by_class || by_row) && length > 0 &&
        read_plain_margins(&logits(row, k), &bytes(row, k), length, to, tally)) {
      continue;
    }
    for (std::size_t j = 0; j < length; ++j) {
      const std::size_t i = by_class ? row + j : row + j / logits.n_classes();
      const std::size_t c = by_class ? k : j % logits.n_classes();
      to[j] = margin_of(logits(i, c), truth(i, c), i, tally);
    }
  }
}

}  // namespace cxrlt::detail
