// SPDX-License-Identifier: Apache-2.0
/// Sets of thresholds whose precision is guaranteed class by class.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/thresholds/detail/held_out.hpp"
#include "cxrlt/thresholds/guarantee.hpp"
#include "cxrlt/thresholds/threshold_set.hpp"

namespace cxrlt {

namespace detail {

template <class Score>
std::vector<CertifiedThreshold> certify_classes(MatrixView<const Score> scores,
                                                LabelMatrixView labels,
                                                const PrecisionGuarantee& guarantee,
                                                const Cpu& policy) {
  std::vector<CertifiedThreshold> certified(scores.n_classes());
  parallel_for(scores.n_classes(), for_size(policy, scores.n_samples() * scores.n_classes()),
               [&](std::size_t k) {
                 certified[k] = certify_precision(scores.column(k), labels.column(k), guarantee);
               });
  return certified;
}

inline std::vector<double> thresholds_of(const std::vector<CertifiedThreshold>& certified) {
  std::vector<double> thresholds;
  for (const CertifiedThreshold& one : certified) thresholds.push_back(one.threshold);
  return thresholds;
}

template <class Score>
void fill_guaranteed_set(MatrixView<const Score> scores, LabelMatrixView labels,
                         const PrecisionGuarantee& guarantee, const Cpu& policy,
                         ThresholdSet& set) {
  set.certificates = certify_classes(scores, labels, guarantee, policy);
  const std::vector<double> thresholds = thresholds_of(set.certificates);
  const auto counts = counts_at(scores, labels, thresholds);
  const std::vector<int> folds = stratified_folds(labels, {}, set.options.folds);
  const auto held_out =
      held_out_counts(scores, labels, folds, set.options.folds.n_folds, [&](LabelMatrixView some) {
        return thresholds_of(certify_classes(scores, some, guarantee, policy));
      });
  for (std::size_t k = 0; k < counts.size(); ++k) {
    ChosenThreshold chosen =
        describe_threshold(scores.column(k), labels.column(k), thresholds[k], counts[k]);
    chosen.attainable = set.certificates[k].certified;
    chosen.apparent = class_value(counts[k], set.options.objective);
    if (!chosen.attainable && chosen.apparent.defined()) {
      chosen.apparent = MetricValue::undefined(Undefined::unattainable);
    }
    chosen.cross_validated = class_value(held_out[k], set.options.objective);
    set.classes.push_back(chosen);
  }
}

template <class Score>
ThresholdSet find_guaranteed_thresholds(MatrixView<const Score> scores, LabelMatrixView labels,
                                        std::vector<std::string> class_names,
                                        const PrecisionGuarantee& guarantee,
                                        const ThresholdOptions& options, const Cpu& policy) {
  check_guarantee(guarantee);
  ThresholdSet set = begin_set(scores, labels, std::move(class_names), options);
  set.options.objective.kind = ObjectiveKind::precision_at_least;
  set.options.objective.target = guarantee.precision;
  set.guarantee = guarantee;
  with_probabilities(scores, options.scores, policy, [&](const auto& probabilities) {
    fill_guaranteed_set(probabilities, labels, guarantee, policy, set);
  });
  return set;
}

}  // namespace detail

/// Certifies a threshold per class, each by `certify_precision`, which says what is guaranteed and
/// that rows must be independent: there are no groups to give. A class of which nothing is
/// certified predicts nothing (`attainable` is false). The values are recalls: on these rows, and
/// cross-validated, where each fold is judged by what the others certify; they have fewer
/// predictions, so this one errs low for rare classes.
/// @param scores       n_samples x n_classes, what `options.scores` says
/// @param labels       of the same shape, in {0, 1, missing}
/// @param class_names  n_classes names, kept in the set
/// @param options      the folds and the kind of scores; its objective is replaced by
///                     `precision_at_least`
/// @throws InvalidArgument as `certify_precision`, and if shapes differ. Equal for every number of
/// threads. Cost: n_folds + 1 times that of `certify_precision` for each class.
inline ThresholdSet find_guaranteed_thresholds(MatrixView<const double> scores,
                                               LabelMatrixView labels,
                                               std::vector<std::string> class_names,
                                               const PrecisionGuarantee& guarantee,
                                               const ThresholdOptions& options = {},
                                               const Cpu& policy = {}) {
  return detail::find_guaranteed_thresholds(scores, labels, std::move(class_names), guarantee,
                                            options, policy);
}
/// @copydoc find_guaranteed_thresholds(MatrixView<const double>, LabelMatrixView,
/// std::vector<std::string>, const PrecisionGuarantee&, const ThresholdOptions&, const Cpu&)
inline ThresholdSet find_guaranteed_thresholds(MatrixView<const float> scores,
                                               LabelMatrixView labels,
                                               std::vector<std::string> class_names,
                                               const PrecisionGuarantee& guarantee,
                                               const ThresholdOptions& options = {},
                                               const Cpu& policy = {}) {
  return detail::find_guaranteed_thresholds(scores, labels, std::move(class_names), guarantee,
                                            options, policy);
}

}  // namespace cxrlt
