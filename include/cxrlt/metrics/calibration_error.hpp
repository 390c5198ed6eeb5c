// SPDX-License-Identifier: Apache-2.0
/// Calibration errors of one class, from bins of probabilities: ECE, MCE and their variants.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/rank_order.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt {

/// One bin of a reliability diagram. Without rows both means are NaN.
struct CalibrationBin {
  double lower = 0;
  double upper = 0;
  double weight = 0;  ///< sum of the row weights; the number of rows where none are given
  double mean_probability = std::numeric_limits<double>::quiet_NaN();
  double observed_rate = std::numeric_limits<double>::quiet_NaN();  ///< of positive labels
  std::uint64_t count = 0;                                          ///< number of rows
};

/// The bins of one class, or none and the reason why.
struct CalibrationBins {
  std::vector<CalibrationBin> bins;
  Undefined why = Undefined::none;
};

namespace detail {

inline std::size_t checked_bins(int n_bins) {
  if (n_bins < 1) {
    throw InvalidArgument("the number of bins is " + std::to_string(n_bins) +
                          "; expected at least 1");
  }
  return static_cast<std::size_t>(n_bins);
}

/// Edge k of n equal widths.
inline double bin_edge(std::size_t k, std::size_t n) {
  return static_cast<double>(k) / static_cast<double>(n);
}

/// The bin [k/n, (k+1)/n) that holds p in [0, 1]; the last one holds 1 too. The product p n may be
/// rounded across an edge, so the edges decide.
inline std::size_t bin_index(double p, std::size_t n) {
  std::size_t k = std::min(static_cast<std::size_t>(p * static_cast<double>(n)), n - 1);
  while (k > 0 && p < bin_edge(k, n)) --k;
  while (k + 1 < n && p >= bin_edge(k + 1, n)) ++k;
  return k;
}

/// Sums of one bin on their way to a `CalibrationBin`.
struct BinSums {
  double weight = 0;
  double probability = 0;
  double positive = 0;
  std::uint64_t count = 0;

  void add(double p, bool is_positive, double amount) {
    weight += amount;
    probability += amount * p;
    if (is_positive) positive += amount;
    ++count;
  }

  CalibrationBin bin(double lower, double upper) const {
    CalibrationBin bin{.lower = lower, .upper = upper, .weight = weight, .count = count};
    if (count > 0) {
      bin.mean_probability = probability / weight;
      bin.observed_rate = positive / weight;
    }
    return bin;
  }
};

/// Which truth a probability is held against.
enum class CalibrationTarget : std::uint8_t {
  label,        ///< the label itself
  correctness,  ///< whether the decision p >= 0.5 agrees with the label
};

template <class Score>
CalibrationBins equal_width_bins(ColumnView<const Score> probabilities, LabelColumnView labels,
                                 int n_bins, std::span<const double> row_weights,
                                 CalibrationTarget target = CalibrationTarget::label) {
  const std::size_t n = checked_bins(n_bins);
  std::vector<BinSums> sums(n);
  CalibrationBins result;
  result.why = for_each_probability(
      probabilities, labels, row_weights, [&](double p, bool positive, double weight) {
        const bool hit = target == CalibrationTarget::label ? positive : (p >= 0.5) == positive;
        sums[bin_index(p, n)].add(p, hit, weight);
      });
  if (result.why != Undefined::none) return result;
  for (std::size_t k = 0; k < n; ++k) {
    result.bins.push_back(sums[k].bin(bin_edge(k, n), bin_edge(k + 1, n)));
  }
  return result;
}

template <class Score>
CalibrationBins equal_mass_bins(ColumnView<const Score> probabilities, LabelColumnView labels,
                                int n_bins, std::span<const double> row_weights) {
  const std::size_t n = checked_bins(n_bins);
  std::vector<double> p;
  std::vector<double> weight;
  std::vector<bool> positive;
  double total = 0;
  CalibrationBins result;
  result.why = for_each_probability(probabilities, labels, row_weights,
                                    [&](double value, bool is_positive, double amount) {
                                      p.push_back(value);
                                      weight.push_back(amount);
                                      positive.push_back(is_positive);
                                      total += amount;
                                    });
  if (result.why != Undefined::none) return result;

  std::vector<std::size_t> rows = rank_order(ColumnView<const double>(p));
  std::reverse(rows.begin(), rows.end());
  double below = 0;
  std::size_t current = n;  // no bin is open yet
  BinSums sums;
  double lower = 0;
  double upper = 0;
  for (std::size_t begin = 0; begin < rows.size();) {
    BinSums group;
    std::size_t end = begin;
    for (; end < rows.size() && p[rows[end]] == p[rows[begin]]; ++end) {
      group.add(p[rows[end]], positive[rows[end]], weight[rows[end]]);
    }
    // The product comes first: with whole weights the quotient is then right at every edge.
    const double position = (2 * below + group.weight) * static_cast<double>(n) / (2 * total);
    const std::size_t k = std::min(static_cast<std::size_t>(position), n - 1);
    if (k != current) {
      if (sums.count > 0) result.bins.push_back(sums.bin(lower, upper));
      sums = {};
      lower = p[rows[begin]];
      current = k;
    }
    upper = p[rows[begin]];
    sums.weight += group.weight;
    sums.probability += group.probability;
    sums.positive += group.positive;
    sums.count += group.count;
    below += group.weight;
    begin = end;
  }
  result.bins.push_back(sums.bin(lower, upper));
  return result;
}

/// The weighted mean gap between observed rate and mean probability.
inline MetricValue mean_gap(const CalibrationBins& result) {
  if (result.why != Undefined::none) return MetricValue::undefined(result.why);
  double gaps = 0;
  double total = 0;
  for (const CalibrationBin& bin : result.bins) {
    if (bin.count == 0) continue;
    gaps += bin.weight * std::abs(bin.observed_rate - bin.mean_probability);
    total += bin.weight;
  }
  return {gaps / total};
}

/// The largest gap among the bins with at least `min_count` rows.
inline MetricValue largest_gap(const CalibrationBins& result, std::uint64_t min_count) {
  if (result.why != Undefined::none) return MetricValue::undefined(result.why);
  MetricValue largest = MetricValue::undefined(Undefined::no_samples);
  for (const CalibrationBin& bin : result.bins) {
    if (bin.count == 0 || bin.count < min_count) continue;
    const double gap = std::abs(bin.observed_rate - bin.mean_probability);
    if (!largest.defined() || gap > largest.value) largest = {gap};
  }
  return largest;
}

}  // namespace detail

/// The default number of bins of every calibration error.
inline constexpr int default_bins = 15;

/// The bins of a reliability diagram, of equal width: edges k/n by division, bin k = [k/n,
/// (k+1)/n), the last one closed, so every row is in exactly one bin. All n bins are returned,
/// empty ones too.
/// @param probabilities  n probabilities; float is widened exactly, values within 1e-6 of [0, 1]
///                       are clipped to it
/// @param labels         n labels in {0, 1, missing}; missing ones are left out
/// @param n_bins         at least 1
/// @param row_weights    n weights, or none at all for equal weights; weight 0 equals deleting
/// Undefined (no bins) without labelled rows, and `not_probabilities` if a value lies further out.
/// @throws InvalidArgument if sizes differ, n_bins < 1, a probability of a labelled row is NaN or
/// infinite, a label is none, or a weight is negative or not finite.
/// Cost: O(n).
inline CalibrationBins reliability_bins(ColumnView<const float> probabilities,
                                        LabelColumnView labels, int n_bins = default_bins,
                                        std::span<const double> row_weights = {}) {
  return detail::equal_width_bins(probabilities, labels, n_bins, row_weights);
}
/// @copydoc reliability_bins(ColumnView<const float>, LabelColumnView, int, std::span<const
/// double>)
inline CalibrationBins reliability_bins(ColumnView<const double> probabilities,
                                        LabelColumnView labels, int n_bins = default_bins,
                                        std::span<const double> row_weights = {}) {
  return detail::equal_width_bins(probabilities, labels, n_bins, row_weights);
}

/// Bins of about equal mass, from the sorted order. The rows of one probability are one group and
/// stay together; a group goes to bin floor(n m), where m in (0, 1) is the share of the weight
/// below the group plus half of its own. Without ties the bins differ by at most one row; where a
/// group is heavier than a bin, some bins get nothing and are left out, so at most n_bins are
/// returned. `lower` and `upper` are the smallest and the largest probability in the bin. Otherwise
/// as `reliability_bins`. Cost: O(n log n).
inline CalibrationBins equal_mass_bins(ColumnView<const float> probabilities,
                                       LabelColumnView labels, int n_bins = default_bins,
                                       std::span<const double> row_weights = {}) {
  return detail::equal_mass_bins(probabilities, labels, n_bins, row_weights);
}
/// @copydoc equal_mass_bins(ColumnView<const float>, LabelColumnView, int, std::span<const double>)
inline CalibrationBins equal_mass_bins(ColumnView<const double> probabilities,
                                       LabelColumnView labels, int n_bins = default_bins,
                                       std::span<const double> row_weights = {}) {
  return detail::equal_mass_bins(probabilities, labels, n_bins, row_weights);
}

/// The expected calibration error sum_k (w_k / w) |rate_k - p_k| over `reliability_bins` (Naeini,
/// Cooper, Hauskrecht 2015), with the observed rate and the mean probability of each bin.
/// Range [0, 1], lower is better. It cannot see the tail: probabilities that are 100 times too
/// small for a class with prevalence 0.001 cost 0.001; `observed_over_expected` shows them.
/// Parameters, when undefined and throws: as `reliability_bins`. Cost: O(n).
inline MetricValue ece(ColumnView<const float> probabilities, LabelColumnView labels,
                       int n_bins = default_bins, std::span<const double> row_weights = {}) {
  return detail::mean_gap(reliability_bins(probabilities, labels, n_bins, row_weights));
}
/// @copydoc ece(ColumnView<const float>, LabelColumnView, int, std::span<const double>)
inline MetricValue ece(ColumnView<const double> probabilities, LabelColumnView labels,
                       int n_bins = default_bins, std::span<const double> row_weights = {}) {
  return detail::mean_gap(reliability_bins(probabilities, labels, n_bins, row_weights));
}

/// The maximum calibration error: the largest |rate_k - p_k| over `reliability_bins` with at least
/// `min_count` rows (empty bins never count). Range [0, 1], lower is better; a single row can
/// decide it. Undefined also (`no_samples`) if no bin has `min_count` rows. Otherwise as `ece`.
inline MetricValue mce(ColumnView<const float> probabilities, LabelColumnView labels,
                       int n_bins = default_bins, std::uint64_t min_count = 1,
                       std::span<const double> row_weights = {}) {
  return detail::largest_gap(reliability_bins(probabilities, labels, n_bins, row_weights),
                             min_count);
}
/// @copydoc mce(ColumnView<const float>, LabelColumnView, int, std::uint64_t, std::span<const
/// double>)
inline MetricValue mce(ColumnView<const double> probabilities, LabelColumnView labels,
                       int n_bins = default_bins, std::uint64_t min_count = 1,
                       std::span<const double> row_weights = {}) {
  return detail::largest_gap(reliability_bins(probabilities, labels, n_bins, row_weights),
                             min_count);
}

/// The ECE over `equal_mass_bins` (Nixon et al. 2019): rare classes, whose probabilities crowd near
/// 0, get more than one bin. Range [0, 1], lower is better. Cost: O(n log n). Otherwise as `ece`.
inline MetricValue ece_mass(ColumnView<const float> probabilities, LabelColumnView labels,
                            int n_bins = default_bins, std::span<const double> row_weights = {}) {
  return detail::mean_gap(equal_mass_bins(probabilities, labels, n_bins, row_weights));
}
/// @copydoc ece_mass(ColumnView<const float>, LabelColumnView, int, std::span<const double>)
inline MetricValue ece_mass(ColumnView<const double> probabilities, LabelColumnView labels,
                            int n_bins = default_bins, std::span<const double> row_weights = {}) {
  return detail::mean_gap(equal_mass_bins(probabilities, labels, n_bins, row_weights));
}

/// The ECE with p, the probability of the positive label, held against "the decision p >= 0.5 was
/// right" instead of the label. It is no measure of calibration: a sure and right negative (p near
/// 0) costs almost 1, so a perfect model scores about the share of negatives. It exists because
/// evaluation code that mixes up accuracy and rate reports it (torchmetrics issue 2519), and a
/// published number of that kind can be compared only with the same form. Range [0, 1].
/// Parameters, when undefined, throws and cost: as `ece`.
inline MetricValue ece_correctness(ColumnView<const float> probabilities, LabelColumnView labels,
                                   int n_bins = default_bins,
                                   std::span<const double> row_weights = {}) {
  return detail::mean_gap(detail::equal_width_bins(probabilities, labels, n_bins, row_weights,
                                                   detail::CalibrationTarget::correctness));
}
/// @copydoc ece_correctness(ColumnView<const float>, LabelColumnView, int, std::span<const double>)
inline MetricValue ece_correctness(ColumnView<const double> probabilities, LabelColumnView labels,
                                   int n_bins = default_bins,
                                   std::span<const double> row_weights = {}) {
  return detail::mean_gap(detail::equal_width_bins(probabilities, labels, n_bins, row_weights,
                                                   detail::CalibrationTarget::correctness));
}

}  // namespace cxrlt
