// SPDX-License-Identifier: Apache-2.0
/// Whether a new model is not worse than an old one by more than a margin.
#pragma once

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/metrics/detail/normal.hpp"
#include "cxrlt/metrics/metric.hpp"

namespace cxrlt {

/// What an interval of a difference says, with a margin stated beforehand.
struct NonInferiority {
  bool non_inferior = false;  ///< worse by less than the margin, if at all
  bool superior = false;      ///< better
  bool equivalent = false;    ///< neither better nor worse by as much as the margin
  bool inferior = false;      ///< worse by more than the margin
  double margin = 0;
  double one_sided_level = 0;       ///< the error rate of each statement: (1 - level) / 2
  Undefined why = Undefined::none;  ///< why nothing can be said; all four are false then
};

/// The level of the two-sided interval whose ends are one-sided bounds with error rate alpha:
/// 1 - 2 alpha; so 0.95 for the customary 0.025.
/// @throws InvalidArgument unless alpha lies in (0, 0.5).
inline double level_of_one_sided(double alpha) {
  if (!(alpha > 0 && alpha < 0.5)) {
    throw InvalidArgument("the one-sided level is " + number_text(alpha) +
                          "; expected a number between 0 and 0.5, both excluded");
  }
  return 1 - 2 * alpha;
}

/// Decides from an interval of the difference new - old (paired: of the same rows). With G the
/// gain, the difference or, where lower is better, its negative, and [l, u] the interval of G:
/// non-inferior if l > -margin, superior if l > 0, equivalent if l > -margin and u < margin (two
/// one-sided tests, Schuirmann 1987), inferior if u < -margin; none of them: the data do not say.
/// A bound that equals its limit does not suffice. Each statement is a one-sided test of level
/// (1 - level) / 2. Superiority may be asked after non-inferiority without a penalty, as the tests
/// are nested. An interval [0, 0] of equal models is non-inferior and equivalent.
/// @param margin     > 0, in the metric's units, chosen before the data are seen
/// @param direction  `higher` or `lower`: which values of the metric are better
/// Undefined, with the interval's reason, where that is undefined.
/// @throws InvalidArgument unless the margin is positive and finite, the direction is one of these
/// and the level lies in (0, 1). Cost: O(1).
inline NonInferiority judge_non_inferiority(const Interval& difference, double margin,
                                            Direction direction = Direction::higher) {
  if (!is_finite(margin) || margin <= 0) {
    throw InvalidArgument("the margin is " + number_text(margin) + "; expected a positive number");
  }
  if (direction != Direction::higher && direction != Direction::lower) {
    throw InvalidArgument("non-inferiority needs a metric of which higher or lower is better");
  }
  detail::check_level(difference.level);
  NonInferiority result;
  result.margin = margin;
  result.one_sided_level = (1 - difference.level) / 2;
  result.why = difference.why;
  if (!difference.defined()) return result;
  const bool higher = direction == Direction::higher;
  const double lower = higher ? difference.lower : -difference.upper;
  const double upper = higher ? difference.upper : -difference.lower;
  result.non_inferior = lower > -margin;
  result.superior = lower > 0;
  result.equivalent = lower > -margin && upper < margin;
  result.inferior = upper < -margin;
  return result;
}

}  // namespace cxrlt
