// SPDX-License-Identifier: Apache-2.0
/// Venn-Abers calibration of one class: isotonic regression with either label for the new row.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/detail/one_more_positive.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/rank_order.hpp"

namespace cxrlt {

/// Two probabilities of a positive label, p0 <= p1.
struct VennAbersPair {
  double p0 = 0;  ///< the isotonic value if the new row were negative
  double p1 = 1;  ///< if it were positive
};

/// The inductive Venn-Abers predictor (Vovk and Petej 2014): p0 and p1 are what isotonic regression
/// gives a new score when the score is added with label 0 and with label 1. One of the two is
/// calibrated, whatever the distribution, as long as rows are exchangeable; p1 - p0 shows how much
/// the labels leave open, which is much in the tail. As one probability p = p1 / (1 - p0 + p1),
/// which has the least worst log loss (Vovk, Petej and Fedorova 2015). It never falls with the
/// score, but equal values are common, so AP and AUROC may change.
/// Both are steps: p1 is constant from above one knot to the next, p0 from one to below the next.
struct VennAbersCalibration {
  std::vector<double> lower_score;  ///< where p0 rises, strictly ascending; 0 below all
  std::vector<double> lower;        ///< p0 from there on, strictly ascending
  std::vector<double> upper_score;  ///< up to where p1 holds, strictly ascending; 1 above all
  std::vector<double> upper;        ///< p1 up to there, strictly ascending
  FitSummary labels;

  /// Fits n finite scores (probabilities or logits: only their order matters) against n labels in
  /// {0, 1, missing}. With one kind of label only: no knots, the identity, and `labels.why` says
  /// so.
  /// @throws InvalidArgument if sizes differ, a score is NaN or infinite, a label is none, or there
  /// are 2^31 rows or more. Cost: O(n log n).
  static VennAbersCalibration fit(ColumnView<const double> scores, LabelColumnView truth) {
    return fit_column(scores, truth);
  }
  /// @copydoc fit(ColumnView<const double>, LabelColumnView)
  static VennAbersCalibration fit(ColumnView<const float> scores, LabelColumnView truth) {
    return fit_column(scores, truth);
  }

  /// The pair of a score. Without knots the score itself, twice. O(log n).
  VennAbersPair pair(double score) const {
    if (lower_score.empty()) return {score, score};
    const auto above = std::upper_bound(lower_score.begin(), lower_score.end(), score);
    const auto from = std::lower_bound(upper_score.begin(), upper_score.end(), score);
    return {above == lower_score.begin()
                ? 0
                : lower[static_cast<std::size_t>(above - lower_score.begin()) - 1],
            from == upper_score.end()
                ? 1
                : upper[static_cast<std::size_t>(from - upper_score.begin())]};
  }

  /// The calibrated probability p1 / (1 - p0 + p1) of a score. Without knots the score itself.
  double operator()(double score) const {
    if (lower_score.empty()) return score;
    const VennAbersPair both = pair(score);
    return both.p1 / (1 - both.p0 + both.p1);
  }

 private:
  template <class Score>
  static VennAbersCalibration fit_column(ColumnView<const Score> scores, LabelColumnView truth) {
    std::vector<double> values;
    std::vector<bool> positive;
    VennAbersCalibration fitted;
    fitted.labels = detail::for_each_finite_score(scores, truth, [&](double score, bool label) {
      values.push_back(score);
      positive.push_back(label);
    });
    if (!fitted.labels.fitted()) return fitted;
    std::vector<double> distinct;
    std::vector<detail::RateCounts> groups;
    std::vector<std::size_t> order = rank_order(ColumnView<const double>(values));
    std::reverse(order.begin(), order.end());
    for (const std::size_t i : order) {
      if (distinct.empty() || distinct.back() != values[i]) {
        distinct.push_back(values[i]);
        groups.emplace_back();
      }
      groups.back().n_positive += positive[i] ? 1 : 0;
      groups.back().n_rows += 1;
    }
    fitted.add_upper(distinct, detail::rates_with_one_more_positive(groups));
    // One more negative is one more positive with the labels and the order turned round.
    std::reverse(groups.begin(), groups.end());
    for (detail::RateCounts& group : groups) group.n_positive = group.n_rows - group.n_positive;
    std::vector<detail::RateCounts> rates = detail::rates_with_one_more_positive(groups);
    std::reverse(rates.begin(), rates.end());
    for (detail::RateCounts& rate : rates) rate.n_positive = rate.n_rows - rate.n_positive;
    fitted.add_lower(distinct, rates);
    return fitted;
  }

  void add_lower(const std::vector<double>& distinct, const std::vector<detail::RateCounts>& p0) {
    for (std::size_t j = 0; j < distinct.size(); ++j) {
      if (p0[j].rate() == (lower.empty() ? 0 : lower.back())) continue;
      lower_score.push_back(distinct[j]);
      lower.push_back(p0[j].rate());
    }
  }

  void add_upper(const std::vector<double>& distinct, const std::vector<detail::RateCounts>& p1) {
    for (std::size_t j = 0; j < distinct.size(); ++j) {
      const double next = j + 1 < distinct.size() ? p1[j + 1].rate() : 1;
      if (p1[j].rate() == next) continue;
      upper_score.push_back(distinct[j]);
      upper.push_back(p1[j].rate());
    }
  }
};

}  // namespace cxrlt
