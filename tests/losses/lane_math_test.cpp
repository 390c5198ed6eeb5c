// SPDX-License-Identifier: Apache-2.0
// The functions of numbers side by side against those of the standard library.
#include "cxrlt/losses/detail/lane_math.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "support.hpp"

using namespace cxrlt;
using namespace cxrlt::detail;

namespace {

/// The largest relative error of a function of lanes over some numbers, in steps of T.
template <class T, std::size_t bytes, class OfLanes, class Exact>
double largest_error(const std::vector<double>& numbers, const OfLanes& of_lanes,
                     const Exact& exact) {
  double largest = 0;
  for (const double number : numbers) {
    const std::vector<T> x(n_lanes<T, bytes>, static_cast<T>(number));
    std::vector<T> y(n_lanes<T, bytes>);
    store_lanes(of_lanes(load_lanes<bytes>(x.data())), y.data());
    const double expected = exact(static_cast<double>(x[0]));
    for (const T one : y) {
      const double error = std::abs(static_cast<double>(one) - expected) / std::abs(expected);
      largest = std::max(largest, error / static_cast<double>(std::numeric_limits<T>::epsilon()));
    }
  }
  return largest;
}

std::vector<double> numbers_between(double low, double high) {
  std::vector<double> numbers{low, high};
  Random random(3);
  for (int i = 0; i < 20'000; ++i) numbers.push_back(low + (high - low) * random.uniform());
  return numbers;
}

/// From tiny to huge.
std::vector<double> powers_between(double low, double high) {
  std::vector<double> numbers;
  for (const double exponent : numbers_between(std::log(low), std::log(high))) {
    numbers.push_back(std::exp(exponent));
  }
  return numbers;
}

template <class T, std::size_t bytes>
void check_functions(double lowest_exponent, double smallest, double largest) {
  const auto exp_lanes = [](const auto& x) { return exp_below_one(x); };
  const auto log_lanes = [](const auto& x) { return log_of(x); };
  const auto log1p_lanes = [](const auto& x) {
    const Lanes<T, bytes> one(1);
    const Lanes<T, bytes> sum = one + x;
    return log_of_sum(sum, Lanes<T, bytes>(x - (sum - one)));
  };
  const auto exact_exp = [](double x) { return std::exp(x); };
  const auto exact_log = [](double x) { return std::log(x); };
  const auto exact_log1p = [](double x) { return std::log1p(x); };
  CHECK(largest_error<T, bytes>(numbers_between(lowest_exponent, -1e-3), exp_lanes, exact_exp) < 3);
  CHECK(largest_error<T, bytes>({0.0, -1e-30, -0.34, -0.35, -1}, exp_lanes, exact_exp) < 3);
  CHECK(largest_error<T, bytes>(powers_between(smallest, 0.999), log_lanes, exact_log) < 3);
  CHECK(largest_error<T, bytes>(powers_between(1.001, largest), log_lanes, exact_log) < 3);
  CHECK(largest_error<T, bytes>({0.70710678, 0.7071068, 1.4142135, 1.4142137, 2, 0.5}, log_lanes,
                                exact_log) < 3);
  CHECK(largest_error<T, bytes>(powers_between(1e-20, 10), log1p_lanes, exact_log1p) < 4);
  CHECK(largest_error<T, bytes>(numbers_between(-0.9, -1e-3), log1p_lanes, exact_log1p) < 4);
}

template <class T, std::size_t bytes>
void check_logistic(double far) {
  std::vector<double> margins = numbers_between(-far, far);
  // Where the cube of exp(-|m|) underflows, and where that of a float no longer counts.
  for (const double m : {13.8, 13.9, 29.0, 34.0, 39.9, -13.8, -13.9, -34.0}) margins.push_back(m);
  for (const double m : {0.0, 0.88137, 0.8814, -0.88137, 1e-8, -1e-8}) margins.push_back(m);
  const auto error = [&](const auto& part, const auto& exact) {
    return largest_error<T, bytes>(
        margins, [&](const auto& m) { return part(logistic_terms(m)); }, exact);
  };
  // |m| of some steps makes as many in exp(m).
  const double bound = 4 + far;
  CHECK(error([](const auto& t) { return t.p; }, [](double m) { return 1 / (1 + std::exp(-m)); }) <
        bound);
  CHECK(error([](const auto& t) { return t.q; }, [](double m) { return 1 / (1 + std::exp(m)); }) <
        bound);
  CHECK(error([](const auto& t) { return t.log_p; },
              [](double m) { return std::min(m, 0.0) - std::log1p(std::exp(-std::abs(m))); }) < 8);
  CHECK(error([](const auto& t) { return t.log_q; },
              [](double m) { return std::min(-m, 0.0) - std::log1p(std::exp(-std::abs(m))); }) < 8);
}

template <class T, std::size_t bytes>
void check_labels() {
  const std::vector<unsigned char> labels{1, 0, 255, 1, 255, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  for (std::size_t at = 0; at + n_lanes<T, bytes> <= labels.size(); at += n_lanes<T, bytes>) {
    const LaneLabels<T, bytes> lanes(labels.data() + at);
    std::vector<T> positive(n_lanes<T, bytes>);
    std::vector<T> known(n_lanes<T, bytes>);
    const Lanes<T, bytes> one(1);
    const Lanes<T, bytes> zero(0);
    store_lanes(select(lanes.are_positive(), one, zero), positive.data());
    store_lanes(select(lanes.are_known(), one, zero), known.data());
    for (std::size_t j = 0; j < n_lanes<T, bytes>; ++j) {
      CHECK((positive[j] == 1) == (labels[at + j] == 1));
      CHECK((known[j] == 1) == (labels[at + j] != 255));
    }
  }
}

template <class T, std::size_t bytes>
void check_sum_and_finiteness() {
  std::vector<T> numbers(n_lanes<T, bytes>);
  double expected = 0;
  for (std::size_t j = 0; j < n_lanes<T, bytes>; ++j) {
    numbers[j] = static_cast<T>(1 << j);
    expected += static_cast<double>(numbers[j]);
  }
  LaneSum<T, bytes> sum;
  sum.add(load_lanes<bytes>(numbers.data()));
  sum.add(load_lanes<bytes>(numbers.data()));
  CHECK(sum.total() == 2 * expected);
  for (std::size_t j = 0; j < n_lanes<T, bytes>; ++j) {
    for (const T odd : {std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity(),
                        std::numeric_limits<T>::quiet_NaN()}) {
      std::vector<T> some = numbers;
      some[j] = odd;
      LaneFiniteness<T, bytes> finiteness;
      finiteness.see(load_lanes<bytes>(numbers.data()));
      CHECK(finiteness.all());
      finiteness.see(load_lanes<bytes>(some.data()));
      CHECK(!finiteness.all());
      finiteness.see(load_lanes<bytes>(numbers.data()));
      CHECK(!finiteness.all());
    }
  }
  const std::vector<T> large(n_lanes<T, bytes>, -std::numeric_limits<T>::max());
  LaneFiniteness<T, bytes> finiteness;
  finiteness.see(load_lanes<bytes>(large.data()));
  CHECK(finiteness.all());
}

template <std::size_t bytes, class T>
double sum_of(const std::vector<T>& numbers) {
  LaneSum<T, bytes> sum;
  for (std::size_t k = 0; k < numbers.size(); k += n_lanes<T, bytes>) {
    sum.add(load_lanes<bytes>(numbers.data() + k));
  }
  return sum.total();
}

}  // namespace

TEST_CASE("exponentials and logarithms are right to a few steps") {
  check_functions<double, 32>(-708, 1e-300, 1e300);
  check_functions<float, 32>(-87, 1e-37, 1e37);
  check_functions<double, 64>(-708, 1e-300, 1e300);
  check_functions<float, 64>(-87, 1e-37, 1e37);
}

TEST_CASE("logistic terms are right to a few steps") {
  check_logistic<double, 32>(40);
  check_logistic<float, 32>(40);
  check_logistic<double, 64>(40);
  check_logistic<float, 64>(40);
}

TEST_CASE("far below, exp is 0") {
  for (const double x : {-800.0, -1e4, -1e300}) {
    const std::vector<double> numbers(n_lanes<double, 32>, x);
    std::vector<double> y(n_lanes<double, 32>, 7.0);
    store_lanes(exp_below_one(load_lanes<32>(numbers.data())), y.data());
    for (const double one : y) CHECK(one == 0);
  }
}

TEST_CASE("labels, sums and finiteness of lanes") {
  check_labels<double, 32>();
  check_labels<float, 32>();
  check_labels<double, 64>();
  check_labels<float, 64>();
  check_sum_and_finiteness<double, 32>();
  check_sum_and_finiteness<float, 32>();
  check_sum_and_finiteness<double, 64>();
  check_sum_and_finiteness<float, 64>();
}

TEST_CASE("sums do not depend on how many lanes there are") {
  Random random(5);
  std::vector<double> numbers(4096);
  for (double& number : numbers) number = std::exp(5 * random.normal());
  const std::vector<float> floats(numbers.begin(), numbers.end());
  CHECK(sum_of<64>(numbers) == sum_of<32>(numbers));
  CHECK(sum_of<64>(floats) == sum_of<32>(floats));
}
