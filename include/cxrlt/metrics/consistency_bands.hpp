// SPDX-License-Identifier: Apache-2.0
/// How far the observed rates of a reliability diagram may stray from the diagonal by chance.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/poisson_binomial.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"
#include "cxrlt/metrics/reliability_bins.hpp"

namespace cxrlt {

namespace detail {

/// The probabilities of the labelled rows of each bin.
template <class Score>
std::vector<std::vector<double>> probabilities_of_bins(ColumnView<const Score> probabilities,
                                                       LabelColumnView labels,
                                                       const std::vector<CalibrationBin>& bins) {
  std::vector<double> lower;
  for (const CalibrationBin& bin : bins) lower.push_back(bin.lower);
  std::vector<std::vector<double>> rows(bins.size());
  std::size_t n_outside = 0;
  for_each_probability(probabilities, labels, {}, [&](double p, bool, double) {
    const auto above = std::upper_bound(lower.begin(), lower.end(), p);
    if (above == lower.begin()) {
      ++n_outside;
    } else {
      rows[static_cast<std::size_t>(above - lower.begin()) - 1].push_back(p);
    }
  });
  for (std::size_t k = 0; k < bins.size(); ++k) {
    if (n_outside == 0 && rows[k].size() == bins[k].count) continue;
    throw InvalidArgument("consistency_bands: bin " + std::to_string(k) + " has " +
                          std::to_string(bins[k].count) + " rows, but " +
                          std::to_string(rows[k].size()) +
                          " of these lie in it; expected the bins of the same rows, without row "
                          "weights");
  }
  return rows;
}

template <class Score>
std::vector<Interval> consistency_bands(ColumnView<const Score> probabilities,
                                        LabelColumnView labels, const CalibrationBins& result,
                                        double level) {
  if (is_nan(level) || level <= 0 || level >= 1) {
    throw InvalidArgument("consistency_bands: level is " + number_text(level) +
                          "; expected a value in (0, 1)");
  }
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<Interval> bands;
  for (const auto& rows : probabilities_of_bins(probabilities, labels, result.bins)) {
    bands.push_back({nan, nan, level});
    if (rows.empty()) continue;
    const auto range = PoissonBinomial(rows).central_range((1 - level) / 2);
    const double n = static_cast<double>(rows.size());
    bands.back().lower = static_cast<double>(range.lower) / n;
    bands.back().upper = static_cast<double>(range.upper) / n;
  }
  return bands;
}

}  // namespace detail

/// The consistency bands of a reliability diagram (Broecker and Smith 2007), one for each bin: were
/// the probabilities right, the observed rate of the bin would lie in its band with at least
/// probability `level`, and on either side of it with at most (1 - level) / 2. Not resampled: the
/// number of positives of a bin is a sum of independent events with the probabilities of its rows,
/// and the ends are quantiles of its exact (Poisson binomial) distribution. The bands are of single
/// bins; of 15 bins one lies outside now and then. An empty bin has NaN for both ends. Bins whose
/// edges follow the labels (`sweep_bins`, `isotonic_bins`) have bands that are too narrow.
/// @param probabilities  n probabilities; values within 1e-6 of [0, 1] are clipped to it
/// @param labels         n labels in {0, 1, missing}; only which ones are missing matters
/// @param result         the bins of these rows, made without row weights; undefined ones have no
///                       bands
/// @param level          in (0, 1)
/// @throws InvalidArgument if sizes differ, the bins are not those of these rows, the level is
/// outside (0, 1), a probability of a labelled row is NaN or infinite, or a label is none.
/// Cost: O(n s) with the standard deviation s of the number of positives in a bin: under a second
/// for 100,000 rows in one bin.
inline std::vector<Interval> consistency_bands(ColumnView<const float> probabilities,
                                               LabelColumnView labels,
                                               const CalibrationBins& result, double level = 0.95) {
  return detail::consistency_bands(probabilities, labels, result, level);
}
/// @copydoc consistency_bands(ColumnView<const float>, LabelColumnView, const CalibrationBins&,
/// double)
inline std::vector<Interval> consistency_bands(ColumnView<const double> probabilities,
                                               LabelColumnView labels,
                                               const CalibrationBins& result, double level = 0.95) {
  return detail::consistency_bands(probabilities, labels, result, level);
}

}  // namespace cxrlt
