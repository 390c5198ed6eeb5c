// SPDX-License-Identifier: Apache-2.0
/// What `evaluate` returns: every value of every class, average and group, as plain data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"
#include "cxrlt/uncertainty/bootstrap_interval.hpp"

namespace cxrlt {

/// A metric's value under its canonical name, e.g. `f_beta@2`.
struct NamedValue {
  std::string name;
  MetricValue value;
  std::optional<double> threshold = {};             ///< of operating points
  std::optional<Interval> interval = {};            ///< where the metric brings its own
  std::optional<ResampledInterval> resampled = {};  ///< see `add_intervals`
};

/// An average under its metric's canonical name.
struct NamedAverage {
  std::string name;
  Average value;
  std::optional<Interval> interval = {};
  std::optional<ResampledInterval> resampled = {};
};

/// The interval that the metric of an entry brings along, else the resampled one, if there is any.
template <class Entry>
std::optional<Interval> interval_of(const Entry& entry) {
  if (entry.interval) return entry.interval;
  if (entry.resampled && entry.resampled->interval.defined()) return entry.resampled->interval;
  return std::nullopt;
}

/// One class.
struct ClassEvaluation {
  std::string name;
  std::string group;  ///< "" where it belongs to none
  std::uint64_t n_positive = 0;
  std::uint64_t n_negative = 0;
  std::uint64_t n_missing = 0;
  double threshold = 0.5;                              ///< of the decisions
  std::optional<ConfusionCounts<double>> counts = {};  ///< sums of weights where rows have them
  std::vector<NamedValue> values = {};

  std::uint64_t n_labelled() const { return n_positive + n_negative; }
};

/// The averages over the classes of one frequency group.
struct GroupEvaluation {
  ClassGroup group;
  std::vector<NamedAverage> values;
};

/// All results for one set of scores and labels.
struct Evaluation {
  std::size_t n_samples = 0;
  std::vector<ClassEvaluation> classes;
  std::vector<NamedAverage> macro;     ///< every class weighs the same
  std::vector<NamedAverage> weighted;  ///< classes weigh by their positives
  std::vector<NamedValue> micro;       ///< all cells as one class
  std::vector<NamedValue> samples;     ///< means over rows
  std::vector<NamedValue> pooled;      ///< all cells flattened
  std::vector<NamedValue> rows;        ///< metrics of whole rows
  std::vector<GroupEvaluation> groups;
  /// False where scores lie outside [0, 1] and were not declared as logits: then probability
  /// metrics, and decisions at the default threshold, are undefined.
  bool probabilities = true;
  std::size_t n_clipped = 0;       ///< probabilities clipped for the log loss
  std::size_t n_out_of_range = 0;  ///< within 1e-6 of [0, 1] but outside: taken as 0 or 1
};

/// The entry of that name, or nullptr.
template <class Entry>
const Entry* find_value(const std::vector<Entry>& entries, std::string_view name) {
  for (const Entry& entry : entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace cxrlt
