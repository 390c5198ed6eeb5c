// SPDX-License-Identifier: Apache-2.0
/// What the table of metrics says of each: function, direction, range, needs, invariances.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/row_counts.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/averaging.hpp"

namespace cxrlt {

/// The probabilities and labels of one class (or of all cells), with weights if there are any.
struct ProbabilityCells {
  ColumnView<const double> probabilities;
  ColumnView<const double> logits;  ///< empty unless the scores are logits
  LabelColumnView labels;
  std::span<const double> weights;  ///< empty: every cell counts 1
};

/// A value from the counts of one class; `double` is the metric's parameter, if it has one.
struct FromThresholdCounts {
  MetricValue (*exact)(const ThresholdCounts<>&, double);
  MetricValue (*weighted)(const ThresholdCounts<double>&, double);

  MetricValue operator()(const ThresholdCounts<>& c, double p) const { return exact(c, p); }
  MetricValue operator()(const ThresholdCounts<double>& c, double p) const {
    return weighted(c, p);
  }
};

/// A threshold and the value it attains, from the counts of one class.
struct PointFromThresholdCounts {
  OperatingPoint (*exact)(const ThresholdCounts<>&, double);
  OperatingPoint (*weighted)(const ThresholdCounts<double>&, double);

  OperatingPoint operator()(const ThresholdCounts<>& c, double p) const { return exact(c, p); }
  OperatingPoint operator()(const ThresholdCounts<double>& c, double p) const {
    return weighted(c, p);
  }
};

/// A value from the decisions at one threshold.
struct FromConfusion {
  MetricValue (*exact)(const ConfusionCounts<>&, double);
  MetricValue (*weighted)(const ConfusionCounts<double>&, double);

  MetricValue operator()(const ConfusionCounts<>& c, double p) const { return exact(c, p); }
  MetricValue operator()(const ConfusionCounts<double>& c, double p) const {
    return weighted(c, p);
  }
};

/// A value from probabilities.
struct FromProbabilities {
  MetricValue (*function)(const ProbabilityCells&, double);
  MetricValue operator()(const ProbabilityCells& cells, double p) const {
    return function(cells, p);
  }
};

/// A function of rows and, if there are any, of their weights.
using RowFunction = MetricValue (*)(std::span<const RowCounts>, std::span<const double>);

/// A value of whole rows.
struct FromRows {
  RowFunction function;
  bool needs_decisions;

  MetricValue operator()(std::span<const RowCounts> rows, std::span<const double> weights) const {
    return function(rows, weights);
  }
};

using MetricFunction = std::variant<FromThresholdCounts, PointFromThresholdCounts, FromConfusion,
                                    FromProbabilities, FromRows>;

/// Which way is better.
enum class Direction : std::uint8_t { higher, lower, closest_to_one, reference };

/// The stable name of a direction.
constexpr std::string_view to_string(Direction direction) {
  switch (direction) {
    case Direction::higher:
      return "higher is better";
    case Direction::lower:
      return "lower is better";
    case Direction::closest_to_one:
      return "1 is best";
    case Direction::reference:
      return "for reference";
  }
  return "";
}

/// How far a value lies from the best one thinkable, give or take a constant; less is better.
/// @throws InvalidArgument for a metric for reference.
inline double badness(double value, Direction direction) {
  switch (direction) {
    case Direction::higher:
      return -value;
    case Direction::lower:
      return value;
    case Direction::closest_to_one:
      return std::abs(value - 1);
    case Direction::reference:
      break;
  }
  throw InvalidArgument("a metric for reference has no best value to search for");
}

/// What cannot change a metric. Bits of `Metric::invariances`.
enum Invariance : unsigned {
  increasing_transform = 1,  ///< a strictly increasing map of each class's scores
  duplication = 2,           ///< repeating every row equally often
  prevalence = 4,            ///< repeating the positives, or the negatives, of a class
};

/// One row of the table.
struct Metric {
  std::string_view name;
  std::string_view definition;      ///< formula in words
  std::string_view undefined_when;  ///< in words; "" if never (but for lack of samples)
  MetricFunction function;
  std::string_view parameter;  ///< what stands behind `@`; "" for none
  double default_parameter;    ///< NaN for none
  Direction direction;
  double lowest;
  double highest;
  unsigned invariances;
  AveragingRule averaging;  ///< needs, and what counts where predictions leave it undefined

  bool micro = false;             ///< exists for all cells as one class
  bool pooled = false;            ///< exists for all cells flattened
  RowFunction samples = nullptr;  ///< its mean over rows, where that exists
  bool ratio_of_sums = false;     ///< a group's value is the ratio of its sums, not a mean

  constexpr bool has_parameter() const { return !parameter.empty(); }
};

}  // namespace cxrlt
