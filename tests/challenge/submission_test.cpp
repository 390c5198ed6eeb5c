// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/challenge/submission.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// 0.00, 0.01, ..., 1.00 over and over.
std::vector<double> two_decimals(std::size_t n) {
  std::vector<double> scores;
  for (std::size_t i = 0; i < n; ++i) scores.push_back(static_cast<double>(i % 101) / 100);
  return scores;
}

}  // namespace

TEST_CASE("a score is out of range beyond the tolerance") {
  using cxrlt::range_place;
  using cxrlt::RangePlace;
  CHECK(range_place(0.0, 0, 1) == RangePlace::inside);
  CHECK(range_place(1.0, 0, 1) == RangePlace::inside);
  CHECK(range_place(1.0 + 1e-7, 0, 1) == RangePlace::just_outside);
  CHECK(range_place(-1e-7, 0, 1) == RangePlace::just_outside);
  CHECK(range_place(1.00001, 0, 1) == RangePlace::outside);
  CHECK(range_place(-0.5, 0, 1) == RangePlace::outside);
  CHECK(range_place(-0.5, -1, 1) == RangePlace::inside);
  CHECK(range_place(kNan, 0, 1) == RangePlace::inside);
  CHECK(range_place(kInfinity, 0, 1) == RangePlace::inside);
}

TEST_CASE("the scores of a class are counted by place") {
  const std::vector<double> scores{0.5, -3.0, 1.5, 1 + 5e-7, kNan, 0.25};
  const cxrlt::RangeCounts counts = cxrlt::count_range(scores, 0, 1);
  CHECK(counts.n == 5);
  CHECK(counts.outside == 2);
  CHECK(counts.outside_negative == 1);
  CHECK(counts.just_outside == 1);
  CHECK(counts.smallest == -3.0);
  CHECK(counts.largest == 1.5);
}

TEST_CASE("logits: more than 5 % out of range, some of them negative") {
  std::vector<double> scores(100, 0.5);
  const auto looks = [&] { return cxrlt::looks_like_logits(cxrlt::count_range(scores, 0, 1)); };
  for (std::size_t i = 0; i < 5; ++i) scores[i] = -2;
  CHECK_FALSE(looks());
  scores[5] = 3;
  CHECK(looks());
  for (double& score : scores) score = 50;  // percentages: out of range, but none is negative
  CHECK_FALSE(looks());
  CHECK_FALSE(cxrlt::looks_like_logits(cxrlt::RangeCounts{}));
}

TEST_CASE("a constant class has one value in all of its rows") {
  CHECK(cxrlt::is_constant(std::vector{0.5, 0.5, 0.5}));
  CHECK(cxrlt::is_constant(std::vector{0.0, -0.0}));
  CHECK_FALSE(cxrlt::is_constant(std::vector{0.5, 0.5, 0.6}));
  CHECK_FALSE(cxrlt::is_constant(std::vector{0.5}));
  CHECK_FALSE(cxrlt::is_constant(std::vector<double>{}));
  CHECK_FALSE(cxrlt::is_constant(std::vector{0.5, kNan}));
  CHECK_FALSE(cxrlt::is_constant(std::vector{kNan, kNan}));
}

TEST_CASE("hard decisions are zeros and ones, both of them") {
  CHECK(cxrlt::is_hard_decisions(std::vector{0.0, 1.0, 1.0}));
  CHECK_FALSE(cxrlt::is_hard_decisions(std::vector{0.0, 0.0}));
  CHECK_FALSE(cxrlt::is_hard_decisions(std::vector{1.0, 1.0}));
  CHECK_FALSE(cxrlt::is_hard_decisions(std::vector{0.0, 1.0, 0.5}));
  CHECK_FALSE(cxrlt::is_hard_decisions(std::vector{0.0, 1.0, kNan}));
}

TEST_CASE("rounded scores: 1,000 rows, at most 101 values with 2 decimals") {
  CHECK(cxrlt::is_rounded(two_decimals(1000)));
  CHECK_FALSE(cxrlt::is_rounded(two_decimals(999)));
  std::vector<double> scores = two_decimals(1000);
  scores.back() = 0.125;
  CHECK_FALSE(cxrlt::is_rounded(scores));
  scores.back() = 1.01;  // the 102nd distinct value
  CHECK_FALSE(cxrlt::is_rounded(scores));
  scores.back() = kNan;
  CHECK_FALSE(cxrlt::is_rounded(scores));
  scores.back() = 0.29;  // 0.29 * 100 is not 29 in double
  CHECK(cxrlt::is_rounded(scores));
}

TEST_CASE("the mean leaves out what is not finite") {
  CHECK(cxrlt::mean_score(std::vector{1.0, kNan, 3.0, kInfinity}) == 2.0);
  CHECK(cxrlt::mean_score(std::vector<double>{}) == 0.0);
}

TEST_CASE("a swap: means in the opposite order to the counts, by a factor of 2 or more") {
  CHECK(cxrlt::is_suspected_swap(0.1, 0.2, 34292, 7531));
  CHECK(cxrlt::is_suspected_swap(0.2, 0.1, 7531, 34292));
  CHECK_FALSE(cxrlt::is_suspected_swap(0.1, 0.19, 34292, 7531));
  CHECK_FALSE(cxrlt::is_suspected_swap(0.2, 0.1, 34292, 7531));
  CHECK_FALSE(cxrlt::is_suspected_swap(0.1, 0.2, 500, 500));
  CHECK(cxrlt::is_suspected_swap(0.0, 0.2, 34292, 7531));
  CHECK_FALSE(cxrlt::is_suspected_swap(0.0, 0.0, 34292, 7531));
  CHECK_FALSE(cxrlt::is_suspected_swap(-3.0, -1.0, 34292, 7531));
}

TEST_CASE("ids are compared as sets") {
  const std::vector<std::string> ids{"c", "a", "x", "a", ""};
  const std::vector<std::string> wanted{"a", "b", "c", "b"};
  const cxrlt::IdDifferences differences = cxrlt::compare_ids(ids, wanted);
  CHECK(differences.missing == std::vector<std::size_t>{1});
  CHECK(differences.extra == std::vector<std::size_t>{2});
  CHECK(cxrlt::compare_ids(wanted, wanted).missing.empty());
  CHECK(cxrlt::compare_ids(wanted, wanted).extra.empty());
}

TEST_CASE("the first class out of order is found") {
  CHECK_FALSE(cxrlt::first_out_of_order(std::vector<std::size_t>{1, 2, 5}).has_value());
  CHECK_FALSE(cxrlt::first_out_of_order(std::vector<std::size_t>{}).has_value());
  CHECK(cxrlt::first_out_of_order(std::vector<std::size_t>{1, 3, 2, 4}).value() == 2);
}
