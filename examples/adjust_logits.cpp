// SPDX-License-Identifier: Apache-2.0
// expect: tau 0\.0: balanced accuracy 0\.[0-9]+, F1 0\.[0-9]+, micro AP 0\.[0-9]+, macro AP 0\.[0-9]+
// expect: tau 1\.0: balanced accuracy 0\.[0-9]+, F1 0\.[0-9]+, micro AP 0\.[0-9]+, macro AP 0\.[0-9]+
// expect: F1 0\.[0-9]+ at tau 0, 0\.[0-9]+ at tau 0\.[0-9]+
// expect: 'average_precision' cannot be changed by a logit adjustment
// expect: 0\.0100 where 0\.2 % are positive is 0\.0933 where 2 % are
// expect: Hernia: prior 0\.[0-9]+ \(0\.[0-9]+ to 0\.[0-9]+\), 0\.004 in training, p of no shift
// Takes training priors out of calibrated scores, searches tau, and shifts to another prevalence.
#include <cstdio>
#include <string>
#include <vector>

#include "cxrlt/adjustment/logit_adjustment.hpp"
#include "cxrlt/adjustment/prior_estimation.hpp"
#include "cxrlt/adjustment/prior_shift.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/evaluate/search_logit_adjustment.hpp"

namespace {

struct Sample {
  cxrlt::ClassMatrix<double> scores;
  cxrlt::ClassMatrix<cxrlt::Label> labels;
};

/// Made-up probabilities, calibrated where classes have their training priors; in the sample they
/// are `factor` times as frequent.
Sample make_sample(const cxrlt::TrainingCounts& counts, std::size_t n, double factor,
                   std::uint64_t seed) {
  const std::size_t n_classes = counts.positives.size();
  Sample sample{{n, n_classes}, {n, n_classes}};
  cxrlt::Random random(seed);
  for (std::size_t k = 0; k < n_classes; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      const bool positive = random.uniform() < factor * counts.prior(k);
      const double x = random.normal() + (positive ? 1.8 : 0);
      sample.labels[k][i] = positive ? 1 : 0;
      sample.scores[k][i] = cxrlt::sigmoid(cxrlt::logit(counts.prior(k)) + 1.8 * x - 1.62);
    }
  }
  return sample;
}

}  // namespace

int main() {
  const cxrlt::TrainingCounts counts{{25'000, 3'000, 400}, 100'000, "made up"};
  const Sample sample = make_sample(counts, 20'000, 1, 1);
  const auto scores = sample.scores.view();
  const cxrlt::LabelMatrixView labels(sample.labels.view());

  for (const double tau : {0.0, 0.5, 1.0}) {
    const auto shifts = cxrlt::logit_adjustment(counts, tau);
    const auto adjusted = cxrlt::shift_logits(scores, shifts);
    const cxrlt::Evaluation report = cxrlt::evaluate(adjusted.view(), labels);
    const auto value = [&](const char* name) {
      return cxrlt::requested_value(report, cxrlt::parse_metric_name(name)).value.value;
    };
    std::printf("tau %.1f: balanced accuracy %.3f, F1 %.3f, micro AP %.3f, macro AP %.3f\n", tau,
                value("balanced_accuracy"), value("f1"), value("micro:average_precision"),
                value("average_precision"));
  }

  const auto search =
      cxrlt::search_logit_adjustment(scores, labels, counts, cxrlt::parse_metric_name("f1"));
  std::printf("F1 %.3f at tau 0, %.3f at tau %.2f\n", search.unadjusted.value, search.value.value,
              search.tau);
  try {
    cxrlt::search_logit_adjustment(scores, labels, counts,
                                   cxrlt::parse_metric_name("average_precision"));
  } catch (const cxrlt::InvalidArgument& error) {
    std::printf("%s\n", error.what());
  }

  std::printf("0.0100 where 0.2 %% are positive is %.4f where 2 %% are\n",
              cxrlt::shifted_probability(0.01, cxrlt::prior_shift(0.002, 0.02)));

  // A hospital where everything is three times as frequent, without labels.
  const Sample elsewhere = make_sample(counts, 5'000, 3, 2);
  const auto estimates = cxrlt::estimate_priors(elsewhere.scores.view(), counts);
  std::vector<cxrlt::MetricValue> priors;
  for (const auto& estimate : estimates) priors.push_back(estimate.prior);
  const auto shifted =
      cxrlt::shift_logits(elsewhere.scores.view(), cxrlt::prior_shifts(counts, priors));
  const auto observed_over_expected = [&](const cxrlt::ClassMatrix<double>& probabilities) {
    return cxrlt::observed_over_expected(probabilities.view().column(2),
                                         elsewhere.labels.view().column(2))
        .value.value;
  };
  const cxrlt::PriorEstimate& hernia = estimates[2];
  std::printf("Hernia: prior %.4f (%.4f to %.4f), 0.004 in training, p of no shift %.2g\n",
              hernia.prior.value, hernia.interval.lower, hernia.interval.upper, hernia.p_value);
  std::printf("observed over expected %.2f, after the shift %.2f\n",
              observed_over_expected(elsewhere.scores), observed_over_expected(shifted));
}
