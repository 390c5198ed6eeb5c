// SPDX-License-Identifier: Apache-2.0
/// Bins of probabilities between fixed edges: of equal width, or of equal width of the logarithm.
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

/// The bins of one class by ascending probability, or none and the reason why. A row belongs to the
/// last bin whose `lower` is at most its probability, whatever the bins were made by.
struct CalibrationBins {
  std::vector<CalibrationBin> bins;
  Undefined why = Undefined::none;
};

/// The default number of bins of every calibration error.
inline constexpr int default_bins = 15;

/// Where the edges of `log_bins` lie.
struct LogBinOptions {
  int per_decade = 2;  ///< bins between neighbouring powers of ten
  int n_decades = 6;   ///< below 10^-n_decades there is one bin down to 0
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

/// 0, then the edges 10^(-k/m) by ascending value up to 1. Powers of ten are the doubles that their
/// decimals stand for.
inline std::vector<double> log_edges(const LogBinOptions& options) {
  if (options.per_decade < 1 || options.per_decade > 1000 || options.n_decades < 1 ||
      options.n_decades > 300) {
    throw InvalidArgument("log_bins: " + std::to_string(options.per_decade) + " bins in each of " +
                          std::to_string(options.n_decades) +
                          " decades; expected 1 to 1000 in each of 1 to 300");
  }
  std::vector<double> edges{0};
  for (int k = options.per_decade * options.n_decades; k >= 0; --k) {
    const double part = static_cast<double>(k % options.per_decade) / options.per_decade;
    edges.push_back(std::pow(10, -part) / std::pow(10, k / options.per_decade));
  }
  return edges;
}

template <class Score>
CalibrationBins log_bins(ColumnView<const Score> probabilities, LabelColumnView labels,
                         const LogBinOptions& options, std::span<const double> row_weights) {
  const std::vector<double> edges = log_edges(options);
  std::vector<BinSums> sums(edges.size() - 1);
  CalibrationBins result;
  result.why = for_each_probability(
      probabilities, labels, row_weights, [&](double p, bool positive, double weight) {
        const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, p);
        sums[static_cast<std::size_t>(above - edges.begin()) - 1].add(p, positive, weight);
      });
  if (result.why != Undefined::none) return result;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    result.bins.push_back(sums[k].bin(edges[k], edges[k + 1]));
  }
  return result;
}

}  // namespace detail

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

/// Bins for the tail: edges 10^(-k/m) for m bins per decade, each bin with its lower edge and
/// without its upper one, the last one closed, and one bin [0, 10^-D) below D decades. Every row is
/// in exactly one bin, p = 0 and p = 1 too. All m D + 1 bins are returned, empty ones too. A class
/// whose probabilities are all below 0.01 lies in one bin of equal width, and in nine of the
/// default ones here.
/// @throws InvalidArgument also if there is less than one bin per decade or less than one decade,
/// or more than 1000 or 300 of them. Otherwise as `reliability_bins`. Cost: O(n log(m D)).
inline CalibrationBins log_bins(ColumnView<const float> probabilities, LabelColumnView labels,
                                const LogBinOptions& options = {},
                                std::span<const double> row_weights = {}) {
  return detail::log_bins(probabilities, labels, options, row_weights);
}
/// @copydoc log_bins(ColumnView<const float>, LabelColumnView, const LogBinOptions&,
/// std::span<const double>)
inline CalibrationBins log_bins(ColumnView<const double> probabilities, LabelColumnView labels,
                                const LogBinOptions& options = {},
                                std::span<const double> row_weights = {}) {
  return detail::log_bins(probabilities, labels, options, row_weights);
}

}  // namespace cxrlt
