// SPDX-License-Identifier: Apache-2.0
// expect: calibrated, true prior 0\.002: em 0\.00[0-9]+ \+- 0\.0[0-9]+, covered 0\.9[0-9], no shift refused 0\.[0-9]+
// expect: calibrated, true prior 0\.050: em 0\.0(4|5)[0-9]+ \+- 0\.0[0-9]+, covered 0\.9[0-9]
// expect: over-confident, true prior 0\.050: em 0\.00[0-9]+ \+- 0\.0[0-9]+, covered 0\.00
// expect: bbse 0\.0(4|5)[0-9]+ \+- 0\.0[0-9]+, covered 0\.9[0-9]
// How well priors are estimated without labels: by likelihood and by decisions, from calibrated and
// from over-confident probabilities. The table of docs/adjustment.md.
#include <cmath>
#include <cstdio>
#include <vector>

#include "cxrlt/adjustment/black_box_shift.hpp"
#include "cxrlt/adjustment/prior_estimation.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"

namespace {

constexpr double kSource = 0.01;  // the prior in training and validation
constexpr int kRepetitions = 300;

/// A score and a label: negatives N(0, 1), positives N(1.8, 1). The probability is right for the
/// source if the sharpness is 1, over-confident if it is more.
struct Row {
  double probability = 0;
  bool positive = false;
};

Row draw(cxrlt::Random& random, double prior, double sharpness) {
  const bool positive = random.uniform() < prior;
  const double x = random.normal() + (positive ? 1.8 : 0);
  return {cxrlt::sigmoid(sharpness * (cxrlt::logit(kSource) + 1.8 * x - 1.62)), positive};
}

/// Mean and spread of estimates, and how often the interval holds the truth.
struct Tally {
  double sum = 0;
  double squares = 0;
  int covered = 0;

  void add(double estimate, const cxrlt::Interval& interval, double truth) {
    sum += estimate;
    squares += estimate * estimate;
    covered += interval.lower <= truth && truth <= interval.upper ? 1 : 0;
  }
  double mean() const { return sum / kRepetitions; }
  double spread() const { return std::sqrt(squares / kRepetitions - mean() * mean()); }
  double coverage() const { return static_cast<double>(covered) / kRepetitions; }
};

void simulate(const char* what, double sharpness, double truth, cxrlt::Random& random) {
  Tally likelihood;
  Tally decisions;
  int n_refused = 0;
  for (int repetition = 0; repetition < kRepetitions; ++repetition) {
    cxrlt::ConfusionCounts<> validation;
    for (int i = 0; i < 5000; ++i) {
      const Row row = draw(random, kSource, sharpness);
      validation.add(row.positive, row.probability >= kSource);
    }
    std::vector<double> probabilities;
    std::uint64_t n_predicted = 0;
    for (int i = 0; i < 1620; ++i) {
      probabilities.push_back(draw(random, truth, sharpness).probability);
      n_predicted += probabilities.back() >= kSource ? 1 : 0;
    }
    const auto em = cxrlt::estimate_prior(probabilities, kSource);
    likelihood.add(em.prior.value, em.interval, truth);
    n_refused += em.p_value < 0.05 ? 1 : 0;
    const auto bbse = cxrlt::black_box_prior(validation, n_predicted, probabilities.size());
    decisions.add(bbse.prior.value, bbse.interval, truth);
  }
  std::printf(
      "%s, true prior %.3f: em %.4f +- %.4f, covered %.2f, no shift refused %.2f; "
      "bbse %.4f +- %.4f, covered %.2f\n",
      what, truth, likelihood.mean(), likelihood.spread(), likelihood.coverage(),
      static_cast<double>(n_refused) / kRepetitions, decisions.mean(), decisions.spread(),
      decisions.coverage());
}

}  // namespace

int main() {
  cxrlt::Random random(1);
  for (const double truth : {0.002, 0.01, 0.05, 0.2}) simulate("calibrated", 1, truth, random);
  for (const double truth : {0.002, 0.01, 0.05, 0.2}) {
    simulate("over-confident", 1.5, truth, random);
  }
}
