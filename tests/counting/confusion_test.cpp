// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/counting/confusion.hpp"

#include <limits>
#include <vector>

#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

using Doubles = std::vector<double>;
using Labels = std::vector<Label>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

auto confusion(const Doubles& scores, const Labels& labels, double threshold) {
  return count_confusion(ColumnView<const double>(scores), labels, threshold);
}

}  // namespace

TEST_CASE("a score equal to the threshold is predicted positive") {
  const auto counts = confusion({.5, .5, .49, .6, .1, .7, .8}, {1, 0, 1, 1, 0, 0, 0}, .5);
  CHECK(counts.tp == 2);
  CHECK(counts.fp == 3);
  CHECK(counts.fn == 1);
  CHECK(counts.tn == 1);
  CHECK(counts.total() == 7);
}

TEST_CASE("the four counts by hand") {
  ConfusionCounts<> counts;
  counts.add(true, true, 2);
  counts.add(true, false, 3);
  counts.add(false, true, 5);
  counts.add(false, false);
  CHECK(counts == ConfusionCounts<>{2, 5, 3, 1});
  counts += ConfusionCounts<>{10, 20, 30, 40};
  CHECK(counts == ConfusionCounts<>{12, 25, 33, 41});
}

TEST_CASE("float scores are held against the threshold as doubles") {
  const std::vector<float> scores{0.1F};
  const Labels labels{1};
  // 0.1F is 0.10000000149; the last threshold becomes the same float.
  CHECK(count_confusion(ColumnView<const float>(scores), labels, 0.1).tp == 1);
  CHECK(count_confusion(ColumnView<const float>(scores), labels, 0.100000001).tp == 1);
  CHECK(count_confusion(ColumnView<const float>(scores), labels, 0.100000002).tp == 0);
}

TEST_CASE("infinite thresholds predict nothing or everything") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(confusion({.1, .9}, {1, 0}, infinity) == ConfusionCounts<>{0, 0, 1, 1});
  CHECK(confusion({.1, .9}, {1, 0}, -infinity) == ConfusionCounts<>{1, 1, 0, 0});
}

TEST_CASE("missing labels are left out, wrong input is refused") {
  CHECK(confusion({.9, kNaN, .1}, {kMissing, kMissing, 1}, .5) == ConfusionCounts<>{0, 0, 1, 0});
  CHECK_THROWS_AS(confusion({kNaN}, {1}, .5), InvalidArgument);
  CHECK_THROWS_AS(confusion({.5}, {2}, .5), InvalidArgument);
  CHECK_THROWS_AS(confusion({.5, .5}, {1}, .5), InvalidArgument);
  const Doubles scores{.5};
  const Labels labels{1};
  const ColumnView<const double> view(scores);
  CHECK_THROWS_AS(count_confusion(view, labels, .5, Doubles{-1}), InvalidArgument);
  CHECK_THROWS_AS(count_confusion(view, labels, .5, Doubles{1, 1}), InvalidArgument);
}

TEST_CASE("whole weights equal repeated rows") {
  Random random(103);
  for (int repetition = 0; repetition < 1000; ++repetition) {
    const Sample s = random_sample(random);
    const auto weighted =
        count_confusion(ColumnView<const double>(s.scores), s.labels, .5, s.weights);
    const Sample r = s.repeated();
    const auto counts = confusion(r.scores, r.labels, .5);
    CHECK(weighted.tp == static_cast<double>(counts.tp));
    CHECK(weighted.fp == static_cast<double>(counts.fp));
    CHECK(weighted.fn == static_cast<double>(counts.fn));
    CHECK(weighted.tn == static_cast<double>(counts.tn));
    CHECK(weighted.tp == s.at_least(.5, 1));
    CHECK(weighted.fp == s.at_least(.5, 0));
  }
  const std::vector<float> narrow{.5F};
  const Labels one{1};
  CHECK(count_confusion(ColumnView<const float>(narrow), one, .5, Doubles{.25}).tp == .25);
}
