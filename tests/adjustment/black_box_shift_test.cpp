// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/adjustment/black_box_shift.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

ConfusionCounts<> decisions(std::uint64_t tp, std::uint64_t fn, std::uint64_t fp,
                            std::uint64_t tn) {
  return {tp, fp, fn, tn};
}

}  // namespace

TEST_CASE("the prior that explains the decisions", "[black_box_shift]") {
  // TPR .8, FPR .1; 24 of 100 are predicted: (.24 - .1) / .7 = .2.
  const BlackBoxEstimate estimate = black_box_prior(decisions(40, 10, 20, 180), 24, 100);
  check_close(estimate.prior.value, 0.2);
  check_close(estimate.unclipped, 0.2);
  CHECK_FALSE(estimate.is_clipped());
  const auto variance = [](double k, double n) {
    const double drawn = (k + 0.5) / (n + 1);
    return drawn * (1 - drawn) / n;
  };
  const double error =
      std::sqrt(variance(24, 100) + 0.04 * variance(40, 50) + 0.64 * variance(20, 200)) / 0.7;
  check_close(estimate.interval.lower, 0.2 - 1.959963984540054 * error, 1e-11);
  check_close(estimate.interval.upper, 0.2 + 1.959963984540054 * error, 1e-11);
  const BlackBoxEstimate narrow = black_box_prior(decisions(40, 10, 20, 180), 24, 100, 0.5);
  CHECK(narrow.interval.upper < estimate.interval.upper);
  CHECK(narrow.interval.level == 0.5);
}

TEST_CASE("fewer decisions than false positives are clipped, and so said", "[black_box_shift]") {
  const BlackBoxEstimate none = black_box_prior(decisions(40, 10, 20, 180), 3, 100);
  CHECK(none.prior.value == 0);
  check_close(none.unclipped, -0.1);
  CHECK(none.is_clipped());
  CHECK(none.interval.lower == 0);
  const BlackBoxEstimate all = black_box_prior(decisions(40, 10, 20, 180), 87, 100);
  CHECK(all.prior.value == 1);
  check_close(all.unclipped, 1.1);
  CHECK(all.is_clipped());
  CHECK(all.interval.upper == 1);
  // Decisions worse than chance say as much, turned round.
  check_close(black_box_prior(decisions(10, 40, 180, 20), 76, 100).prior.value, 0.2);
}

TEST_CASE("three of three found do not make a rate certain", "[black_box_shift]") {
  const BlackBoxEstimate few = black_box_prior(decisions(3, 0, 0, 1000), 500, 1000);
  check_close(few.prior.value, 0.5);
  CHECK(few.interval.upper - few.interval.lower > 0.15);
}

TEST_CASE("priors that do not exist", "[black_box_shift]") {
  const auto why = [](const ConfusionCounts<>& source, std::uint64_t n_predicted,
                      std::uint64_t n_rows) {
    const BlackBoxEstimate estimate = black_box_prior(source, n_predicted, n_rows);
    CHECK(estimate.interval.lower == 0);
    CHECK(estimate.interval.upper == 1);
    CHECK_FALSE(estimate.is_clipped());
    return estimate.prior.why;
  };
  CHECK(why(decisions(1, 1, 0, 5), 0, 0) == Undefined::no_samples);
  CHECK(why(decisions(0, 0, 0, 0), 1, 5) == Undefined::no_samples);
  CHECK(why(decisions(0, 0, 2, 5), 1, 5) == Undefined::no_positives);
  CHECK(why(decisions(2, 3, 0, 0), 1, 5) == Undefined::no_negatives);
  CHECK(why(decisions(0, 3, 0, 9), 1, 5) == Undefined::not_estimable);
  CHECK(why(decisions(1, 2, 3, 6), 1, 5) == Undefined::not_estimable);
  CHECK_THROWS_AS(black_box_prior(decisions(1, 1, 0, 5), 6, 5), InvalidArgument);
  CHECK_THROWS_AS(black_box_prior(decisions(1, 1, 0, 5), 1, 5, 1.0), InvalidArgument);
}

TEST_CASE("all classes: labels of the source, decisions of both", "[black_box_shift]") {
  const std::vector<double> source{0.9, 0.2, 0.6, 0.1, 0.3, 0.7};
  const std::vector<Label> labels{1, 1, 0, 0, 0, kMissing};
  const std::vector<double> rows{0.5, 0.4, 0.9, 0.1};
  const MatrixView<const double> source_view(source.data(), 6, 1, 1, 6);
  const LabelMatrixView label_view(MatrixView<const Label>(labels.data(), 6, 1, 1, 6));
  const MatrixView<const double> view(rows.data(), 4, 1, 1, 4);
  // At 1/2: TPR 1/2, FPR 1/3, 2 of 4 predicted.
  const auto estimates = black_box_priors(source_view, label_view, view, std::vector<double>{0.5});
  check_close(estimates[0].unclipped, (0.5 - 1.0 / 3) / (0.5 - 1.0 / 3));
  // Under logits thresholds are probabilities all the same.
  std::vector<double> source_logits;
  std::vector<double> logits;
  for (const double p : source) source_logits.push_back(logit(p) + 1e-9);
  for (const double p : rows) logits.push_back(logit(p) + 1e-9);
  const auto of_logits =
      black_box_priors(MatrixView<const double>(source_logits.data(), 6, 1, 1, 6), label_view,
                       MatrixView<const double>(logits.data(), 4, 1, 1, 4),
                       std::vector<double>{0.5}, ScoreKind::logits);
  CHECK(of_logits[0].unclipped == estimates[0].unclipped);
  CHECK_THROWS_AS(black_box_priors(source_view, label_view, view, std::vector<double>{0.5, 0.5}),
                  InvalidArgument);
  CHECK_THROWS_AS(black_box_priors(source_view, label_view, view,
                                   std::vector<double>{std::numeric_limits<double>::quiet_NaN()}),
                  InvalidArgument);
  const MatrixView<const double> two_classes(rows.data(), 2, 2, 2, 1);
  CHECK_THROWS_AS(black_box_priors(source_view, label_view, two_classes, std::vector<double>{0.5}),
                  InvalidArgument);
}

TEST_CASE("the interval covers, also for few positives and wrong scores", "[black_box_shift]") {
  // Scores N(0, 1) and N(1.8, 1), thought of as logits far too high: only rates count.
  Random random(6);
  const auto draw = [&](double prior) {
    const bool positive = random.uniform() < prior;
    return std::pair{random.normal() + (positive ? 1.8 : 0) > 1.2, positive};
  };
  constexpr int repetitions = 400;
  int covered = 0;
  double sum = 0;
  for (int r = 0; r < repetitions; ++r) {
    ConfusionCounts<> source;
    for (int i = 0; i < 1500; ++i) {
      const auto [predicted, positive] = draw(0.02);
      source.add(positive, predicted);
    }
    std::uint64_t n_predicted = 0;
    for (int i = 0; i < 1000; ++i) n_predicted += draw(0.2).first ? 1 : 0;
    const BlackBoxEstimate estimate = black_box_prior(source, n_predicted, 1000);
    sum += estimate.prior.value;
    covered += estimate.interval.lower <= 0.2 && 0.2 <= estimate.interval.upper ? 1 : 0;
  }
  CAPTURE(sum / repetitions, covered);
  CHECK(sum / repetitions == Approx(0.2).margin(0.01));
  CHECK(covered >= 0.92 * repetitions);
}
