// SPDX-License-Identifier: Apache-2.0
/// The one way in which calibrators read what they are fitted on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt::detail {

/// Nearer to 0 or 1 than this a probability says "certain" in double: a fit takes it as this much.
inline constexpr double least_probability = 0x1p-53;

/// log(2^53 - 1), the logit that belongs to `1 - least_probability`.
inline constexpr double largest_logit = 36.7368005696771;

/// How many labels of either kind a fit has met.
struct LabelTally {
  std::uint64_t n_positive = 0;
  std::uint64_t n_negative = 0;

  void add(bool positive) { ++(positive ? n_positive : n_negative); }
  FitSummary summary() const { return summarise_labels(n_positive, n_negative); }
};

/// Calls `use(logit, positive)` for each labelled row; infinite logits become +-`largest_logit`.
template <class Score, class Use>
FitSummary for_each_logit(ColumnView<const Score> logits, LabelColumnView labels, const Use& use) {
  LabelTally tally;
  for_each_labelled_row(logits.size(), labels, {}, [&](std::size_t i, bool positive, double) {
    const Score score = logits[i];
    if (is_nan(score)) throw_nan_score(i);
    tally.add(positive);
    const double logit = static_cast<double>(score);
    use(is_infinite(score) ? (logit > 0 ? largest_logit : -largest_logit) : logit, positive);
  });
  return tally.summary();
}

/// Calls `use(score, positive)` for each labelled row.
/// @throws InvalidArgument if a score is NaN or infinite.
template <class Score, class Use>
FitSummary for_each_finite_score(ColumnView<const Score> scores, LabelColumnView labels,
                                 const Use& use) {
  LabelTally tally;
  for_each_labelled_row(scores.size(), labels, {}, [&](std::size_t i, bool positive, double) {
    if (is_nan(scores[i])) throw_nan_score(i);
    if (is_infinite(scores[i])) {
      throw InvalidArgument("the score of sample " + std::to_string(i) + " is infinite");
    }
    tally.add(positive);
    use(static_cast<double>(scores[i]), positive);
  });
  return tally.summary();
}

/// Calls `use(probability, positive)` for each labelled row, with a probability in [0, 1].
/// @throws InvalidArgument if one lies outside [0, 1] by more than 1e-6: most likely it is a logit.
template <class Score, class Use>
FitSummary for_each_calibration_row(ColumnView<const Score> probabilities, LabelColumnView labels,
                                    const Use& use) {
  LabelTally tally;
  const auto use_row = [&](double p, bool positive, double) {
    tally.add(positive);
    use(p, positive);
  };
  if (for_each_probability(probabilities, labels, {}, use_row) == Undefined::not_probabilities) {
    throw InvalidArgument(
        "probabilities are wanted, but some lie outside [0, 1]; if they are logits, say so or take "
        "their sigmoid");
  }
  return tally.summary();
}

/// A probability that leaves its logarithm and that of its complement finite.
inline double inner_probability(double p) {
  return std::clamp(p, least_probability, 1 - least_probability);
}

}  // namespace cxrlt::detail
