// SPDX-License-Identifier: Apache-2.0
// Values of scikit-learn and of exact arithmetic, from tests/golden/generate.py.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/counting/pooled.hpp"
#include "cxrlt/counting/row_counts.hpp"
#include "cxrlt/metrics/calibration_error.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/label_ranking.hpp"
#include "cxrlt/metrics/operating_points.hpp"
#include "cxrlt/metrics/probability.hpp"
#include "cxrlt/metrics/row_metrics.hpp"
#include "cxrlt/metrics/threshold.hpp"
#include "golden/scikit_learn.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr double kTolerance = 1e-12;

void check_value(const char* name, const MetricValue& actual, double expected) {
  CAPTURE(name);
  CHECK(actual.defined());
  check_close(actual.value, expected, kTolerance);
}

template <class Count>
void check_ranking(const ThresholdCounts<Count>& counts, const golden::ClassValues& expected) {
  check_value("average_precision", average_precision(counts), expected.average_precision);
  check_value("auroc", auroc(counts), expected.auroc);
  check_value("partial_auroc@0.1", partial_auroc(counts, 0.1), expected.partial_auroc_01);
  check_value("partial_auroc@0.3", partial_auroc(counts, 0.3), expected.partial_auroc_03);
  const OperatingPoint best = best_f_beta(counts, 1);
  check_value("best_f1", best.value, expected.best_f1);
  CHECK(best.threshold == expected.best_threshold);
}

template <class Count>
void check_decisions(const ConfusionCounts<Count>& counts, const golden::ClassValues& expected) {
  check_value("f1", f1(counts), expected.f1);
  check_value("f_beta@2", f_beta(counts, 2), expected.f_beta_2);
  check_value("precision", precision(counts), expected.precision);
  check_value("recall", recall(counts), expected.recall);
  check_value("specificity", specificity(counts), expected.specificity);
  check_value("npv", npv(counts), expected.npv);
  check_value("mcc", mcc(counts), expected.mcc);
  check_value("balanced_accuracy", balanced_accuracy(counts), expected.balanced_accuracy);
  check_value("informedness", informedness(counts), 2 * expected.balanced_accuracy - 1);
  check_value("kappa", kappa(counts), expected.kappa);
  check_value("jaccard", jaccard(counts), expected.jaccard);
}

void check_probabilities(ColumnView<const double> p, LabelColumnView y,
                         std::span<const double> weights, const golden::ClassValues& expected) {
  check_value("brier", brier(p, y, weights), expected.brier);
  check_value("log_loss", log_loss(p, y, weights).value, expected.log_loss);
  check_value("ece", ece(p, y, 15, weights), expected.ece);
  check_value("mce", mce(p, y, 15, 1, weights), expected.mce);
  check_value("ece_correctness", ece_correctness(p, y, 15, weights), expected.ece_correctness);
  check_value("ece_mass", ece_mass(p, y, 15, weights), expected.ece_mass);
}

void check_rows(std::span<const RowCounts> rows, std::span<const double> weights,
                const golden::RowValues& expected) {
  check_value("lrap", lrap(rows, weights), expected.lrap);
  check_value("coverage_error", coverage_error(rows, weights), expected.coverage_error);
  check_value("ranking_loss", ranking_loss(rows, weights), expected.ranking_loss);
  check_value("exact_match", exact_match(rows, weights), expected.exact_match);
  check_value("hamming_loss", hamming_loss(rows, weights), expected.hamming_loss);
  check_value("samples_f1", samples_f1(rows, weights), expected.samples_f1);
  check_value("samples_jaccard", samples_jaccard(rows, weights), expected.samples_jaccard);
  check_value("samples_precision", samples_precision(rows, weights), expected.samples_precision);
  check_value("samples_recall", samples_recall(rows, weights), expected.samples_recall);
}

}  // namespace

TEST_CASE("values per class equal scikit-learn's, plain and weighted") {
  for (const auto& data : golden::data_sets) {
    const MatrixView<const double> scores(data.scores.data(), data.n_samples, data.n_classes);
    const LabelMatrixView labels(data.labels.data(), data.n_samples, data.n_classes);
    for (std::size_t c = 0; c < data.n_classes; ++c) {
      CAPTURE(std::string(data.name), c);
      const auto s = scores.column(c);
      const auto y = labels.column(c);
      check_ranking(count_thresholds(s, y), data.plain[c]);
      check_ranking(count_thresholds(s, y, data.weights), data.weighted[c]);
      check_decisions(count_confusion(s, y, 0.5), data.plain[c]);
      check_decisions(count_confusion(s, y, 0.5, data.weights), data.weighted[c]);
      check_probabilities(s, y, {}, data.plain[c]);
      check_probabilities(s, y, data.weights, data.weighted[c]);
    }
  }
}

TEST_CASE("values over rows and over all cells equal scikit-learn's, plain and weighted") {
  for (const auto& data : golden::data_sets) {
    CAPTURE(std::string(data.name));
    const MatrixView<const double> scores(data.scores.data(), data.n_samples, data.n_classes);
    const LabelMatrixView labels(data.labels.data(), data.n_samples, data.n_classes);
    const auto rows = count_rows(scores, labels, std::vector<double>(data.n_classes, 0.5));
    check_rows(rows, {}, data.plain_rows);
    check_rows(rows, data.weights, data.weighted_rows);
    const auto pooled = count_pooled(scores, labels);
    check_value("micro AP", average_precision(pooled), data.plain_rows.micro_average_precision);
    check_value("micro AUROC", auroc(pooled), data.plain_rows.micro_auroc);
    const auto weighted = count_pooled(scores, labels, data.weights);
    check_value("micro AP", average_precision(weighted),
                data.weighted_rows.micro_average_precision);
    check_value("micro AUROC", auroc(weighted), data.weighted_rows.micro_auroc);
    ConfusionCounts<> decided;
    ConfusionCounts<double> weighted_decided;
    for (std::size_t c = 0; c < data.n_classes; ++c) {
      decided += count_confusion(scores.column(c), labels.column(c), 0.5);
      weighted_decided += count_confusion(scores.column(c), labels.column(c), 0.5, data.weights);
    }
    check_value("micro F1", f1(decided), data.plain_rows.micro_f1);
    check_value("micro F1", f1(weighted_decided), data.weighted_rows.micro_f1);
  }
}
