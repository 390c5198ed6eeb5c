// SPDX-License-Identifier: Apache-2.0
/// What every fitted calibrator says of the labels that it was fitted on.
#pragma once

#include <cstdint>

#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// The labels behind a fit. Where one kind is missing nothing can be learnt: the calibrator then
/// gives probabilities back as they are, and `why` tells the reason.
struct FitSummary {
  std::uint64_t n_positive = 0;
  std::uint64_t n_negative = 0;
  Undefined why = Undefined::none;

  bool fitted() const { return why == Undefined::none; }
  bool operator==(const FitSummary&) const = default;
};

namespace detail {

/// The summary of these counts; `why` is set where a kind of label is missing.
inline FitSummary summarise_labels(std::uint64_t n_positive, std::uint64_t n_negative) {
  FitSummary summary{n_positive, n_negative};
  if (n_positive == 0) summary.why = Undefined::no_positives;
  if (n_negative == 0) summary.why = Undefined::no_negatives;
  if (n_positive + n_negative == 0) summary.why = Undefined::no_samples;
  return summary;
}

}  // namespace detail

}  // namespace cxrlt
