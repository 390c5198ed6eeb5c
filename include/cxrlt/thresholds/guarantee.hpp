// SPDX-License-Identifier: Apache-2.0
/// A threshold whose precision on new rows is guaranteed, with a given probability.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/rank_order.hpp"
#include "cxrlt/metrics/detail/binomial_tail.hpp"

namespace cxrlt {

/// What is to be guaranteed: precision of at least `precision`, with probability 1 - `delta`.
struct PrecisionGuarantee {
  double precision = 0.9;  ///< in (0, 1)
  double delta = 0.05;     ///< in (0, 1): how often the guarantee may fail
  /// Rows that the first test predicts, chosen before labels are seen; at least as many as needed.
  std::uint64_t first = 0;
};

/// A certified threshold, or why there is none.
struct CertifiedThreshold {
  double threshold = std::numeric_limits<double>::infinity();  ///< predict where score >= threshold
  bool certified = false;
  std::uint64_t n_predicted = 0;  ///< labelled rows with score >= threshold
  std::uint64_t n_correct = 0;    ///< positives among them
  double p_value = 1;             ///< of the certified threshold; else of the first one tested
  std::uint64_t n_needed = 0;     ///< fewer predictions can certify nothing
};

/// Refuses parameters out of their range. @throws InvalidArgument
inline void check_guarantee(const PrecisionGuarantee& guarantee) {
  const auto check = [](const char* what, double value) {
    if (value > 0 && value < 1) return;
    throw InvalidArgument(std::string("guarantee: ") + what + " is " + number_text(value) +
                          "; expected a number between 0 and 1");
  };
  check("the precision", guarantee.precision);
  check("delta", guarantee.delta);
}

/// The fewest predictions that can certify anything, ceil(ln delta / ln precision): even if all of
/// them are right, the p-value precision^k of fewer exceeds delta. 22 for 0.9 and 0.1, 29 for 0.9
/// and 0.05. @throws InvalidArgument as `check_guarantee`.
inline std::uint64_t needed_predictions(const PrecisionGuarantee& guarantee) {
  check_guarantee(guarantee);
  const double log_ratio = std::log(guarantee.delta) / std::log(guarantee.precision);
  if (!(log_ratio < 0x1p53)) {
    throw InvalidArgument("guarantee: a precision of " + number_text(guarantee.precision) +
                          " is too near 1");
  }
  // The logarithms may err by a last digit where the ratio is whole.
  double k = std::max(1.0, std::floor(log_ratio));
  while (std::pow(guarantee.precision, k) > guarantee.delta) k += 1;
  return static_cast<std::uint64_t>(k);
}

namespace detail {

/// The labelled rows of one class by descending score, with the positives among the first k.
struct GuaranteeRows {
  std::vector<double> scores;
  std::vector<std::uint64_t> n_correct{0};

  /// Of the first k rows those that score more than the next one does.
  std::size_t above_next(std::size_t k) const {
    const double next = scores[k];
    while (k > 0 && !(scores[k - 1] > next)) --k;
    return k;
  }
};

template <class Score>
GuaranteeRows guarantee_rows(ColumnView<const Score> scores, LabelColumnView labels) {
  check_same_size(scores.size(), labels.size(), "samples");
  std::vector<Score> labelled;
  std::vector<bool> positive;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Label label = checked_label(labels[i], i);
    if (label == kMissing) continue;
    if (is_nan(scores[i])) throw_nan_score(i);
    labelled.push_back(scores[i]);
    positive.push_back(label == 1);
  }
  GuaranteeRows rows;
  for (const std::size_t i : rank_order(ColumnView<const Score>(labelled))) {
    rows.scores.push_back(static_cast<double>(labelled[i]));
    rows.n_correct.push_back(rows.n_correct.back() + (positive[i] ? 1 : 0));
  }
  return rows;
}

/// The number of predictions to test after k.
inline std::size_t next_test(std::size_t k) {
  return k + std::max<std::size_t>(1, k / 10);
}

template <class Score>
CertifiedThreshold certify_precision(ColumnView<const Score> scores, LabelColumnView labels,
                                     const PrecisionGuarantee& guarantee) {
  CertifiedThreshold found;
  found.n_needed = needed_predictions(guarantee);
  const GuaranteeRows rows = guarantee_rows(scores, labels);
  std::size_t tested = 0;
  const std::size_t first = std::max(found.n_needed, guarantee.first);
  for (std::size_t k = first; k < rows.scores.size(); k = next_test(k)) {
    const std::size_t n = rows.above_next(k);
    if (n < found.n_needed || n == tested) continue;
    tested = n;
    const double p_value = binomial_tail(rows.n_correct[n], n, guarantee.precision);
    if (p_value > guarantee.delta) {
      if (!found.certified) found.p_value = p_value;
      break;
    }
    found.certified = true;
    found.threshold = std::nextafter(rows.scores[n], std::numeric_limits<double>::infinity());
    found.n_predicted = n;
    found.n_correct = rows.n_correct[n];
    found.p_value = p_value;
  }
  return found;
}

}  // namespace detail

/// The lowest threshold of one class that is certified: with probability at least 1 - delta over
/// the labelled rows, its precision on new rows drawn like them, P(positive | score >= threshold),
/// is at least the wanted one, or nothing is certified. By fixed-sequence testing ("Learn then
/// Test", Angelopoulos, Bates, Candes, Jordan and Lei 2021) with exact binomial p-values.
///
/// Tests go down the scores at k_1 = `needed_predictions` rows (or `first`), then each at a tenth
/// more rows than the one before, whatever the labels are. The rule tested is score > v, with v
/// the score of row k_j + 1, so that equal scores stay together; n <= k_j rows keep it, TP of them
/// positive. Its null hypothesis, precision < alpha, is rejected where
/// P(Bin(n, alpha) >= TP) <= delta. The first test that does not reject ends the sequence: so no
/// correction for the number of tests is due. The returned threshold is the next double above v:
/// the rule itself, not the lowest score accepted, between which and v nobody has looked.
///
/// Why it holds. Given v and n, the rows above v are n independent draws with score > v, and TP is
/// binomial with their precision; a threshold on the lowest accepted score would not give that. A
/// false certificate needs the first false hypothesis of the sequence to be rejected. Which one is
/// first depends on the scores, yet not in a way that could help: precision must not rise as the
/// threshold falls (a weaker form of scores that order rows rightly). Then let u be the score below
/// which precision is too low: given how many rows reach u, and all scores below it, those rows are
/// independent draws of a precision of at most alpha, and so is each row below u. So TP is at most
/// binomial with alpha, whichever test comes first.
///
/// Rows must be independent. Several images of one patient are not: take one row per patient, or
/// the guarantee does not hold. It is one of each class alone; for all of C classes at once take
/// delta / C. The first test asks that all of its rows be positive; who expects many predictions
/// does better with a larger `first`, where one error is no end. Finer steps than a tenth stop
/// sooner by chance, coarser ones overshoot: recall differs by a tenth at most between steps of
/// one row and of a quarter.
/// @param scores  n scores; infinities are allowed
/// @param labels  n labels in {0, 1, missing}
/// @throws InvalidArgument as `check_guarantee`, if sizes differ, a score of a labelled row is NaN,
/// or a label is none. Cost: as `rank_order`.
inline CertifiedThreshold certify_precision(ColumnView<const double> scores, LabelColumnView labels,
                                            const PrecisionGuarantee& guarantee = {}) {
  return detail::certify_precision(scores, labels, guarantee);
}
/// @copydoc certify_precision(ColumnView<const double>, LabelColumnView, const PrecisionGuarantee&)
inline CertifiedThreshold certify_precision(ColumnView<const float> scores, LabelColumnView labels,
                                            const PrecisionGuarantee& guarantee = {}) {
  return detail::certify_precision(scores, labels, guarantee);
}

}  // namespace cxrlt
