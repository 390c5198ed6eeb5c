// SPDX-License-Identifier: Apache-2.0
/// How many of several independent events happen, each with a probability of its own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace cxrlt::detail {

/// The distribution of a count: probability[k] that it is k. Those below 1e-30 at the ends of the
/// range are taken for 0.
class PoissonBinomial {
 public:
  /// Adds one event after the other. O(n s), s the standard deviation of the count.
  explicit PoissonBinomial(std::span<const double> event_probabilities) {
    for (const double p : event_probabilities) add(p);
  }

  /// The counts that hold all but at most `tail` of the probability on either side: the largest
  /// `lower` with P(X < lower) <= tail and the smallest `upper` with P(X > upper) <= tail.
  struct Range {
    std::size_t lower = 0;
    std::size_t upper = 0;
  };
  Range central_range(double tail) const {
    Range range{first_, probability_.size() - 1};
    for (double sum = probability_[range.lower]; sum <= tail && range.lower < range.upper;) {
      sum += probability_[++range.lower];
    }
    for (double sum = probability_[range.upper]; sum <= tail && range.upper > range.lower;) {
      sum += probability_[--range.upper];
    }
    return range;
  }

  double operator[](std::size_t k) const { return k < probability_.size() ? probability_[k] : 0; }

 private:
  void add(double p) {
    constexpr double negligible = 1e-30;
    probability_.push_back(0);
    for (std::size_t k = probability_.size() - 1; k > first_; --k) {
      probability_[k] = probability_[k] * (1 - p) + probability_[k - 1] * p;
    }
    probability_[first_] *= 1 - p;
    while (probability_[first_] < negligible) probability_[first_++] = 0;
    while (probability_.back() < negligible) probability_.pop_back();
  }

  std::vector<double> probability_{1};
  std::size_t first_ = 0;  // where the range begins
};

}  // namespace cxrlt::detail
