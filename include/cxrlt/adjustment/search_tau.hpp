// SPDX-License-Identifier: Apache-2.0
/// The tau of a logit adjustment that is best by some measure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/metric.hpp"

namespace cxrlt {

/// The grid of the search: `n_steps` equal steps from 0 to `largest`, then as many to either side
/// of the best as are a `refinement`th of a step apart.
struct TauSearchOptions {
  double largest = 2;
  int n_steps = 20;
  int refinement = 10;
};

/// One value of the curve.
struct TauPoint {
  double tau = 0;
  MetricValue value;
};

/// What a search found. The value is optimistic: it is chosen on the rows that it is measured on.
struct TauSearch {
  double tau = 0;               ///< the best
  MetricValue value;            ///< there; undefined where it is undefined at every tau
  MetricValue unadjusted;       ///< at tau = 0
  bool is_largest = false;      ///< a larger tau than was tried might be better
  std::vector<TauPoint> curve;  ///< all that was tried, ascending in tau
};

namespace detail {

/// The best point of an ascending curve: of values that rounding alone keeps apart, the first.
/// `curve.size()` if none is defined.
inline std::size_t best_point(const std::vector<TauPoint>& curve, Direction direction) {
  constexpr double rounding = 1e-12;
  std::size_t best = curve.size();
  for (std::size_t j = 0; j < curve.size(); ++j) {
    if (!curve[j].value.defined()) continue;
    const double here = badness(curve[j].value.value, direction);
    if (best == curve.size()) {
      best = j;
      continue;
    }
    const double least = badness(curve[best].value.value, direction);
    if (here < least - rounding * std::max(1.0, std::abs(least))) best = j;
  }
  return best;
}

inline void check_tau_search(const TauSearchOptions& options, Direction direction) {
  badness(0, direction);
  if (!is_finite(options.largest) || options.largest <= 0 || options.n_steps < 1 ||
      options.refinement < 1) {
    throw InvalidArgument("tau: a search needs a positive finite largest tau, and 1 step or more");
  }
}

}  // namespace detail

/// Searches tau in [0, `options.largest`] on a grid, first coarse, then fine around its best point:
/// by default every 0.1, then every 0.01 within 0.1 of it, 39 evaluations at most. Metrics of
/// decisions are steps in tau, so nothing is lost by a grid but their width; of equal values the
/// smallest tau is taken, the least change. Deterministic.
/// @param objective  tau -> MetricValue, of the scores adjusted by that tau; where it is undefined
///                   the tau is passed over
/// @param direction  of the metric: which value is the best
/// @throws InvalidArgument for a metric for reference, or a grid without a step.
/// Cost: of the objective, once for each point.
template <class Objective>
TauSearch search_tau(const Objective& objective, Direction direction,
                     const TauSearchOptions& options = {}) {
  detail::check_tau_search(options, direction);
  TauSearch search;
  // Whole numbers of fine steps, so that equal taus are equal to the bit.
  const double n_fine = static_cast<double>(options.n_steps) * options.refinement;
  const auto evaluate_at = [&](int fine_step) {
    const double tau = options.largest * fine_step / n_fine;
    search.curve.push_back({tau, objective(tau)});
  };
  for (int j = 0; j <= options.n_steps; ++j) evaluate_at(j * options.refinement);
  search.unadjusted = search.curve.front().value;
  const auto coarse = static_cast<int>(detail::best_point(search.curve, direction));
  if (coarse > options.n_steps) {
    search.value = search.unadjusted;
    return search;
  }
  const int centre = coarse * options.refinement;
  const int last = options.n_steps * options.refinement;
  for (int j = std::max(0, centre - options.refinement);
       j <= std::min(last, centre + options.refinement); ++j) {
    if (j % options.refinement != 0) evaluate_at(j);
  }
  std::sort(search.curve.begin(), search.curve.end(),
            [](const TauPoint& a, const TauPoint& b) { return a.tau < b.tau; });
  const TauPoint& best = search.curve[detail::best_point(search.curve, direction)];
  search.tau = best.tau;
  search.value = best.value;
  search.is_largest = best.tau == search.curve.back().tau;
  return search;
}

}  // namespace cxrlt
