// SPDX-License-Identifier: Apache-2.0
// Weights, margins and shifts from class counts, and the schedule of weights.
#include "cxrlt/losses/class_weights.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/losses/bce.hpp"
#include "cxrlt/losses/class_balanced.hpp"
#include "cxrlt/losses/deferred_reweighting.hpp"
#include "cxrlt/losses/focal.hpp"
#include "cxrlt/losses/ldam.hpp"
#include "cxrlt/losses/logit_adjusted.hpp"
#include "cxrlt/losses/softmax_cross_entropy.hpp"
#include "support.hpp"

using namespace cxrlt;
using Counts = std::vector<std::uint64_t>;

TEST_CASE("weights by frequency") {
  const Counts counts{100, 25, 0};
  const auto inverse = inverse_frequency_weights(counts, WeightScale::none);
  check_close(inverse[0], 0.01);
  check_close(inverse[1], 0.04);
  check_close(inverse[2], 1);
  const auto scaled = inverse_frequency_weights(counts);
  check_close(scaled[0] + scaled[1] + scaled[2], 3);
  check_close(scaled[1] / scaled[0], 4);
  const auto root = inverse_square_root_weights(counts, WeightScale::none);
  check_close(root[0], 0.1);
  check_close(root[1], 0.2);
  check_close(root[2], 1);
  const auto ratio = negatives_per_positive(counts, 1000);
  check_close(ratio[0], 9);
  check_close(ratio[1], 39);
  check_close(ratio[2], 999);
  const auto mild = prevalence_weights(counts, 1000);
  check_close(mild.positive[0], std::exp(0.9));
  check_close(mild.negative[0], std::exp(0.1));
  check_close(mild.positive[2], std::exp(1.0));
  check_close(mild.negative[2], 1);
}

TEST_CASE("the effective number of positives") {
  const auto weights =
      effective_number_weights(Counts{0, 1, 3, 100, 10'000}, 0.9999, WeightScale::none);
  CHECK(weights[0] == weights[1]);
  check_close(weights[1], 1);
  CHECK(weights[2] == Approx(0.3334).epsilon(1e-3));
  CHECK(weights[3] == Approx(0.01005).epsilon(1e-3));
  CHECK(weights[4] == Approx(1.58e-4).epsilon(2e-3));
  // 1 + beta + beta^2, which the plain formula only has to a few digits where beta is near 1.
  const double beta = 1 - 1e-12;
  const auto near_one = effective_number_weights(Counts{3}, beta, WeightScale::none);
  check_close(near_one[0], 1 / (1 + beta + beta * beta), 1e-14);
  CHECK(effective_number_weights(Counts{1, 50}, 0) == std::vector<double>{1, 1});
  CHECK_THROWS_AS(effective_number_weights(Counts{1}, 1), InvalidArgument);
  CHECK_THROWS_WITH(effective_number_weights(Counts{1}, -0.1),
                    "effective number: beta is -0.1; expected a number in [0, 1)");
}

TEST_CASE("weights of one label or of both") {
  const std::vector<double> weights{2, 3};
  const auto both = with_class_weights(bce_loss(2), weights, WeightedTerms::both);
  CHECK(both.classes[1] == ClassTerms{0, 0, 3, 3});
  const auto positive = with_class_weights(both, weights, WeightedTerms::positive);
  CHECK(positive.classes[1] == ClassTerms{0, 0, 9, 3});
  const auto each = with_class_weights(bce_loss(2), LabelWeights{{2, 3}, {4, 5}});
  CHECK(each.classes[0] == ClassTerms{0, 0, 2, 4});
  CHECK(each.classes[1] == ClassTerms{0, 0, 3, 5});
  CHECK_THROWS_WITH(with_class_weights(bce_loss(3), weights, WeightedTerms::both),
                    "class weights: 2 for 3 classes");
  CHECK_THROWS_WITH(
      with_class_weights(bce_loss(2), std::vector<double>{1, -2}, WeightedTerms::both),
      "the weight of class 1 is -2; expected a number of at least 0");
  const auto paper = class_balanced(bce_loss(2), Counts{1, 1000});
  CHECK(paper.classes[0].negative_weight == paper.classes[0].positive_weight);
  check_close(paper.classes[0].positive_weight + paper.classes[1].positive_weight, 2);
  CHECK(paper.classes[0].positive_weight > 1.9);
  const auto only =
      class_balanced(bce_loss(2), Counts{1, 1000}, {.terms = WeightedTerms::positive});
  CHECK(only.classes[0].negative_weight == 1);
}

TEST_CASE("margins by hand") {
  const auto margins = ldam_margins(Counts{16, 256, 0, 1'000'000});
  check_close(margins[0], 0.5);
  check_close(margins[1], 0.25);
  check_close(margins[2], 0.5);  // without positives: the largest, and no part of the maximum
  check_close(margins[3], 0.5 * 2 / std::sqrt(1000.0));
  check_close(ldam_margins(Counts{0, 0}, 0.3)[0], 0.3);
  const LdamLoss loss = ldam_loss(Counts{16, 256}, {.largest_margin = 0.4, .scale = 10});
  check_close(loss.classes[1].positive_shift, -0.2);
  CHECK(loss.classes[1].negative_shift == 0);
  // BCE(s (z - y margin), y)
  check_close(loss.cell(0.5, true, 0).value, std::log1p(std::exp(-1.0)));
  check_close(loss.cell(0.5, false, 0).value, std::log1p(std::exp(5.0)));
  CHECK_THROWS_AS(ldam_loss(Counts{1}, {.scale = 0}), InvalidArgument);
  CHECK_THROWS_AS(ldam_margins(Counts{1}, -0.5), InvalidArgument);
}

TEST_CASE("re-weighting is deferred") {
  const Counts counts{1000, 10};
  const auto before = ldam_drw_loss(counts, 9);
  const auto after = ldam_drw_loss(counts, 10);
  CHECK(before.classes == ldam_loss(counts).classes);
  const auto weights = effective_number_weights(counts);
  for (std::size_t k = 0; k < 2; ++k) {
    check_close(after.classes[k].positive_weight, weights[k]);
    CHECK(after.classes[k].negative_weight == 1);
    CHECK(after.classes[k].positive_shift == before.classes[k].positive_shift);
  }
  CHECK(after.kernel.scale == 30);
  const DeferredReweighting early{.first_epoch = 0, .weights = {.terms = WeightedTerms::both}};
  CHECK(deferred_reweighting(focal_loss(2), counts, 0, early).classes[0].negative_weight < 1);
  CHECK_THROWS_AS(ldam_drw_loss(counts, 0, {.weights = {.beta = 2}}), InvalidArgument);
}

TEST_CASE("logits adjusted by priors") {
  const auto shifts = prior_logits(Counts{100, 900, 0, 1000}, 1000, 2);
  check_close(shifts[0], -2 * std::log(9.0));
  check_close(shifts[1], 2 * std::log(9.0));
  check_close(shifts[2], 2 * std::log(0.5 / 999.5));
  check_close(shifts[3], 2 * std::log(999.5 / 0.5));
  const auto loss = logit_adjusted(focal_loss(2), Counts{100, 900}, 1000);
  check_close(loss.cell(std::log(9.0), true, 0).value, FocalKernel{}(0.0, true).value);
  check_close(loss.cell(-std::log(9.0), false, 1).value, FocalKernel{}(0.0, false).value);
  CHECK(prior_logits(Counts{100}, 1000, 0)[0] == 0);
  CHECK_THROWS_AS(prior_logits(Counts{100}, 1000, -1), InvalidArgument);
  CHECK_THROWS_WITH(prior_logits(Counts{1001}, 1000),
                    "class 0 has 1001 training positives of 1000 training samples");
  CHECK_THROWS_AS(prior_logits(Counts{0}, 0), InvalidArgument);
  CHECK_THROWS_AS(with_logit_shifts(bce_loss(1), std::vector<double>{1, 2}), InvalidArgument);
  CHECK_THROWS_AS(
      with_logit_shifts(bce_loss(1), std::vector<double>{std::numeric_limits<double>::infinity()}),
      InvalidArgument);
}

TEST_CASE("a softmax loss by hand") {
  const std::vector<double> z{0, std::log(3.0), 5, 5, 1e4, -1e4};
  const std::vector<int> classes{0, -1, 1};
  std::vector<double> gradient(6, 7.0);
  const MatrixView<const double> logits(z.data(), 3, 2);
  const MatrixView<double> out(gradient.data(), 3, 2);
  auto loss = softmax_loss(2);
  const auto value = softmax_loss_and_gradient(logits, classes, loss, out);
  check_close(value.value, (std::log(4.0) + 2e4) / 2);
  check_close(gradient[0], -0.75 / 2);
  check_close(gradient[1], 0.75 / 2);
  CHECK(gradient[2] == 0);
  CHECK(gradient[3] == 0);
  check_close(gradient[4], 0.5);
  check_close(gradient[5], -0.5);
  const std::vector<double> weights{3, 1, 0};
  loss.weights = {2, 1};
  const auto weighted =
      softmax_loss_and_gradient(logits, classes, loss, out, {.row_weights = weights});
  check_close(weighted.value, 2 * std::log(4.0));
  check_close(gradient[0], -1.5);
  CHECK(gradient[4] == 0);
  check_close(softmax_loss_and_gradient(logits, classes, loss, out,
                                        {.reduction = Reduction::sum, .row_weights = weights})
                  .value,
              6 * std::log(4.0));
  // Priors: of {1, 3} and tau 1 the first row is even.
  const auto adjusted = logit_adjusted_softmax_loss(Counts{3, 1});
  softmax_loss_and_gradient(logits, classes, adjusted, out, {.reduction = Reduction::sum});
  check_close(gradient[0], -0.5);
  check_close(logit_adjusted_softmax_loss(Counts{3, 0}, 2).shifts[1], 2 * std::log(0.5 / 3));
  CHECK(balanced_softmax_loss(Counts{3, 1}).shifts == adjusted.shifts);
  const std::vector<int> none(3, -1);
  CHECK(softmax_loss_and_gradient(logits, none, loss, out).why == Undefined::no_samples);
  CHECK_THROWS_AS(softmax_loss_and_gradient(logits, std::vector<int>{0, 2, 0}, loss, out),
                  InvalidArgument);
  CHECK_THROWS_AS(softmax_loss_and_gradient(logits, std::vector<int>{0, 0}, loss, out),
                  InvalidArgument);
  CHECK_THROWS_AS(softmax_loss_and_gradient(logits, classes, softmax_loss(3), out),
                  InvalidArgument);
  CHECK_THROWS_AS(logit_adjusted_softmax_loss(Counts{0, 0}), InvalidArgument);
  CHECK_THROWS_AS(logit_adjusted_softmax_loss(Counts{1, 1}, -1), InvalidArgument);
}
