// SPDX-License-Identifier: Apache-2.0
// expect: Effusion: score >= 0\.[0-9]+ \(auto\), F1 0\.[0-9]+, on other rows 0\.[0-9]+
// expect: Hernia: score >= 0\.[0-9]+ \(auto\), F1 0\.[0-9]+, on other rows 0\.[0-9]+
// expect: one threshold for all, 0\.[0-9]+: macro F1 0\.[0-9]+, on other rows 0\.[0-9]+
// expect: one per class for micro F1: 0\.[0-9]+, on other rows 0\.[0-9]+
// expect: by prevalence alone, 1 in 200: score >= 0\.[0-9]+ predicts 20 of 4000
// expect: Effusion: precision is at least 0\.8 where score >= 0\.[0-9]+ \([0-9]+ of [0-9]+ are right\)
// expect: Hernia: nothing is certified; 14 predictions or more are needed, all of them right
// expect: the file gives the same decisions: yes
// Chooses thresholds in every way there is, saves a set, and applies it.
#include <cstdio>
#include <string>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/io/threshold_json.hpp"
#include "cxrlt/thresholds/guarantee.hpp"
#include "cxrlt/thresholds/joint_thresholds.hpp"
#include "cxrlt/thresholds/match.hpp"
#include "cxrlt/thresholds/threshold_set.hpp"

int main() {
  // Made-up probabilities: a common class, and one with a positive in 200 rows.
  constexpr std::size_t n = 4000;
  const std::vector<std::string> names{"Effusion", "Hernia"};
  cxrlt::ClassMatrix<double> scores(n, 2);
  cxrlt::ClassMatrix<cxrlt::Label> labels(n, 2);
  std::vector<std::size_t> patients(n);
  cxrlt::Random random(1);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < 2; ++k) {
      labels[k][i] = random.uniform() < (k == 0 ? 0.2 : 0.005) ? 1 : 0;
      const double z = 2 * (random.normal() + 2 * labels[k][i]) - (k == 0 ? 3 : 7);
      scores[k][i] = cxrlt::sigmoid(z);
    }
    patients[i] = i / 2;
  }

  const auto set = cxrlt::find_thresholds(scores.view(), labels.view(), names, {}, patients);
  for (std::size_t k = 0; k < 2; ++k) {
    const cxrlt::ChosenThreshold& one = set.classes[k];
    std::printf("%s: score >= %.3f (%s), F1 %.3f, on other rows %.3f\n", names[k].c_str(),
                one.threshold, std::string(to_string(one.method)).c_str(), one.apparent.value,
                one.cross_validated.value);
  }

  using cxrlt::ThresholdScope;
  const auto shared = cxrlt::find_joint_thresholds(scores.view(), labels.view(), names,
                                                   ThresholdScope::shared, {}, patients);
  std::printf("one threshold for all, %.3f: macro F1 %.3f, on other rows %.3f\n",
              shared.classes[0].threshold, shared.joint->apparent.value,
              shared.joint->cross_validated.value);
  const auto micro = cxrlt::find_joint_thresholds(scores.view(), labels.view(), names,
                                                  ThresholdScope::micro, {}, patients);
  std::printf("one per class for micro F1: %.3f, on other rows %.3f\n", micro.joint->apparent.value,
              micro.joint->cross_validated.value);

  const auto matched = cxrlt::match_prevalence(scores.view().column(1), 0.005);
  std::printf("by prevalence alone, 1 in 200: score >= %.3f predicts %d of %zu\n",
              matched.threshold, static_cast<int>(matched.n_predicted), n);

  const cxrlt::PrecisionGuarantee guarantee{.precision = 0.8, .delta = 0.05};
  for (std::size_t k = 0; k < 2; ++k) {
    const auto certified =
        cxrlt::certify_precision(scores.view().column(k), labels.view().column(k), guarantee);
    if (certified.certified) {
      std::printf("%s: precision is at least 0.8 where score >= %.3f (%d of %d are right)\n",
                  names[k].c_str(), certified.threshold, static_cast<int>(certified.n_correct),
                  static_cast<int>(certified.n_predicted));
    } else {
      std::printf(
          "%s: nothing is certified; %d predictions or more are needed, all of them right\n",
          names[k].c_str(), static_cast<int>(certified.n_needed));
    }
  }

  const auto read = cxrlt::parse_thresholds(cxrlt::threshold_json(set), "thresholds.json");
  const auto decisions = cxrlt::decide(scores.view(), read.thresholds);
  bool same = true;
  for (std::size_t k = 0; k < 2; ++k) {
    std::size_t n_predicted = 0;
    for (const std::uint8_t decision : decisions[k]) n_predicted += decision;
    same = same && n_predicted == set.classes[k].n_predicted;
  }
  std::printf("the file gives the same decisions: %s\n", same ? "yes" : "no");
}
