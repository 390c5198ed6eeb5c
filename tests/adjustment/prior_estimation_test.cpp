// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/adjustment/prior_estimation.hpp"

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

constexpr double kChiSquared95 = 3.841458820694124;

/// Log-likelihood of q by its definition, with the weight of the source prior.
double log_likelihood(const std::vector<double>& p, double source, double q, double weight = 0) {
  double sum = 0;
  for (const double one : p) {
    sum += std::log(one * q / source + (1 - one) * (1 - q) / (1 - source));
  }
  if (weight > 0) sum += weight * (source * std::log(q) + (1 - source) * std::log(1 - q));
  return sum;
}

/// The EM algorithm of Saerens et al., as they write it, until it stands still.
double plain_em(const std::vector<double>& p, double source, double weight = 0) {
  double q = source;
  for (int step = 0; step < 200'000; ++step) {
    double sum = weight * source;
    for (const double one : p) {
      const double positive = one * q / source;
      sum += positive / (positive + (1 - one) * (1 - q) / (1 - source));
    }
    const double next = sum / (static_cast<double>(p.size()) + weight);
    if (std::abs(next - q) < 1e-16) return next;
    q = next;
  }
  return q;
}

PriorEstimate estimate_of(const std::vector<double>& p, double source,
                          const PriorEstimationOptions& options = {}) {
  return estimate_prior(p, source, options);
}

/// Calibrated probabilities under the prior `source` of rows of which about a share `target` are
/// positive: scores N(0, 1) and N(1.8, 1).
std::vector<double> posteriors(Random& random, std::size_t n, double source, double target,
                               double sharpness = 1) {
  std::vector<double> p;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = random.normal() + (random.uniform() < target ? 1.8 : 0);
    p.push_back(sigmoid(sharpness * (logit(source) + 1.8 * x - 1.8 * 1.8 / 2)));
  }
  return p;
}

}  // namespace

TEST_CASE("the estimate is the fixed point of EM", "[prior_estimation]") {
  Random random(1);
  for (const double source : {0.01, 0.1, 0.5}) {
    for (const double target : {0.02, 0.3, 0.8}) {
      const std::vector<double> p = posteriors(random, 400, source, target);
      CAPTURE(source, target);
      for (const double weight : {0.0, 25.0}) {
        const PriorEstimate estimate = estimate_of(p, source, {.prior_weight = weight});
        check_close(estimate.prior.value, plain_em(p, source, weight), 1e-9);
      }
    }
  }
}

TEST_CASE("two rows, by hand", "[prior_estimation]") {
  // Log-likelihood log(0.4 + 1.2 q) + log(1.6 - 1.2 q): equal factors at q = 1/2. From 1/4:
  const std::vector<double> p{0.8, 0.2};
  CHECK(estimate_of(p, 0.5).prior.value == Approx(0.5).epsilon(1e-14));
  CHECK(estimate_of(p, 0.5).likelihood_ratio == Approx(0).margin(1e-14));
  CHECK(estimate_of(p, 0.5).p_value == Approx(1).margin(1e-6));
  // Densities (4 - 4 q) / 15 + 16 q / 5 and (16 - 16 q) / 15 + 4 q / 5: rising, and falling slowly.
  const PriorEstimate shifted = estimate_of(p, 0.25);
  CHECK(shifted.prior.value == 1);
  check_close(shifted.likelihood_ratio, 2 * std::log(3.2 * 0.8));
  check_close(shifted.p_value, std::erfc(std::sqrt(std::log(3.2 * 0.8))));
  CHECK(shifted.interval.upper == 1);
}

TEST_CASE("rows that are certain, and estimates at the ends", "[prior_estimation]") {
  // Certain rows are counted.
  const std::vector<double> certain{1, 0, 0, 1, 0, 0, 0, 0};
  const PriorEstimate counted = estimate_of(certain, 0.125);
  check_close(counted.prior.value, 0.25);
  CHECK(counted.interval.lower > 0);
  CHECK(counted.interval.upper < 1);
  // All more negative than the prior.
  const std::vector<double> low{0.01, 0.02, 0.03};
  const PriorEstimate none = estimate_of(low, 0.2);
  CHECK(none.prior.value == 0);
  CHECK(none.interval.lower == 0);
  check_close(none.likelihood_ratio, 2 * log_likelihood(low, 0.2, 0));
  const PriorEstimate all = estimate_of(std::vector<double>{0.9, 0.8}, 0.2);
  CHECK(all.prior.value == 1);
  CHECK(all.interval.upper == 1);
  const std::vector<double> one_positive{1, 0.01, 0.01};
  CHECK(estimate_of(one_positive, 0.2).prior.value > 0.2);
  const std::vector<double> one_negative{0, 0.99, 0.99};
  CHECK(estimate_of(one_negative, 0.2).prior.value < 1);
  // The weight of a prior keeps the estimate from the ends.
  const PriorEstimate weighed = estimate_of(low, 0.2, {.prior_weight = 3});
  check_close(weighed.prior.value, plain_em(low, 0.2, 3), 1e-9);
  CHECK(weighed.prior.value > 0);
  CHECK(weighed.interval.lower > 0);
  check_close(weighed.likelihood_ratio, none.likelihood_ratio);
}

TEST_CASE("interval and test are those of the likelihood ratio", "[prior_estimation]") {
  Random random(2);
  for (const double target : {0.005, 0.05, 0.6}) {
    const std::vector<double> p = posteriors(random, 600, 0.05, target);
    for (const double weight : {0.0, 40.0}) {
      CAPTURE(target, weight);
      const PriorEstimate estimate = estimate_of(p, 0.05, {.prior_weight = weight});
      const double q = estimate.prior.value;
      const double top = log_likelihood(p, 0.05, q, weight);
      for (const double end : {estimate.interval.lower, estimate.interval.upper}) {
        if (end == 0) {
          CHECK(2 * (top - log_likelihood(p, 0.05, 0, weight)) < kChiSquared95);
        } else {
          CHECK(2 * (top - log_likelihood(p, 0.05, end, weight)) ==
                Approx(kChiSquared95).epsilon(1e-7));
        }
      }
      CHECK(estimate.interval.lower < q);
      CHECK(q < estimate.interval.upper);
      const double alone = estimate_of(p, 0.05).prior.value;
      CHECK(estimate.likelihood_ratio == Approx(2 * log_likelihood(p, 0.05, alone)).margin(1e-9));
      CHECK(estimate.p_value ==
            Approx(std::erfc(std::sqrt(estimate.likelihood_ratio / 2))).epsilon(1e-12));
    }
    const PriorEstimate narrow = estimate_of(p, 0.05, {.level = 0.5});
    const PriorEstimate wide = estimate_of(p, 0.05, {.level = 0.999});
    CHECK(narrow.interval.upper < wide.interval.upper);
    CHECK(wide.interval.level == 0.999);
  }
}

TEST_CASE("normal and chi-squared numbers", "[prior_estimation]") {
  check_close(detail::two_sided_normal_quantile(0.95), 1.959963984540054);
  check_close(detail::two_sided_normal_quantile(0.5), 0.6744897501960817);
  check_close(detail::two_sided_normal_quantile(0.999999), 4.891638475699, 1e-10);
  check_close(detail::chi_squared_tail(kChiSquared95), 0.05);
  check_close(detail::chi_squared_tail(6.634896601021213), 0.01);
  CHECK(detail::chi_squared_tail(0) == 1);
}

TEST_CASE("over-confident scores give a prior that is far too small", "[prior_estimation]") {
  Random random(3);
  double honest = 0;
  double over_confident = 0;
  constexpr int repetitions = 20;
  for (int r = 0; r < repetitions; ++r) {
    Random same = random;
    honest += estimate_of(posteriors(random, 1620, 0.01, 0.05), 0.01).prior.value;
    over_confident += estimate_of(posteriors(same, 1620, 0.01, 0.05, 1.5), 0.01).prior.value;
  }
  CAPTURE(honest / repetitions, over_confident / repetitions);
  CHECK(honest / repetitions == Approx(0.05).margin(0.005));
  CHECK(over_confident / repetitions < 0.01);
}

TEST_CASE("all classes, in every form of scores", "[prior_estimation]") {
  Random random(4);
  const std::size_t n = 300;
  ClassMatrix<double> p(n, 3);
  ClassMatrix<double> z(n, 3);
  for (std::size_t k = 0; k < 3; ++k) {
    const std::vector<double> column = posteriors(random, n, 0.2, 0.3);
    for (std::size_t i = 0; i < n; ++i) {
      p[k][i] = column[i];
      z[k][i] = logit(column[i]);
    }
  }
  const TrainingCounts counts{{200, 0, 1000}, 1000, "me"};
  const auto estimates = estimate_priors(p.view(), counts);
  const std::vector<double> first(p[0].begin(), p[0].end());
  CHECK(estimates[0].prior.value == estimate_of(first, 0.2).prior.value);
  CHECK(estimates[1].prior.why == Undefined::no_positives);
  CHECK(estimates[2].prior.why == Undefined::no_negatives);
  const auto of_logits = estimate_priors(z.view(), counts, ScoreKind::logits);
  const std::vector<float> floats{0.5F, 0.25F, 0.125F};
  const std::vector<double> doubles{0.5, 0.25, 0.125};
  CHECK(estimate_prior(floats, 0.3).prior.value == estimate_prior(doubles, 0.3).prior.value);
  check_close(of_logits[0].prior.value, estimates[0].prior.value, 1e-9);
  CHECK_THROWS_AS(estimate_priors(z.view(), counts), InvalidArgument);
}

TEST_CASE("estimates are equal for every number of threads", "[prior_estimation]") {
  Random random(5);
  ClassMatrix<float> p(60'000, 9);
  for (std::size_t k = 0; k < 9; ++k) {
    for (float& one : p[k]) one = static_cast<float>(0.2 * random.uniform());
  }
  const TrainingCounts counts{std::vector<std::uint64_t>(9, 80), 1000, "me"};
  const auto one = estimate_priors(p.view(), counts, {}, {}, Cpu{1});
  const auto many = estimate_priors(p.view(), counts, {}, {}, Cpu{4});
  for (std::size_t k = 0; k < 9; ++k) {
    CHECK(one[k].prior.value == many[k].prior.value);
    CHECK(one[k].interval.lower == many[k].interval.lower);
    CHECK(one[k].p_value == many[k].p_value);
  }
}

TEST_CASE("what cannot be estimated", "[prior_estimation]") {
  const std::vector<double> none;
  CHECK(estimate_of(none, 0.5).prior.why == Undefined::no_samples);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> fine{0.5};
  for (const double source : {0.0, 1.0, nan}) {
    CHECK_THROWS_AS(estimate_of(fine, source), InvalidArgument);
  }
  for (const double p : {-0.1, 1.1, nan}) {
    CHECK_THROWS_AS(estimate_of(std::vector<double>{p}, 0.5), InvalidArgument);
  }
  CHECK_THROWS_AS(estimate_of(fine, 0.5, {.prior_weight = -1}), InvalidArgument);
  CHECK_THROWS_AS(estimate_of(fine, 0.5, {.prior_weight = nan}), InvalidArgument);
  CHECK_THROWS_AS(estimate_of(fine, 0.5, {.level = 1}), InvalidArgument);
  CHECK_THROWS_AS(estimate_of(fine, 0.5, {.level = 0}), InvalidArgument);
}
