// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/challenge/synthetic.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cxrlt/counting/count_thresholds.hpp"
#include "cxrlt/metrics/discrimination.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"
#include "cxrlt/metrics/observed_over_expected.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

std::size_t count_positives(const SyntheticChallenge& made, std::size_t c) {
  const LabelMatrixView labels = made.label_view();
  std::size_t n = 0;
  for (std::size_t i = 0; i < made.n_samples(); ++i) n += labels(i, c) == 1 ? 1U : 0U;
  return n;
}

std::size_t class_index(const SyntheticChallenge& made, const std::string& name) {
  const auto& names = made.profile.classes;
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

ThresholdCounts<> counts_of(const SyntheticChallenge& made, std::size_t c) {
  return count_thresholds(made.score_view().column(c), made.label_view().column(c));
}

/// FNV-1a of a few bits per value.
template <class Values, class Project>
std::uint64_t checksum(const Values& values, const Project& project) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const auto& value : values) {
    hash = (hash ^ static_cast<std::uint64_t>(project(value))) * 1099511628211ULL;
  }
  return hash;
}

std::uint64_t label_checksum(const SyntheticChallenge& made) {
  return checksum(made.labels, [](Label label) { return label; });
}

}  // namespace

TEST_CASE("the synthetic set has the shape of CXR-LT 2026 Task 1") {
  const SyntheticChallenge made = make_synthetic_challenge();
  CHECK(made.profile.name == "cxrlt2026_task1");
  REQUIRE(made.n_samples() == 1620);
  REQUIRE(made.n_classes() == 30);
  CHECK(made.labels.size() == 1620 * 30);
  CHECK(made.probabilities.size() == 1620 * 30);
  CHECK(made.profile.train_size == 128815);
  const auto& counts = made.profile.train_counts;
  const auto [rarest, most] = std::minmax_element(counts.begin(), counts.end());
  const double imbalance = static_cast<double>(**most) / static_cast<double>(**rarest);
  CHECK(imbalance > 900);
  CHECK(imbalance < 1100);
}

TEST_CASE("one synthetic class has no positive, one has three, the others have more") {
  for (const std::uint64_t seed : {2026ULL, 1ULL, 7ULL}) {
    for (const std::size_t n : {std::size_t{300}, std::size_t{1620}, std::size_t{5000}}) {
      CAPTURE(seed, n);
      const SyntheticChallenge made = make_synthetic_challenge({n, seed});
      REQUIRE(made.n_samples() == n);
      for (std::size_t c = 0; c < made.n_classes(); ++c) {
        const std::string& name = made.profile.classes[c];
        CAPTURE(name);
        const std::size_t positives = count_positives(made, c);
        if (name == "Hydropneumothorax") {
          CHECK(positives == 0);
        } else if (name == "pneumoperitoneo") {
          CHECK(positives == 3);
        } else {
          CHECK(positives >= 4);
        }
      }
    }
  }
}

TEST_CASE("synthetic prevalences are about those of training") {
  const SyntheticChallenge made = make_synthetic_challenge();
  for (std::size_t c = 0; c < made.n_classes(); ++c) {
    const double trained = static_cast<double>(*made.profile.train_counts[c]) /
                           static_cast<double>(made.profile.train_size);
    if (trained < 0.01) continue;
    CAPTURE(made.profile.classes[c]);
    const double ratio = static_cast<double>(count_positives(made, c)) / (1620 * trained);
    CHECK(ratio > 0.6);
    CHECK(ratio < 1.6);
  }
}

TEST_CASE("synthetic labels: 'Normal' excludes most findings, and findings occur together") {
  const SyntheticChallenge made = make_synthetic_challenge();
  const LabelMatrixView labels = made.label_view();
  REQUIRE(made.profile.classes[0] == made.profile.normal_class);
  std::size_t normal_with_finding = 0;
  std::size_t several = 0;
  for (std::size_t i = 0; i < made.n_samples(); ++i) {
    std::size_t findings = 0;
    for (std::size_t c = 1; c < made.n_classes(); ++c) findings += labels(i, c) == 1 ? 1U : 0U;
    several += findings > 1 ? 1U : 0U;
    normal_with_finding += labels(i, 0) == 1 && findings > 0 ? 1U : 0U;
  }
  CHECK(normal_with_finding > 0);
  CHECK(normal_with_finding * 20 < count_positives(made, 0));
  CHECK(several > 200);

  // Related findings meet more often than chance.
  const std::size_t effusion = class_index(made, "pleural effusion");
  const std::size_t alveolar = class_index(made, "alveolar pattern");
  double both = 0;
  for (std::size_t i = 0; i < made.n_samples(); ++i) {
    both += labels(i, effusion) == 1 && labels(i, alveolar) == 1 ? 1 : 0;
  }
  const double expected = static_cast<double>(count_positives(made, effusion)) *
                          static_cast<double>(count_positives(made, alveolar)) / 1620;
  CHECK(both > 1.5 * expected);
}

TEST_CASE("synthetic ids are unique and patients lie within centres") {
  const SyntheticChallenge made = make_synthetic_challenge();
  CHECK(std::set<std::string>(made.ids.begin(), made.ids.end()).size() == made.n_samples());
  REQUIRE(made.patients.size() == made.n_samples());
  REQUIRE(made.centres.size() == made.n_samples());
  REQUIRE(made.views.size() == made.n_samples());

  std::map<std::string, std::string> centre_of_patient;
  std::map<std::string, std::size_t> images_of_patient;
  std::map<std::string, std::size_t> images_of_centre;
  for (std::size_t i = 0; i < made.n_samples(); ++i) {
    const auto at = centre_of_patient.emplace(made.patients[i], made.centres[i]).first;
    CHECK(at->second == made.centres[i]);
    ++images_of_patient[made.patients[i]];
    ++images_of_centre[made.centres[i]];
  }
  CHECK(images_of_centre.size() == 3);
  for (const auto& entry : images_of_centre) CHECK(entry.second > 100);
  std::size_t with_several = 0;
  for (const auto& entry : images_of_patient) {
    CHECK(entry.second <= 4);
    with_several += entry.second > 1 ? 1U : 0U;
  }
  CHECK(with_several > 200);
  CHECK(images_of_patient.size() > 800);
  CHECK(std::set<std::string>(made.views.begin(), made.views.end()) ==
        std::set<std::string>{"AP", "LATERAL", "PA"});
}

TEST_CASE("synthetic probabilities are those of a decent model that is too shy in the tail") {
  const SyntheticChallenge made = make_synthetic_challenge();
  double sum_ap = 0;
  double sum_auroc = 0;
  int n_defined = 0;
  for (std::size_t c = 0; c < made.n_classes(); ++c) {
    const auto column = made.score_view().column(c);
    for (std::size_t i = 0; i < column.size(); ++i) {
      REQUIRE(column[i] > 0);
      REQUIRE(column[i] < 1);
    }
    const ThresholdCounts<> counts = counts_of(made, c);
    if (counts.n_positive == 0) continue;
    sum_ap += average_precision(counts).value;
    sum_auroc += auroc(counts).value;
    ++n_defined;
    if (counts.n_positive < 20) continue;
    CAPTURE(made.profile.classes[c], counts.n_positive);
    CHECK(auroc(counts).value > 0.72);
    CHECK(auroc(counts).value < 0.98);
    CHECK(average_precision(counts).value > 2 * chance_average_precision(counts).value);
  }
  CHECK(n_defined == 29);
  CHECK(sum_ap / n_defined > 0.30);
  CHECK(sum_ap / n_defined < 0.45);
  CHECK(sum_auroc / n_defined > 0.83);
  CHECK(sum_auroc / n_defined < 0.90);

  const auto groups = groups_by_prevalence(made.profile.train_counts, made.profile.train_size);
  std::map<std::string, double> observed;
  std::map<std::string, double> expected;
  for (const ClassGroup& group : groups) {
    for (const std::size_t c : group.classes) {
      const auto ratio = observed_over_expected(made.score_view().column(c),
                                                made.label_view().column(c), {}, 0.95);
      observed[group.name] += ratio.observed;
      expected[group.name] += ratio.expected;
    }
  }
  check_close(observed.at("head") / expected.at("head"), 1, 0.2);
  CHECK(observed.at("tail") / expected.at("tail") > 1.5);
}

TEST_CASE("a synthetic set follows from its seed") {
  const SyntheticChallenge made = make_synthetic_challenge();
  const SyntheticChallenge again = make_synthetic_challenge({1620, 2026});
  CHECK(made.ids == again.ids);
  CHECK(made.patients == again.patients);
  CHECK(made.labels == again.labels);
  CHECK(made.probabilities == again.probabilities);

  const SyntheticChallenge other = make_synthetic_challenge({1620, 2027});
  CHECK(made.labels != other.labels);
  CHECK(made.probabilities != other.probabilities);
  CHECK(made.patients != other.patients);

  // The same on every platform.
  CHECK(label_checksum(made) == 0x11dd04a7e4f9d986U);
  CHECK(checksum(made.probabilities, [](double p) { return std::llround(p * 1e6); }) ==
        0xa491880eeeedfd2cU);
}

TEST_CASE("synthetic training labels have the counts of training, and findings occur together") {
  SyntheticOptions options;
  options.n_samples = 128815;
  const SyntheticTraining made = make_synthetic_training(options);
  REQUIRE(made.n_samples() == 128815);
  REQUIRE(made.profile.train_size == 128815);
  REQUIRE(made.n_classes() == 30);
  const auto n_both = [&](std::size_t a, std::size_t b) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < made.n_samples(); ++i) {
      n += made.labels[a][i] == 1 && made.labels[b][i] == 1 ? 1U : 0U;
    }
    return n;
  };
  for (std::size_t c = 0; c < 30; ++c) {
    CAPTURE(c);
    CHECK(n_both(c, c) == std::max<std::uint64_t>(4, made.profile.train_counts[c].value()));
    CHECK(made.separations[c] >= 1.2);
  }
  // Cardiomegaly and pleural effusion: more often than by chance; 'Normal' with either: less often.
  const auto by_chance = [&](std::size_t a, std::size_t b) {
    return static_cast<double>(n_both(a, a)) * static_cast<double>(n_both(b, b)) / 128815;
  };
  CHECK(static_cast<double>(n_both(2, 3)) > 1.5 * by_chance(2, 3));
  CHECK(static_cast<double>(n_both(0, 2)) < 0.5 * by_chance(0, 2));
  options.n_samples = 500;
  const SyntheticTraining few = make_synthetic_training(options);
  for (std::size_t c = 0; c < 30; ++c) {
    CHECK(std::count(few.labels[c].begin(), few.labels[c].end(), 1) >= 4);
  }
  options.n_samples = 299;
  CHECK_THROWS_AS(make_synthetic_training(options), InvalidArgument);
}

TEST_CASE("a synthetic set of an impossible size is refused") {
  CHECK_THROWS_AS(make_synthetic_challenge({299, 1}), InvalidArgument);
  CHECK_THROWS_AS(make_synthetic_challenge({1'000'000, 1}), InvalidArgument);
  CHECK_NOTHROW(make_synthetic_challenge({300, 1}));
}
