// SPDX-License-Identifier: Apache-2.0
/// Logits and labels as margins z (2 y - 1), tile by tile, from any layout.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

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
  i = run_dispatched([=, &n_positive, &is_plain]() CXRLT_ALWAYS_INLINE {
    using Bits = typename OrderedKey<Score>::type;
    using Words = Vector<std::uint64_t>;
    constexpr std::size_t lanes = 8;
    constexpr Bits infinity = OrderedKey<Score>::infinity;
    constexpr Bits lowest_exponent_bit = infinity & (~infinity + 1);
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    // Brings the lowest bit of each of the eight bytes to the top of a lane.
    const Words to_top = std::endian::native == std::endian::little
                             ? Words{63, 55, 47, 39, 31, 23, 15, 7}
                             : Words{7, 15, 23, 31, 39, 47, 55, 63};
    Vector<Bits, lanes * sizeof(Bits)> odd{};
    std::uint64_t all_labels = 0;
    std::uint64_t found = 0;
    std::size_t j = 0;
    for (; j + lanes <= n; j += lanes) {
      std::uint64_t word = 0;
      std::memcpy(&word, labels + j, sizeof word);
      all_labels |= word;
      found += static_cast<std::uint64_t>(std::popcount(word));
      Vector<Score, lanes * sizeof(Score)> score;
      load(logits + j, score);
      const auto bits = reinterpret_cast<Vector<Bits, lanes * sizeof(Bits)>>(score);
      // A full exponent, of infinity or NaN, is carried into the top bit.
      odd |= (bits & infinity) + lowest_exponent_bit;
      const Vector<double> z = __builtin_convertvector(score, Vector<double>);
      // A label of 0 turns the sign.
      const Words turned = (((Words{} + ~word) << to_top) & sign) ^ reinterpret_cast<Words>(z);
      store(turned, margins + j);
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) is_plain = is_plain && odd[lane] <= infinity;
    is_plain = is_plain && (all_labels & ~ones) == 0;
    n_positive = found;
    return j;
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
  // Whole rows that touch are one run.
  const bool is_one = by_row && rows_touch(logits) && rows_touch(bytes) && begin < end;
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
