// SPDX-License-Identifier: Apache-2.0
/// Counts at many thresholds against counting at each of them.
#include "cxrlt/counting/confusions.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/random.hpp"
#include "random_samples.hpp"

using namespace cxrlt;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("counts at thresholds equal counting at each", "[confusions]") {
  Random random(31);
  const std::vector<double> thresholds{kInfinity, 1,   0.8, 0.75, 0.5,
                                       1.0 / 3,   0.3, 0,   -1,   -kInfinity};
  for (int repetition = 0; repetition < 300; ++repetition) {
    const Sample sample = random_sample(random, 30);
    const ColumnView<const double> scores(sample.scores);
    const auto counts = count_confusions(scores, sample.labels, thresholds);
    const std::vector<float> narrow(sample.scores.begin(), sample.scores.end());
    const auto of_floats =
        count_confusions(ColumnView<const float>(narrow), sample.labels, thresholds);
    REQUIRE(counts.size() == thresholds.size());
    for (std::size_t k = 0; k < thresholds.size(); ++k) {
      CAPTURE(thresholds[k], sample.scores);
      CHECK(counts[k] == count_confusion(scores, sample.labels, thresholds[k]));
      CHECK(of_floats[k] ==
            count_confusion(ColumnView<const float>(narrow), sample.labels, thresholds[k]));
    }
  }
}

TEST_CASE("counts at thresholds: extremes and mistakes", "[confusions]") {
  const std::vector<double> scores{-0.0, kInfinity, -kInfinity};
  const std::vector<Label> labels{1, 1, 0};
  const ColumnView<const double> view(scores);
  const auto at = count_confusions(view, labels, std::vector<double>{kInfinity, 0.0, -kInfinity});
  CHECK(at[0] == ConfusionCounts<>{1, 0, 1, 1});
  CHECK(at[1] == ConfusionCounts<>{2, 0, 0, 1});
  CHECK(at[2] == ConfusionCounts<>{2, 1, 0, 0});
  CHECK(count_confusions(view, labels, std::vector<double>{}).empty());
  CHECK_THROWS_AS(count_confusions(view, labels, std::vector<double>{1, 1}), InvalidArgument);
  CHECK_THROWS_AS(count_confusions(view, labels, std::vector<double>{0, 1}), InvalidArgument);
  CHECK_THROWS_AS(count_confusions(view, labels, std::vector<double>{std::nan("")}),
                  InvalidArgument);
  const std::vector<Label> fewer{1};
  const std::vector<Label> wrong{1, 2, 0};
  const std::vector<Label> hidden{kMissing, 1, 0};
  const std::vector<double> one{1};
  CHECK_THROWS_AS(count_confusions(view, fewer, one), InvalidArgument);
  CHECK_THROWS_AS(count_confusions(view, wrong, one), InvalidArgument);
  const std::vector<double> broken{std::nan(""), 1, 0};
  CHECK_THROWS_AS(count_confusions(ColumnView<const double>(broken), labels, one), InvalidArgument);
  CHECK_NOTHROW(count_confusions(ColumnView<const double>(broken), hidden, one));
}
