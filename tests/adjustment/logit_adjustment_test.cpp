// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/adjustment/logit_adjustment.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/adjustment/softmax_adjustment.hpp"
#include "cxrlt/adjustment/training_counts.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

template <class Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the shift is -tau logit(pi)", "[logit_adjustment]") {
  const TrainingCounts counts{{250, 10, 500}, 1000, "me"};
  const auto once = logit_adjustment(counts);
  check_close(once[0].value, std::log(3));
  check_close(once[1].value, std::log(99));
  CHECK(once[2].value == 0);
  CHECK(once[0].why == Undefined::none);
  const auto half = logit_adjustment(counts, 0.5);
  check_close(half[1].value, std::log(99) / 2);
  CHECK(logit_adjustment(counts, 0)[1].value == 0);
  // With tau = 1 the prior itself becomes one half.
  check_close(shifted_probability(0.01, once[1].value), 0.5);
}

TEST_CASE("classes without training positives, or negatives, are left as they are",
          "[logit_adjustment]") {
  const auto shifts = logit_adjustment({{0, 1000, 1}, 1000, "me"}, 2);
  CHECK(shifts[0].value == 0);
  CHECK(shifts[0].why == Undefined::no_positives);
  CHECK(shifts[1].value == 0);
  CHECK(shifts[1].why == Undefined::no_negatives);
  check_close(shifts[2].value, 2 * std::log(999));
}

TEST_CASE("an adjustment without a sound basis is refused", "[logit_adjustment]") {
  const auto refused = [](const TrainingCounts& counts, double tau) {
    return message_of([&] { logit_adjustment(counts, tau); });
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refused({{1}, 10, "me"}, 1).empty());
  CHECK(refused({{1}, 10, "me"}, -0.5) ==
        "adjustment: tau is -0.5; expected a number of at least 0");
  CHECK(refused({{1}, 10, "me"}, nan) == "adjustment: tau is NaN; expected a number of at least 0");
  CHECK(!refused({{1}, 10, "me"}, std::numeric_limits<double>::infinity()).empty());
  CHECK(refused({{1}, 10, ""}, 1) ==
        "adjustment: the training counts do not say where they come from");
  CHECK(refused({{1}, 0, "me"}, 1) ==
        "adjustment: the number of training samples is 0, or not known");
  CHECK(refused({{1, 11}, 10, "me"}, 1) ==
        "adjustment: class 1 has 11 training positives of 10 training samples");
  CHECK(refused({{10}, 10, "me"}, 1).empty());
  CHECK(message_of([] {
          check_training_counts({{1}, 10, "me"}, 2);
        }) == "adjustment: training counts of 1 classes for scores of 2");
}

TEST_CASE("every class needs a count", "[training_counts]") {
  const std::vector<std::string> names{"Mass", "Hernia"};
  const std::vector<TrainCount> known{300, 40};
  const TrainingCounts counts = training_counts(known, 10'000, names, "counts.csv");
  CHECK(counts.positives == std::vector<std::uint64_t>{300, 40});
  CHECK(counts.source == "counts.csv");
  check_close(counts.prior(1), 0.004);
  const std::vector<TrainCount> partly{300, {}};
  CHECK(message_of([&] { training_counts(partly, 10'000, names, "counts.csv"); }) ==
        "adjustment: class 'Hernia' has no training count (counts.csv)");
  CHECK(message_of([&] { training_counts(known, 100, names, "counts.csv"); }) ==
        "adjustment: class 0 has 300 training positives of 100 training samples");
  const std::vector<TrainCount> fewer{300};
  CHECK(message_of([&] { training_counts(fewer, 100, names, "counts.csv"); }) ==
        "adjustment: 2 class names for 1 training counts");
}

TEST_CASE("softmax: z - tau log pi", "[softmax_adjustment]") {
  // Equal logits are a posterior of the prior; taking it out leaves the odds turned round.
  const std::vector<std::uint64_t> counts{70, 20, 10};
  const auto adjustment = SoftmaxAdjustment::from_counts(counts);
  const std::vector<double> prior{std::log(0.7), std::log(0.2), std::log(0.1)};
  std::vector<double> out(3);
  adjustment.log_probabilities(prior, out);
  for (const double value : out) check_close(value, -std::log(3));
  const std::vector<double> flat{1, 1, 1};
  SoftmaxAdjustment::from_counts(counts, 2).log_probabilities(flat, out);
  const double sum = 1 / 0.49 + 1 / 0.04 + 1 / 0.01;
  check_close(out[0], std::log(1 / 0.49 / sum));
  check_close(out[2], std::log(1 / 0.01 / sum));
  // tau = 0 is the softmax.
  SoftmaxAdjustment::from_counts(counts, 0).log_probabilities(prior, out);
  for (std::size_t k = 0; k < 3; ++k) check_close(out[k], prior[k]);
  // A probability of 0 stays one.
  const std::vector<double> ruled_out{0, -std::numeric_limits<double>::infinity(), 0};
  adjustment.log_probabilities(ruled_out, out);
  CHECK(std::exp(out[1]) == 0);
  check_close(out[2] - out[0], std::log(7));
}

TEST_CASE("softmax: what cannot be adjusted is refused", "[softmax_adjustment]") {
  CHECK(message_of([] {
          SoftmaxAdjustment::from_counts(std::vector<std::uint64_t>{5, 0});
        }) == "softmax adjustment: class 1 has no training rows; leave it out or give it a count");
  CHECK(message_of([] { SoftmaxAdjustment::from_counts(std::vector<std::uint64_t>{5}, -1); }) ==
        "softmax adjustment: tau is -1; expected a number of at least 0");
  const auto adjustment = SoftmaxAdjustment::from_counts(std::vector<std::uint64_t>{5, 3});
  const std::vector<double> logits{1, 2, 3};
  std::vector<double> out(3);
  CHECK_THROWS_AS(adjustment.log_probabilities(logits, out), InvalidArgument);
  std::vector<double> shorter(1);
  const std::vector<double> two{1, 2};
  CHECK_THROWS_AS(adjustment.log_probabilities(two, shorter), InvalidArgument);
}
