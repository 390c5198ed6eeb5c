// SPDX-License-Identifier: Apache-2.0
/// Thresholds for few positives: each rule by hand, and a small simulation of what they are for.
#include "cxrlt/thresholds/tail_safe.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

struct Rows {
  std::vector<double> scores;
  std::vector<Label> labels;

  ChosenThreshold choose(const ThresholdOptions& options,
                         const std::vector<std::size_t>& groups = {}) const {
    return choose_threshold(ColumnView<const double>(scores), LabelColumnView(labels), options,
                            groups);
  }
};

ThresholdOptions options_of(ThresholdMethod method, const std::string& objective = "f1") {
  ThresholdOptions options;
  options.method = method;
  options.objective = parse_objective(objective);
  return options;
}

/// Logits of n rows, the first n_positive of them positive and higher by 1.8 (in the units of the
/// unscaled score); `tail` is "normal" or "logistic".
Rows simulated(std::size_t n, std::size_t n_positive, bool heavy, double scale, double shift,
               std::uint64_t seed) {
  Random random(seed);
  Rows rows;
  for (std::size_t i = 0; i < n; ++i) {
    const double u = random.uniform();
    const double noise = heavy ? std::log((u + 1e-17) / (1 - u)) / 1.8 : random.normal();
    const double score = noise + (i < n_positive ? 1.8 : 0);
    rows.scores.push_back(scale * 1.8 * score + shift - 9);
    rows.labels.push_back(i < n_positive ? Label{1} : Label{0});
  }
  return rows;
}

/// F1 on endless test data of the same kind.
double test_f1(double threshold, std::size_t n, std::size_t n_positive, bool heavy, double scale,
               double shift) {
  const double t = (threshold - shift + 9) / (scale * 1.8);
  const auto above = [&](double x) {
    return heavy ? sigmoid(-1.8 * x) : std::erfc(x / std::numbers::sqrt2) / 2;
  };
  const double positives = static_cast<double>(n_positive);
  const double tp = positives * above(t - 1.8);
  const double fp = static_cast<double>(n - n_positive) * above(t);
  return 2 * tp / (positives + tp + fp);
}

}  // namespace

TEST_CASE("best and match by hand", "[tail_safe]") {
  const Rows rows{{0.9, 0.8, 0.7, 0.7, 0.4, 0.1, 0.05}, {1, 0, 1, 0, 1, 0, kMissing}};
  const ChosenThreshold best = rows.choose(options_of(ThresholdMethod::best));
  CHECK(best.threshold == 0.4);
  CHECK(best.n_predicted == 5);
  CHECK(best.smallest_accepted == 0.4);
  CHECK(best.largest_refused == 0.1);
  CHECK(best.n_positive == 3);
  CHECK(best.n_negative == 3);
  check_close(best.apparent.value, 0.75);
  // Three positives; the ties at 0.7 allow two or four predictions, and the fewer count.
  const ChosenThreshold match = rows.choose(options_of(ThresholdMethod::match));
  CHECK(match.threshold == 0.8);
  CHECK(match.n_predicted == 2);
  check_close(match.apparent.value, 2.0 / 5);
}

TEST_CASE("shrinking goes from the optimum to match", "[tail_safe]") {
  const Rows rows = simulated(1000, 8, false, 1, 0, 7);
  const ChosenThreshold best = rows.choose(options_of(ThresholdMethod::best));
  const ChosenThreshold match = rows.choose(options_of(ThresholdMethod::match));
  CHECK(best.n_predicted > 5 * match.n_predicted);
  ThresholdOptions options = options_of(ThresholdMethod::shrink);
  options.pseudo_positives = 0;
  CHECK(rows.choose(options).threshold == best.threshold);
  options.pseudo_positives = 1e12;
  CHECK(rows.choose(options).threshold == match.threshold);
  options.pseudo_positives = 8;  // half way, in the logarithm
  const double expected = std::sqrt(static_cast<double>(best.n_predicted) * 8);
  CHECK(std::abs(static_cast<double>(rows.choose(options).n_predicted) - expected) <= 0.5);
}

TEST_CASE("plugging in does not depend on a slope and an offset of the logits", "[tail_safe]") {
  const Rows rows = simulated(2000, 20, false, 1, 0, 1);
  Rows other = rows;
  for (double& z : other.scores) z = 1.5 * z + 4;
  ThresholdOptions options = options_of(ThresholdMethod::plug_in);
  options.scores = ScoreKind::logits;
  const ChosenThreshold one = rows.choose(options);
  CHECK(one.n_predicted == other.choose(options).n_predicted);
  // Nor on whether they are logits or their probabilities.
  Rows probabilities = rows;
  for (double& z : probabilities.scores) z = sigmoid(z);
  options.scores = ScoreKind::probabilities;
  CHECK(one.n_predicted == probabilities.choose(options).n_predicted);
  // Calibrated scores are cut near half the F1 that they attain (Lipton et al. 2014).
  CHECK(one.n_predicted > 3);
  CHECK(one.n_predicted < 100);
}

TEST_CASE("a row's probability is of the map of other folds", "[tail_safe]") {
  const Rows rows = simulated(60, 12, false, 1, 9, 6);
  detail::RankedRows ranked =
      detail::rank_rows(ColumnView<const double>(rows.scores), LabelColumnView(rows.labels));
  detail::add_logits(ranked, ScoreKind::logits);
  detail::assign_folds(ranked, stratified_folds(LabelColumnView(rows.labels), {}, {3, 0}));
  const std::vector<double> probabilities = detail::cross_fitted_probabilities(ranked, 3);
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    std::vector<Label> others = rows.labels;
    for (const detail::RankedRow& row : ranked) {
      if (row.fold == ranked[i].fold) others[row.row] = kMissing;
    }
    const auto platt = PlattScaling::fit(ColumnView<const double>(rows.scores), others);
    CHECK(std::abs(probabilities[i] - platt(ranked[i].score)) < 1e-9);
  }
}

TEST_CASE("the apparent value flatters, the cross-validated one does not", "[tail_safe]") {
  double apparent = 0;
  double validated = 0;
  double truth = 0;
  constexpr int n_repetitions = 60;
  for (int r = 0; r < n_repetitions; ++r) {
    const Rows rows = simulated(1000, 5, false, 1, 0, 100 + static_cast<std::uint64_t>(r));
    ThresholdOptions options = options_of(ThresholdMethod::best);
    options.scores = ScoreKind::logits;
    const ChosenThreshold chosen = rows.choose(options);
    apparent += chosen.apparent.value / n_repetitions;
    validated += chosen.cross_validated.value / n_repetitions;
    truth += test_f1(chosen.threshold, 1000, 5, false, 1, 0) / n_repetitions;
  }
  CHECK(apparent > truth + 0.05);
  CHECK(std::abs(validated - truth) < 0.05);
}

TEST_CASE("the gain of a rule and its jackknife error, by hand", "[tail_safe]") {
  using detail::RankedRow;
  detail::RankedRows rows;
  for (const auto& [score, positive] :
       {std::pair{0.9, true}, {0.8, false}, {0.7, true}, {0.6, false}, {0.5, true}, {0.4, false}}) {
    RankedRow& row = rows.emplace_back();
    row.score = score;
    row.positive = positive;
  }
  detail::PairedDecisions decisions;
  decisions.add(rows, 0.8, 0.5);  // F1 of 2 / 5 and of 6 / 8
  const Objective f1;
  check_close(decisions.gain(f1), 0.75 - 0.4);
  // Without a positive of both, a positive or a negative of the second alone, a negative of both;
  // a true negative of both changes nothing.
  const auto square = [](double x) { return x * x; };
  const double variance = square(4.0 / 6 - 0.0 - 0.35) + 2 * square(4.0 / 6 - 2.0 / 4 - 0.35) +
                          square(6.0 / 7 - 0.4 - 0.35) + square(6.0 / 7 - 2.0 / 4 - 0.35);
  check_close(decisions.gain_variance(f1), variance);
  const Objective cost = parse_objective("cost:1,5");
  check_close(decisions.gain(cost), (1 + 2 * 5.0) / 6 - 2.0 / 6);
  check_close(detail::probability_positive(0.35, 0.35 * 0.35), 0.8413447460685429);
  CHECK(detail::probability_positive(0, 0) == 0.5);
  CHECK(detail::probability_positive(-1, 0) == 0);
}

TEST_CASE("auto lies between the optimum and plug-in", "[tail_safe]") {
  const auto n_predicted = [](const Rows& rows, ThresholdMethod method,
                              const std::string& objective) {
    ThresholdOptions options = options_of(method, objective);
    options.scores = ScoreKind::logits;
    return rows.choose(options);
  };
  // With many positives both rules settle, and so does what is between them.
  const Rows many = simulated(2000, 500, false, 1, 0, 3);
  for (const std::string objective : {"f1", "youden", "mcc", "cost:1,5"}) {
    CAPTURE(objective);
    const auto best = n_predicted(many, ThresholdMethod::best, objective);
    const auto plug_in = n_predicted(many, ThresholdMethod::plug_in, objective);
    const auto chosen = n_predicted(many, ThresholdMethod::automatic, objective);
    const auto [low, high] = std::minmax({best.n_predicted, plug_in.n_predicted});
    CHECK(static_cast<double>(chosen.n_predicted) > 0.95 * static_cast<double>(low));
    CHECK(static_cast<double>(chosen.n_predicted) < 1.05 * static_cast<double>(high));
    CHECK(chosen.plug_in_weight > 0);
    CHECK(chosen.plug_in_weight < 1);
    CHECK(std::abs(chosen.cross_validated.value - chosen.apparent.value) < 0.02);
    CHECK(std::isnan(best.plug_in_weight));
  }
  // False positives so dear that plug-in never predicts, and the optimum seldom.
  const auto none =
      n_predicted(simulated(500, 20, false, 1, 0, 4), ThresholdMethod::automatic, "cost:100000,1");
  CHECK(none.threshold == std::numeric_limits<double>::infinity());
  CHECK(none.plug_in_weight > 0.5);
  // All rows of one patient: four training sets of five have every positive, the fifth none.
  const Rows rows = simulated(300, 9, false, 1, 0, 2);
  ThresholdOptions options = options_of(ThresholdMethod::automatic);
  options.scores = ScoreKind::logits;
  const std::vector<std::size_t> one_patient(rows.scores.size(), 7);
  const ChosenThreshold together = rows.choose(options, one_patient);
  CHECK(together.cross_validated.value == 0);
  CHECK(together.n_predicted > 3);
}

TEST_CASE("auto trusts plug-in where logits are right, and not where tails are heavy",
          "[tail_safe]") {
  double calibrated = 0;
  double outliers = 0;
  constexpr int n_repetitions = 5;
  for (int r = 0; r < n_repetitions; ++r) {
    Rows rows = simulated(500, 30, false, 1, 0, 900 + static_cast<std::uint64_t>(r));
    ThresholdOptions options = options_of(ThresholdMethod::automatic);
    options.scores = ScoreKind::logits;
    calibrated += rows.choose(options).plug_in_weight / n_repetitions;
    for (std::size_t i = 30; i < 50; ++i) rows.scores[i] = 8;  // negatives above all
    outliers += rows.choose(options).plug_in_weight / n_repetitions;
  }
  CHECK(calibrated > 0.5);
  CHECK(outliers < 0.25);
}

TEST_CASE("a straight map of logits hardly moves auto", "[tail_safe]") {
  const Rows rows = simulated(2000, 12, false, 1, 0, 8);
  Rows other = rows;
  for (double& z : other.scores) z = 0.5 * z - 1;
  ThresholdOptions options = options_of(ThresholdMethod::automatic);
  options.scores = ScoreKind::logits;
  const ChosenThreshold one = rows.choose(options);
  const ChosenThreshold two = other.choose(options);
  CHECK(one.n_predicted == two.n_predicted);
  CHECK(std::abs(one.plug_in_weight - two.plug_in_weight) < 1e-9);
}

TEST_CASE("auto is never much worse than the optimum, and better with few positives",
          "[tail_safe]") {
  struct Setting {
    std::size_t n_positive;
    bool heavy;
    double scale;
    double shift;
  };
  const std::vector<Setting> settings{
      {4, false, 0.5, 4}, {8, false, 1.5, -1}, {5, true, 1.5, 4}, {20, true, 1, 0}};
  constexpr std::size_t n = 400;
  constexpr int n_repetitions = 12;
  double gain_of_few = 0;
  for (const Setting& s : settings) {
    double difference = 0;
    for (int r = 0; r < n_repetitions; ++r) {
      const Rows rows = simulated(n, s.n_positive, s.heavy, s.scale, s.shift,
                                  500 + static_cast<std::uint64_t>(r));
      const auto value = [&](ThresholdMethod method) {
        ThresholdOptions options = options_of(method);
        options.scores = ScoreKind::logits;
        const ChosenThreshold chosen = rows.choose(options);
        CHECK(chosen.method == method);
        return test_f1(chosen.threshold, n, s.n_positive, s.heavy, s.scale, s.shift);
      };
      difference +=
          (value(ThresholdMethod::automatic) - value(ThresholdMethod::best)) / n_repetitions;
    }
    CAPTURE(s.n_positive, s.heavy, s.scale, s.shift, difference);
    CHECK(difference > -0.01);
    if (s.n_positive <= 10 && !s.heavy) gain_of_few += difference;
  }
  CHECK(gain_of_few > 0.01);
}

TEST_CASE("patients stay together, and the seed decides the folds", "[tail_safe]") {
  const Rows rows = simulated(300, 9, false, 1, 0, 2);
  std::vector<std::size_t> one_patient(rows.scores.size(), 7);
  ThresholdOptions options = options_of(ThresholdMethod::best);
  // All rows in one fold: nothing is left to learn from, so nothing is predicted there.
  CHECK(rows.choose(options, one_patient).cross_validated.value == 0);
  CHECK(rows.choose(options).cross_validated.value > 0);
  // All positives are of one patient: what is learnt without them predicts nothing of them.
  std::vector<std::size_t> groups = one_patient;
  for (std::size_t i = 9; i < groups.size(); ++i) groups[i] = i;
  options.method = ThresholdMethod::plug_in;
  options.scores = ScoreKind::logits;
  CHECK(rows.choose(options, groups).cross_validated.value == 0);
  options.method = ThresholdMethod::best;
  options.folds.seed = 40;
  CHECK(rows.choose(options).threshold == rows.choose(options_of(ThresholdMethod::best)).threshold);
}

TEST_CASE("targets are kept on these rows, or out of reach", "[tail_safe]") {
  const Rows rows{{0.9, 0.8, 0.7, 0.6, 0.4, 0.1}, {0, 1, 1, 0, 1, 0}};
  const ChosenThreshold recall = rows.choose(options_of(ThresholdMethod::automatic, "recall>=0.6"));
  CHECK(recall.method == ThresholdMethod::best);
  CHECK(recall.threshold == 0.7);
  check_close(recall.apparent.value, 2.0 / 3);
  const ChosenThreshold precise =
      rows.choose(options_of(ThresholdMethod::automatic, "precision>=0.9"));
  CHECK_FALSE(precise.attainable);
  CHECK(precise.threshold == std::numeric_limits<double>::infinity());
  CHECK(precise.n_predicted == 0);
  CHECK(std::isnan(precise.smallest_accepted));
  CHECK(precise.largest_refused == 0.9);
  CHECK(precise.apparent.why == Undefined::unattainable);
  CHECK_THROWS_WITH(rows.choose(options_of(ThresholdMethod::match, "recall>=0.6")),
                    Catch::Contains("only 'best' can"));
}

TEST_CASE("without positives nothing is predicted", "[tail_safe]") {
  const Rows rows{{0.9, 0.1}, {0, 0}};
  for (const auto& [method, name] : threshold_methods) {
    CAPTURE(std::string(name));
    const ChosenThreshold chosen = rows.choose(options_of(method));
    CHECK(chosen.threshold == std::numeric_limits<double>::infinity());
    CHECK(chosen.apparent.why == Undefined::no_positives);
    CHECK(chosen.cross_validated.why == Undefined::no_positives);
    CHECK(find_threshold_method(name) == method);
  }
  const Rows unknown{{0.9, 0.2, std::numeric_limits<double>::quiet_NaN()}, {kMissing, 1, 0}};
  CHECK_THROWS_WITH(unknown.choose(options_of(ThresholdMethod::match)),
                    Catch::Contains("sample 2 is NaN"));
  const Rows logits{{3.0, -1.0, 2.0, -2.0}, {1, 0, 1, 0}};
  CHECK_THROWS_WITH(logits.choose(options_of(ThresholdMethod::plug_in)),
                    Catch::Contains("if the scores are logits, say so"));
}
