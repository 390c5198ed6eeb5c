// SPDX-License-Identifier: Apache-2.0
/// How often each class was positive in training, and who says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"

namespace cxrlt {

/// Training positives of each class, of how many rows. An adjustment rests on them entirely, so it
/// names where they come from.
struct TrainingCounts {
  std::vector<std::uint64_t> positives;
  std::uint64_t n_samples = 0;  ///< rows of the training set
  std::string source;           ///< a file, a profile, or what else says so; never empty

  /// The prior of a class, positives / n_samples, in [0, 1].
  double prior(std::size_t k) const {
    return static_cast<double>(positives[k]) / static_cast<double>(n_samples);
  }
};

/// Refuses counts that no adjustment can rest on: not one per class, no training rows, more
/// positives than rows, no source.
/// @throws InvalidArgument. O(classes).
inline void check_training_counts(const TrainingCounts& counts, std::size_t n_classes) {
  if (counts.positives.size() != n_classes) {
    throw InvalidArgument("adjustment: training counts of " +
                          std::to_string(counts.positives.size()) + " classes for scores of " +
                          std::to_string(n_classes));
  }
  if (counts.source.empty()) {
    throw InvalidArgument("adjustment: the training counts do not say where they come from");
  }
  if (counts.n_samples == 0) {
    throw InvalidArgument("adjustment: the number of training samples is 0, or not known");
  }
  for (std::size_t k = 0; k < n_classes; ++k) {
    if (counts.positives[k] > counts.n_samples) {
      throw InvalidArgument("adjustment: class " + std::to_string(k) + " has " +
                            std::to_string(counts.positives[k]) + " training positives of " +
                            std::to_string(counts.n_samples) + " training samples");
    }
  }
}

/// The counts of these classes, where each must have one: from `train_counts_of` a profile, or
/// from a file.
/// @param counts  one per class
/// @throws InvalidArgument naming the first class without a count, and as `check_training_counts`.
/// O(classes).
inline TrainingCounts training_counts(std::span<const TrainCount> counts, std::uint64_t n_samples,
                                      std::span<const std::string> class_names,
                                      std::string source) {
  if (counts.size() != class_names.size()) {
    throw InvalidArgument("adjustment: " + std::to_string(class_names.size()) +
                          " class names for " + std::to_string(counts.size()) + " training counts");
  }
  TrainingCounts known{{}, n_samples, std::move(source)};
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (!counts[k]) {
      throw InvalidArgument("adjustment: class '" + class_names[k] + "' has no training count (" +
                            known.source + ")");
    }
    known.positives.push_back(*counts[k]);
  }
  check_training_counts(known, class_names.size());
  return known;
}

}  // namespace cxrlt
