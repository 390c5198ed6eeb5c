// SPDX-License-Identifier: Apache-2.0
/// Every metric in one table: name, definition, function, direction, range, what it needs and what
/// cannot change it. Reports, the program's names, the documentation and the property tests read
/// it.
#pragma once

#include <array>
#include <limits>
#include <span>
#include <string_view>

#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/row_counts.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/calibration_error.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/label_ranking.hpp"
#include "cxrlt/metrics/metric.hpp"
#include "cxrlt/metrics/observed_over_expected.hpp"
#include "cxrlt/metrics/operating_points.hpp"
#include "cxrlt/metrics/probability.hpp"
#include "cxrlt/metrics/row_metrics.hpp"
#include "cxrlt/metrics/threshold.hpp"

namespace cxrlt {

namespace detail {

inline constexpr double no_parameter = std::numeric_limits<double>::quiet_NaN();
inline constexpr double unbounded = std::numeric_limits<double>::infinity();
inline constexpr double no_fill = std::numeric_limits<double>::quiet_NaN();

template <class Kind, class Function>
constexpr Kind of(Function function) {
  return Kind{function, function};
}

inline MetricValue log_loss_of(const ProbabilityCells& cells) {
  return cells.logits.size() > 0 ? log_loss_from_logits(cells.logits, cells.labels, cells.weights)
                                 : log_loss(cells.probabilities, cells.labels, cells.weights).value;
}

constexpr AveragingRule needs(Needs what, double when_predictions_undefine = 0) {
  return {what, UndefinedPolicy::skip, when_predictions_undefine};
}

}  // namespace detail

/// All metrics, in the order of reports.
inline constexpr std::array metric_table = std::to_array<Metric>({
    {"average_precision",
     "step sum of (R_k - R_{k-1}) P_k over distinct thresholds, ties as one group", "no positives",
     detail::of<FromThresholdCounts>([](const auto& c, double) { return average_precision(c); }),
     "", detail::no_parameter, Direction::higher, 0, 1, increasing_transform | duplication,
     detail::needs(Needs::positives), true},
    {"chance_average_precision", "expected average precision of a random order", "no positives",
     detail::of<FromThresholdCounts>(
         [](const auto& c, double) { return chance_average_precision(c); }),
     "", detail::no_parameter, Direction::reference, 0, 1, increasing_transform,
     detail::needs(Needs::positives)},
    {"auroc", "probability that a positive scores above a negative, a tie counting one half",
     "no positives or no negatives",
     detail::of<FromThresholdCounts>([](const auto& c, double) { return auroc(c); }), "",
     detail::no_parameter, Direction::higher, 0, 1, increasing_transform | duplication | prevalence,
     detail::needs(Needs::both_labels), true},
    {"partial_auroc", "area under the ROC curve up to a false positive rate, McClish-standardised",
     "no positives or no negatives",
     detail::of<FromThresholdCounts>([](const auto& c, double p) { return partial_auroc(c, p); }),
     "max_fpr", 0.1, Direction::higher, 0, 1, increasing_transform | duplication | prevalence,
     detail::needs(Needs::both_labels)},
    {"best_f1", "highest F1 over all thresholds, with the highest threshold that attains it",
     "no positives",
     detail::of<PointFromThresholdCounts>([](const auto& c, double) { return best_f_beta(c, 1); }),
     "", detail::no_parameter, Direction::higher, 0, 1, increasing_transform | duplication,
     detail::needs(Needs::positives)},
    {"best_informedness", "highest informedness (Youden's J) over all thresholds",
     "no positives or no negatives",
     detail::of<PointFromThresholdCounts>(
         [](const auto& c, double) { return best_informedness(c); }),
     "", detail::no_parameter, Direction::higher, 0, 1,
     increasing_transform | duplication | prevalence, detail::needs(Needs::both_labels)},
    {"recall_at_precision", "highest recall among thresholds with precision >= the target",
     "no positives, or no threshold reaches the target",
     detail::of<PointFromThresholdCounts>(
         [](const auto& c, double p) { return recall_at_precision(c, p); }),
     "precision", 0.9, Direction::higher, 0, 1, increasing_transform | duplication,
     detail::needs(Needs::positives)},
    {"precision_at_recall", "highest precision among thresholds with recall >= the target",
     "no positives", detail::of<PointFromThresholdCounts>([](const auto& c, double p) {
       return precision_at_recall(c, p);
     }),
     "recall", 0.9, Direction::higher, 0, 1, increasing_transform | duplication,
     detail::needs(Needs::positives)},
    {"sensitivity_at_specificity", "highest recall among thresholds with specificity >= the target",
     "no positives or no negatives",
     detail::of<PointFromThresholdCounts>(
         [](const auto& c, double p) { return sensitivity_at_specificity(c, p); }),
     "specificity", 0.9, Direction::higher, 0, 1, increasing_transform | duplication | prevalence,
     detail::needs(Needs::both_labels)},

    {"f1", "2 TP / (2 TP + FP + FN)", "TP = FP = FN = 0",
     detail::of<FromConfusion>([](const auto& c, double) { return f1(c); }), "",
     detail::no_parameter, Direction::higher, 0, 1, duplication, detail::needs(Needs::positives),
     true, false, samples_f1},
    {"f_beta", "(1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP)", "TP = FP = FN = 0",
     detail::of<FromConfusion>([](const auto& c, double p) { return f_beta(c, p); }), "beta", 2,
     Direction::higher, 0, 1, duplication, detail::needs(Needs::positives), true},
    {"precision", "TP / (TP + FP)", "nothing is predicted positive",
     detail::of<FromConfusion>([](const auto& c, double) { return precision(c); }), "",
     detail::no_parameter, Direction::higher, 0, 1, duplication, detail::needs(Needs::positives),
     true, false, samples_precision},
    {"recall", "TP / (TP + FN)", "no positives",
     detail::of<FromConfusion>([](const auto& c, double) { return recall(c); }), "",
     detail::no_parameter, Direction::higher, 0, 1, duplication | prevalence,
     detail::needs(Needs::positives), true, false, samples_recall},
    {"specificity", "TN / (TN + FP)", "no negatives",
     detail::of<FromConfusion>([](const auto& c, double) { return specificity(c); }), "",
     detail::no_parameter, Direction::higher, 0, 1, duplication | prevalence,
     detail::needs(Needs::negatives), true},
    {"npv", "TN / (TN + FN)", "nothing is predicted negative",
     detail::of<FromConfusion>([](const auto& c, double) { return npv(c); }), "",
     detail::no_parameter, Direction::higher, 0, 1, duplication, detail::needs(Needs::negatives),
     true},
    {"mcc", "(TP TN - FP FN) / sqrt((TP+FP) (TP+FN) (TN+FP) (TN+FN))", "one of the four sums is 0",
     detail::of<FromConfusion>([](const auto& c, double) { return mcc(c); }), "",
     detail::no_parameter, Direction::higher, -1, 1, duplication, detail::needs(Needs::both_labels),
     true},
    {"balanced_accuracy", "(recall + specificity) / 2", "no positives or no negatives",
     detail::of<FromConfusion>([](const auto& c, double) { return balanced_accuracy(c); }), "",
     detail::no_parameter, Direction::higher, 0, 1, duplication | prevalence,
     detail::needs(Needs::both_labels), true},
    {"kappa", "agreement of decisions and truth beyond chance, (p_o - p_e) / (1 - p_e)",
     "all labels and all decisions are of one kind",
     detail::of<FromConfusion>([](const auto& c, double) { return kappa(c); }), "",
     detail::no_parameter, Direction::higher, -1, 1, duplication, detail::needs(Needs::both_labels),
     true},
    {"jaccard", "TP / (TP + FP + FN)", "TP = FP = FN = 0",
     detail::of<FromConfusion>([](const auto& c, double) { return jaccard(c); }), "",
     detail::no_parameter, Direction::higher, 0, 1, duplication, detail::needs(Needs::positives),
     true, false, samples_jaccard},
    {"informedness", "recall + specificity - 1 (Youden's J)", "no positives or no negatives",
     detail::of<FromConfusion>([](const auto& c, double) { return informedness(c); }), "",
     detail::no_parameter, Direction::higher, -1, 1, duplication | prevalence,
     detail::needs(Needs::both_labels), true},

    {"brier", "mean of (p - y)^2", "scores are not probabilities",
     FromProbabilities{[](const ProbabilityCells& x, double) {
       return brier(x.probabilities, x.labels, x.weights);
     }},
     "", detail::no_parameter, Direction::lower, 0, 1, duplication, detail::needs(Needs::samples),
     false, true},
    {"log_loss", "mean of -ln p(label); exact from logits, else p clipped at 2^-52",
     "scores are not probabilities",
     FromProbabilities{[](const ProbabilityCells& x, double) { return detail::log_loss_of(x); }},
     "", detail::no_parameter, Direction::lower, 0, detail::unbounded, duplication,
     detail::needs(Needs::samples), false, true},
    {"ece", "sum over equal-width bins of (n_k / n) |observed rate - mean probability|",
     "scores are not probabilities", FromProbabilities{[](const ProbabilityCells& x, double bins) {
       return ece(x.probabilities, x.labels, static_cast<int>(bins), x.weights);
     }},
     "bins", default_bins, Direction::lower, 0, 1, duplication, detail::needs(Needs::samples),
     false, true},
    {"mce", "largest |observed rate - mean probability| over non-empty equal-width bins",
     "scores are not probabilities", FromProbabilities{[](const ProbabilityCells& x, double bins) {
       return mce(x.probabilities, x.labels, static_cast<int>(bins), 1, x.weights);
     }},
     "bins", default_bins, Direction::lower, 0, 1, duplication, detail::needs(Needs::samples)},
    {"ece_mass", "ece over bins of equally many samples, ties kept together",
     "scores are not probabilities", FromProbabilities{[](const ProbabilityCells& x, double bins) {
       return ece_mass(x.probabilities, x.labels, static_cast<int>(bins), x.weights);
     }},
     "bins", default_bins, Direction::lower, 0, 1, duplication, detail::needs(Needs::samples)},
    {"ece_correctness",
     "ece of p against 'the decision at 0.5 is right': a mix-up seen on leaderboards",
     "scores are not probabilities", FromProbabilities{[](const ProbabilityCells& x, double bins) {
       return ece_correctness(x.probabilities, x.labels, static_cast<int>(bins), x.weights);
     }},
     "bins", default_bins, Direction::lower, 0, 1, duplication, detail::needs(Needs::samples)},
    {"observed_over_expected", "number of positives / sum of probabilities",
     "scores are not probabilities, or all are 0",
     FromProbabilities{[](const ProbabilityCells& x, double) {
       return observed_over_expected(x.probabilities, x.labels, x.weights).value;
     }},
     "", detail::no_parameter, Direction::closest_to_one, 0, detail::unbounded, duplication,
     detail::needs(Needs::samples, detail::no_fill), false, true, nullptr, true},

    {"exact_match", "share of rows with every known label decided right", "",
     FromRows{
         [](std::span<const RowCounts> r, std::span<const double> w) { return exact_match(r, w); },
         true},
     "", detail::no_parameter, Direction::higher, 0, 1, duplication, detail::needs(Needs::samples)},
    {"hamming_loss", "share of known labels decided wrong", "",
     FromRows{
         [](std::span<const RowCounts> r, std::span<const double> w) { return hamming_loss(r, w); },
         true},
     "", detail::no_parameter, Direction::lower, 0, 1, duplication, detail::needs(Needs::samples)},
    {"lrap", "mean over rows of the average precision of the row's labels", "",
     FromRows{lrap, false}, "", detail::no_parameter, Direction::higher, 0, 1, duplication,
     detail::needs(Needs::samples)},
    {"coverage_error", "mean over rows of how many labels rank at or above the lowest present one",
     "", FromRows{coverage_error, false}, "", detail::no_parameter, Direction::lower, 0,
     detail::unbounded, duplication, detail::needs(Needs::samples)},
    {"ranking_loss",
     "mean over rows of the share of (present, absent) label pairs not ranked right", "",
     FromRows{
         [](std::span<const RowCounts> r, std::span<const double> w) { return ranking_loss(r, w); },
         false},
     "", detail::no_parameter, Direction::lower, 0, 1, duplication, detail::needs(Needs::samples)},
});

/// The metric of that name, or nullptr.
constexpr const Metric* find_metric(std::string_view name) {
  for (const Metric& metric : metric_table) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

}  // namespace cxrlt
