// SPDX-License-Identifier: Apache-2.0
/// The joint optimum of micro F-beta against trying all combinations of thresholds.
#include "cxrlt/thresholds/micro_thresholds.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "random_samples.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

ThresholdCounts<> counts_of(const Sample& sample) {
  return count_thresholds(ColumnView<const double>(sample.scores), sample.labels);
}

ConfusionCounts<> confusion_at(const Sample& sample, double threshold) {
  return count_confusion(ColumnView<const double>(sample.scores), sample.labels, threshold);
}

/// Calls `visit` with every combination of +inf and the distinct scores of each class.
void for_each_combination(const std::vector<Sample>& classes, std::vector<double>& thresholds,
                          const std::function<void()>& visit) {
  const std::size_t c = thresholds.size();
  if (c == classes.size()) {
    visit();
    return;
  }
  std::vector<double> candidates = classes[c].distinct_scores();
  candidates.insert(candidates.begin(), kInfinity);
  for (const double threshold : candidates) {
    thresholds.push_back(threshold);
    for_each_combination(classes, thresholds, visit);
    thresholds.pop_back();
  }
}

}  // namespace

TEST_CASE("the micro optimum is the best of all combinations", "[micro_thresholds]") {
  Random random(41);
  int n_compared = 0;
  for (int repetition = 0; repetition < 300; ++repetition) {
    std::vector<Sample> classes;
    std::vector<ThresholdCounts<>> counts;
    for (std::size_t c = 0; c < 1 + random.below(3); ++c) {
      Sample sample;
      const std::uint32_t n = 1 + random.below(12);
      for (std::uint32_t i = 0; i < n; ++i) {
        sample.add(random.below(6) / 6.0,
                   random.below(8) == 0 ? -1 : static_cast<int>(random.below(3) == 0));
      }
      classes.push_back(sample);
      counts.push_back(counts_of(sample));
    }
    for (const double beta : {1.0, 2.0, 0.5}) {
      const MicroThresholds found = best_micro_thresholds(counts, beta);
      double highest = -1;
      std::vector<double> best;
      std::vector<double> thresholds;
      for_each_combination(classes, thresholds, [&] {
        ConfusionCounts<> sum;
        for (std::size_t c = 0; c < classes.size(); ++c) {
          sum += confusion_at(classes[c], thresholds[c]);
        }
        const MetricValue value = f_beta(sum, beta);
        if (!value.defined() || sum.tp + sum.fn == 0) return;
        if (value.value > highest + 1e-13) {
          highest = value.value;
          best = thresholds;
        } else if (value.value > highest - 1e-13) {
          for (std::size_t c = 0; c < best.size(); ++c) best[c] = std::max(best[c], thresholds[c]);
        }
      });
      if (best.empty()) {
        CHECK_FALSE(found.value.defined());
        continue;
      }
      ++n_compared;
      check_close(found.value.value, highest);
      CHECK(found.thresholds == best);  // of equal values the highest thresholds, class by class
    }
  }
  CHECK(n_compared > 500);
}

TEST_CASE("two classes by hand", "[micro_thresholds]") {
  Sample common;  // alone: TP 2, 2 predictions, F1 1
  common.add(0.9, 1);
  common.add(0.8, 1);
  common.add(0.1, 0);
  Sample rare;  // alone: TP 1 of 3 predictions, F1 0.5
  rare.add(0.7, 0);
  rare.add(0.6, 0);
  rare.add(0.5, 1);
  // Together 2 2 / (3 + 2) = 0.8 without the rare class, 2 3 / (3 + 5) = 0.75 with it.
  const MicroThresholds found =
      best_micro_thresholds<std::uint64_t>({counts_of(common), counts_of(rare)});
  CHECK(found.thresholds == std::vector<double>{0.8, kInfinity});
  check_close(found.value.value, 0.8);
  // Recall counts more: 5 3 / (4 3 + 5) against 5 2 / (4 3 + 2).
  const MicroThresholds recall =
      best_micro_thresholds<std::uint64_t>({counts_of(common), counts_of(rare)}, 2);
  CHECK(recall.thresholds == std::vector<double>{0.8, 0.5});
  check_close(recall.value.value, 15.0 / 17);
}

TEST_CASE("classes without positives predict nothing", "[micro_thresholds]") {
  Sample none;
  none.add(0.9, 0);
  Sample some;
  some.add(0.3, 1);
  some.add(0.2, 0);
  const auto found = best_micro_thresholds<std::uint64_t>({counts_of(none), counts_of(some)});
  CHECK(found.thresholds == std::vector<double>{kInfinity, 0.3});
  CHECK(found.value.value == 1);
  CHECK(best_micro_thresholds<std::uint64_t>({counts_of(none)}).value.why ==
        Undefined::no_positives);
  CHECK(best_micro_thresholds<std::uint64_t>({}).value.why == Undefined::no_samples);
  CHECK_THROWS_AS(best_micro_thresholds<std::uint64_t>({}, 0), InvalidArgument);
}
