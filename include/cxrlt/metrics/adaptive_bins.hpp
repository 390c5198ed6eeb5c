// SPDX-License-Identifier: Apache-2.0
/// Bins of probabilities whose edges follow the data: of equal mass, as many of equal mass as keep
/// the rates in order, or the steps of isotonic regression.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/add_score.hpp"
#include "cxrlt/counting/isotonic_blocks.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/detail/probability_groups.hpp"
#include "cxrlt/metrics/reliability_bins.hpp"

namespace cxrlt {

namespace detail {

/// Bins made of groups by ascending probability.
class GroupBins {
 public:
  /// Adds the group to the last bin, or opens one with it.
  void add(const ProbabilityGroup& group, bool begins) {
    if (begins) close();
    if (sums_.count == 0) lower_ = group.probability;
    upper_ = group.probability;
    sums_.weight += group.weight;
    sums_.probability += group.weight * group.probability;
    sums_.positive += group.positive;
    sums_.count += group.count;
  }

  CalibrationBins finished(Undefined why) {
    close();
    return {std::move(bins_), why};
  }

 private:
  void close() {
    if (sums_.count > 0) bins_.push_back(sums_.bin(lower_, upper_));
    sums_ = {};
  }

  std::vector<CalibrationBin> bins_;
  BinSums sums_;
  double lower_ = 0;
  double upper_ = 0;
};

/// The bins of neighbouring groups; `begins(k)` says whether group k opens one.
template <class Begins>
CalibrationBins bins_of_groups(const ProbabilityGroups& all, const Begins& begins) {
  GroupBins bins;
  for (std::size_t k = 0; k < all.groups.size(); ++k) bins.add(all.groups[k], begins(k));
  return bins.finished(all.why);
}

/// The bin floor(n m) of n bins of equal mass, where m is twice the middle of a group, counted in
/// weight, over twice the total. The product comes first: with whole weights the quotient is then
/// right at every edge.
inline std::size_t mass_bin(double twice_middle, double total, std::size_t n) {
  const double position = twice_middle * static_cast<double>(n) / (2 * total);
  return std::min(static_cast<std::size_t>(position), n - 1);
}

template <class Score>
CalibrationBins equal_mass_bins(ColumnView<const Score> probabilities, LabelColumnView labels,
                                int n_bins, std::span<const double> row_weights) {
  const std::size_t n = checked_bins(n_bins);
  GroupBins bins;
  double below = 0;
  std::size_t current = n;  // no bin is open yet
  const Undefined why = for_each_group(
      probabilities, labels, row_weights, [&](const ProbabilityGroup& group, double total) {
        const std::size_t k = mass_bin(2 * below + group.weight, total, n);
        bins.add(group, k != current);
        current = k;
        below += group.weight;
      });
  return bins.finished(why);
}

/// Which of n bins of equal mass each group goes to, for any n.
class EqualMass {
 public:
  explicit EqualMass(const ProbabilityGroups& all) : total_(all.weight) {
    double below = 0;
    for (const ProbabilityGroup& group : all.groups) {
      twice_middle_.push_back(2 * below + group.weight);
      below += group.weight;
    }
  }

  std::size_t bin_of(std::size_t group, std::size_t n) const {
    return mass_bin(twice_middle_[group], total_, n);
  }

  /// The first group of a later bin than the group's.
  std::size_t next_bin(std::size_t group, std::size_t n) const {
    const auto is_here = [&, bin = bin_of(group, n)](double twice_middle) {
      return mass_bin(twice_middle, total_, n) == bin;
    };
    const auto first = twice_middle_.begin() + static_cast<std::ptrdiff_t>(group);
    const auto next = std::partition_point(first, twice_middle_.end(), is_here);
    return static_cast<std::size_t>(next - twice_middle_.begin());
  }

 private:
  std::vector<double> twice_middle_;
  double total_;
};

/// Numbers of rows and positives below each group, as whole numbers: rates are compared exactly.
struct CumulativeCounts {
  std::vector<std::uint64_t> n_rows{0};
  std::vector<std::uint64_t> n_positive{0};

  explicit CumulativeCounts(const ProbabilityGroups& all) {
    for (const ProbabilityGroup& group : all.groups) {
      n_rows.push_back(n_rows.back() + group.count);
      n_positive.push_back(n_positive.back() + static_cast<std::uint64_t>(group.positive));
    }
  }

  /// True if the rate of groups [a, b) is at most that of groups [b, c).
  bool ascends(std::size_t a, std::size_t b, std::size_t c) const {
    return (n_positive[b] - n_positive[a]) * (n_rows[c] - n_rows[b]) <=
           (n_positive[c] - n_positive[b]) * (n_rows[b] - n_rows[a]);
  }
};

/// True if the rates of n bins of equal mass never fall.
inline bool rates_ascend(const EqualMass& mass, const CumulativeCounts& counts, std::size_t n) {
  const std::size_t end = counts.n_rows.size() - 1;
  std::size_t before = 0;
  std::size_t here = mass.next_bin(0, n);
  while (here < end) {
    const std::size_t next = mass.next_bin(here, n);
    if (!counts.ascends(before, here, next)) return false;
    before = here;
    here = next;
  }
  return true;
}

template <class Score>
CalibrationBins sweep_bins(ColumnView<const Score> probabilities, LabelColumnView labels) {
  const ProbabilityGroups all = probability_groups(probabilities, labels, {});
  if (all.why != Undefined::none) return {{}, all.why};
  const EqualMass mass(all);
  const CumulativeCounts counts(all);
  const std::size_t n_groups = all.groups.size();
  bool all_ascend = true;
  for (std::size_t k = 1; k < n_groups && all_ascend; ++k) {
    all_ascend = counts.ascends(k - 1, k, k + 1);
  }
  // No way to pool rates that ascend makes them fall, and n bins of n rows keep all groups apart.
  if (all_ascend) return bins_of_groups(all, [](std::size_t) { return true; });
  std::size_t n = 1;
  while (rates_ascend(mass, counts, n + 1)) ++n;
  return bins_of_groups(
      all, [&](std::size_t k) { return k > 0 && mass.bin_of(k, n) != mass.bin_of(k - 1, n); });
}

/// The threshold counts of groups without weights.
inline ThresholdCounts<> threshold_counts_of(const ProbabilityGroups& all) {
  ThresholdCounts<> counts;
  for (std::size_t k = all.groups.size(); k-- > 0;) {
    const ProbabilityGroup& group = all.groups[k];
    const std::uint64_t n_positive = static_cast<std::uint64_t>(group.positive);
    add_score(counts, group.probability, n_positive, group.count - n_positive);
  }
  return counts;
}

/// The steps of isotonic regression of groups without weights.
inline CalibrationBins isotonic_bins(const ProbabilityGroups& all) {
  const std::vector<IsotonicBlock> blocks = pool_adjacent_violators(threshold_counts_of(all));
  std::size_t next = 1;
  return bins_of_groups(all, [&](std::size_t k) {
    const bool begins = next < blocks.size() && blocks[next].lowest == all.groups[k].probability;
    if (begins) ++next;
    return begins;
  });
}

}  // namespace detail

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

/// The bins of the sweep of Roelofs et al. (2022): of `equal_mass_bins` with 1, 2, 3, ... bins the
/// last before the observed rates fall from some bin to the next for the first time. Rates are
/// compared exactly. Where the rates of the distinct probabilities never fall, each of those is a
/// bin. There are no row weights: how many bins rows allow has no meaning for weights. Otherwise as
/// `equal_mass_bins`. Cost: O(n log n), and O(b^2 log n) to find b bins.
inline CalibrationBins sweep_bins(ColumnView<const float> probabilities, LabelColumnView labels) {
  return detail::sweep_bins(probabilities, labels);
}
/// @copydoc sweep_bins(ColumnView<const float>, LabelColumnView)
inline CalibrationBins sweep_bins(ColumnView<const double> probabilities, LabelColumnView labels) {
  return detail::sweep_bins(probabilities, labels);
}

/// The steps of the isotonic regression of labels on probabilities: the bins of the CORP
/// reliability diagram (Dimitriadis, Gneiting and Jordan 2021), whose rates strictly ascend and
/// which no number of bins has to be chosen for. The comparison of rates is exact for fewer than
/// 2^32 rows. There are no row weights. `lower` and `upper` are the smallest and the largest
/// probability of the step. Otherwise as `reliability_bins`. Cost: O(n log n).
inline CalibrationBins isotonic_bins(ColumnView<const float> probabilities,
                                     LabelColumnView labels) {
  return detail::isotonic_bins(detail::probability_groups(probabilities, labels, {}));
}
/// @copydoc isotonic_bins(ColumnView<const float>, LabelColumnView)
inline CalibrationBins isotonic_bins(ColumnView<const double> probabilities,
                                     LabelColumnView labels) {
  return detail::isotonic_bins(detail::probability_groups(probabilities, labels, {}));
}

}  // namespace cxrlt
