// SPDX-License-Identifier: Apache-2.0
/// Predicting a wanted number: by hand, and against trying every threshold.
#include "cxrlt/thresholds/match.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/thresholds/tail_safe.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

MatchedThreshold by_trying(const std::vector<double>& scores, double n_wanted) {
  std::set<double, std::greater<>> thresholds{kInfinity};
  thresholds.insert(scores.begin(), scores.end());
  MatchedThreshold best;
  double nearest = kInfinity;
  for (const double threshold : thresholds) {
    std::uint64_t n = 0;
    for (const double score : scores) n += score >= threshold ? 1 : 0;
    const double distance = std::abs(static_cast<double>(n) - n_wanted);
    if (distance < nearest) {
      nearest = distance;
      best = {threshold, n_wanted, n};
    }
  }
  return best;
}

}  // namespace

TEST_CASE("a wanted number by hand", "[match]") {
  const std::vector<double> scores{0.4, 0.9, 0.7, 0.8, 0.7, 0.1};
  const auto match = [&](double n) { return match_count(ColumnView<const double>(scores), n); };
  CHECK(match(0).threshold == kInfinity);
  CHECK(match(0).n_predicted == 0);
  CHECK(match(1).threshold == 0.9);
  // The tie at 0.7 allows two or four predictions; the fewer count.
  CHECK(match(3).threshold == 0.8);
  CHECK(match(3).n_predicted == 2);
  CHECK(match(3.1).threshold == 0.7);
  CHECK(match(3.1).n_predicted == 4);
  CHECK(match(6).threshold == 0.1);
  CHECK(match(0.5).n_predicted == 0);
  CHECK(match_prevalence(ColumnView<const double>(scores), 1.0 / 3).threshold == 0.8);
  CHECK(match_prevalence(ColumnView<const double>(scores), 1).n_predicted == 6);
  const std::vector<double> zeros{0.0, -0.0};
  CHECK(match_count(ColumnView<const double>(zeros), 1).n_predicted == 0);
}

TEST_CASE("a wanted number is the nearest of all", "[match]") {
  Random random(17);
  for (int repetition = 0; repetition < 500; ++repetition) {
    const Sample sample = random_sample(random, 25, false);
    const std::vector<float> narrow(sample.scores.begin(), sample.scores.end());
    const std::vector<double> widened(narrow.begin(), narrow.end());
    const double n_wanted =
        random.uniform() < 0.5
            ? random.uniform() * static_cast<double>(sample.size())
            : random.below(2 * static_cast<std::uint32_t>(sample.size()) + 1) / 2.0;
    CAPTURE(sample.scores, n_wanted);
    const MatchedThreshold expected = by_trying(sample.scores, n_wanted);
    const MatchedThreshold matched = match_count(ColumnView<const double>(sample.scores), n_wanted);
    CHECK(matched.threshold == expected.threshold);
    CHECK(matched.n_predicted == expected.n_predicted);
    CHECK(match_count(ColumnView<const float>(narrow), n_wanted).threshold ==
          by_trying(widened, n_wanted).threshold);
  }
}

TEST_CASE("as many predictions as positives is the method match", "[match]") {
  Random random(18);
  int n_compared = 0;
  for (int repetition = 0; repetition < 200; ++repetition) {
    const Sample sample = random_sample(random, 25, false);
    if (sample.weight_of(1) == 0) continue;
    ThresholdOptions options;
    options.method = ThresholdMethod::match;
    const ColumnView<const double> scores(sample.scores);
    double n_positive = 0;
    for (const Label label : sample.labels) n_positive += label;
    CHECK(match_count(scores, n_positive).threshold ==
          choose_threshold(scores, sample.labels, options).threshold);
    ++n_compared;
  }
  CHECK(n_compared > 100);
}

TEST_CASE("label cardinality, with and without labels", "[match]") {
  // 3 rows, 2 classes, row-major.
  const std::vector<double> cells{0.9, 0.2, 0.6, 0.5, 0.3, 0.8};
  const MatrixView<const double> scores(cells.data(), 3, 2);
  const std::vector<Label> given{1, 0, 1, 1, 0, 0};
  const LabelMatrixView labels(given.data(), 3, 2);
  CHECK(match_cardinality(scores, labels).threshold == 0.6);
  CHECK(match_cardinality(scores, labels).n_wanted == 3);
  CHECK(match_cardinality(scores, 1.0).threshold == 0.6);
  CHECK(match_cardinality(scores, 2.0).n_predicted == 6);
  CHECK(match_cardinality(scores, 0.0).threshold == kInfinity);
  // Without the cell of 0.9 two labelled cells are positive, and two are predicted at 0.6.
  const std::vector<Label> partly{kMissing, 0, 1, 1, 0, 0};
  const MatchedThreshold matched = match_cardinality(scores, LabelMatrixView(partly.data(), 3, 2));
  CHECK(matched.n_wanted == 2);
  CHECK(matched.threshold == 0.6);
  CHECK(matched.n_predicted == 2);
  const std::vector<float> narrow(cells.begin(), cells.end());
  const MatrixView<const float> floats(narrow.data(), 3, 2);
  CHECK(match_cardinality(floats, labels).threshold == static_cast<double>(0.6F));
  CHECK(match_cardinality(floats, 1.0).threshold == static_cast<double>(0.6F));
}

TEST_CASE("numbers that cannot be matched", "[match]") {
  const std::vector<double> scores{0.4, 0.9};
  const ColumnView<const double> view(scores);
  CHECK_THROWS_AS(match_count(view, -1), InvalidArgument);
  CHECK_THROWS_AS(match_count(view, 2.5), InvalidArgument);
  CHECK_THROWS_AS(match_count(view, std::nan("")), InvalidArgument);
  CHECK_THROWS_AS(match_prevalence(view, 1.5), InvalidArgument);
  const MatrixView<const double> matrix(scores.data(), 1, 2);
  CHECK_THROWS_AS(match_cardinality(matrix, 2.5), InvalidArgument);
  const std::vector<Label> labels{1};
  CHECK_THROWS_AS(match_cardinality(matrix, LabelMatrixView(labels.data(), 1, 1)), InvalidArgument);
  const std::vector<double> broken{std::nan(""), 0.5};
  CHECK_THROWS_AS(match_count(ColumnView<const double>(broken), 1), InvalidArgument);
  CHECK(match_count(ColumnView<const double>{}, 0).threshold == kInfinity);
}
