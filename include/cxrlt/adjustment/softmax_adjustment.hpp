// SPDX-License-Identifier: Apache-2.0
/// Post-hoc logit adjustment where each row has exactly one class.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/calibration/softmax.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt {

/// p = softmax(z - tau log pi), pi_k = n_k / sum_j n_j of the training rows of each class (Menon et
/// al. 2021). For several labels per row it is wrong: see `logit_adjustment`.
struct SoftmaxAdjustment {
  std::vector<double> shifts;  ///< -tau log pi_k

  /// @param counts  training rows of each class, at least 1: only differences between classes
  ///                count, so there is no shift that would leave a class as it is
  /// @param tau     at least 0
  /// @throws InvalidArgument if a count is 0, or tau is negative or not finite. O(classes).
  static SoftmaxAdjustment from_counts(std::span<const std::uint64_t> counts, double tau = 1) {
    if (!is_finite(tau) || tau < 0) {
      throw InvalidArgument("softmax adjustment: tau is " +
                            (is_nan(tau) ? "NaN" : number_text(tau)) +
                            "; expected a number of at least 0");
    }
    double total = 0;
    for (const std::uint64_t count : counts) total += static_cast<double>(count);
    SoftmaxAdjustment adjustment;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      if (counts[k] == 0) {
        throw InvalidArgument("softmax adjustment: class " + std::to_string(k) +
                              " has no training rows; leave it out or give it a count");
      }
      adjustment.shifts.push_back(-tau * std::log(static_cast<double>(counts[k]) / total));
    }
    return adjustment;
  }

  /// The logarithms of the adjusted probabilities of one row of logits (log-probabilities are
  /// logits, too); -inf stays a probability of 0.
  /// @throws InvalidArgument if the number of classes differs.
  void log_probabilities(ColumnView<const double> logits, std::span<double> out) const {
    detail::check_same_size(logits.size(), shifts.size(), "classes");
    detail::check_same_size(logits.size(), out.size(), "classes");
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = logits[k] + shifts[k];
    detail::log_softmax(ColumnView<const double>(out.data(), out.size()), out);
  }
};

}  // namespace cxrlt
