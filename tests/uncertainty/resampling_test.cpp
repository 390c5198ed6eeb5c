// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/uncertainty/resampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

/// The weights of all replicates, one by one.
std::vector<std::vector<double>> all_weights(const Resampler& resampler) {
  std::vector<std::vector<double>> replicates;
  WeightBatch batch;
  for (std::size_t b = 0; b < resampler.n_batches(); ++b) {
    resampler.fill(b, batch);
    CHECK(batch.integer() == resampler.integer());
    for (std::size_t lane = 0; lane < batch.n_lanes; ++lane) {
      replicates.emplace_back();
      for (std::size_t unit = 0; unit < resampler.n_units(); ++unit) {
        replicates.back().push_back(batch.weight(unit, lane));
      }
    }
  }
  return replicates;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

/// How often each small number is drawn for a unit, compared with its probability by chi-squared.
void check_distribution(const std::vector<std::vector<double>>& replicates,
                        const std::vector<double>& probability) {
  std::vector<double> observed(probability.size(), 0);
  double n = 0;
  for (const std::vector<double>& weights : replicates) {
    for (const double weight : weights) {
      ++observed[std::min(static_cast<std::size_t>(weight), probability.size() - 1)];
      ++n;
    }
  }
  double chi_squared = 0;
  for (std::size_t k = 0; k < probability.size(); ++k) {
    const double expected = n * probability[k];
    chi_squared += (observed[k] - expected) * (observed[k] - expected) / expected;
  }
  INFO("chi-squared " << chi_squared << " of " << probability.size() << " cells");
  CHECK(chi_squared < 30);  // six cells: exceeded by chance once in 50,000
}

std::vector<double> binomial(std::size_t n, std::size_t cells) {
  const double p = 1.0 / static_cast<double>(n);
  std::vector<double> probability(cells, 0);
  double term = std::pow(1 - p, static_cast<double>(n));
  for (std::size_t k = 0; k + 1 < cells; ++k) {
    probability[k] = term;
    term *= static_cast<double>(n - k) / static_cast<double>(k + 1) * p / (1 - p);
  }
  probability.back() = 1 - sum(probability);
  return probability;
}

ResamplingOptions options_of(int n, ResamplingScheme scheme = ResamplingScheme::multinomial) {
  ResamplingOptions options;
  options.n_replicates = n;
  options.scheme = scheme;
  options.seed = 12;
  return options;
}

}  // namespace

TEST_CASE("multinomial weights sum to the number of rows, each binomial") {
  for (const std::size_t n : {1U, 2U, 9U, 63U, 64U, 100U, 1000U}) {
    CAPTURE(n);
    const auto replicates = all_weights(Resampler(n, options_of(130)));
    REQUIRE(replicates.size() == 130);
    for (const auto& weights : replicates) REQUIRE(sum(weights) == static_cast<double>(n));
  }
  check_distribution(all_weights(Resampler(40, options_of(20000))), binomial(40, 6));
  check_distribution(all_weights(Resampler(400, options_of(5000))), binomial(400, 6));
}

TEST_CASE("multinomial weights of two rows vary together as they must") {
  for (const std::size_t n : {10U, 200U}) {
    const auto replicates = all_weights(Resampler(n, options_of(40000)));
    double product = 0;
    for (const auto& weights : replicates) product += (weights[0] - 1) * (weights[n - 1] - 1);
    const double expected = -1.0 / static_cast<double>(n);
    CHECK(std::abs(product / 40000 - expected) < 5 / std::sqrt(40000.0));
  }
}

TEST_CASE("Poisson weights are Poisson") {
  const auto replicates = all_weights(Resampler(500, options_of(4000, ResamplingScheme::poisson)));
  std::vector<double> probability;
  double term = std::exp(-1.0);
  for (int k = 0; k < 7; ++k) {
    probability.push_back(term);
    term /= k + 1;
  }
  probability.push_back(1 - sum(probability));
  check_distribution(replicates, probability);
}

TEST_CASE("cells give every Poisson number its probability") {
  for (const double mean : {1.0, 0.98, 0.5}) {
    CAPTURE(mean);
    const detail::PoissonCells cells(mean);
    std::array<double, 12> share{};
    double undecided = 0;
    for (std::int32_t cell = -0x8000; cell < 0x8000; ++cell) {
      const std::uint8_t number = cells.number(static_cast<std::int16_t>(cell));
      ++(number == detail::PoissonCells::kUndecided ? undecided : share[number]);
    }
    CHECK(undecided < 20);  // the second draw costs time
    constexpr int kPlaces = 100000;
    for (int k = 0; k < kPlaces; ++k) {
      const std::uint8_t number = cells.number_at((k + 0.5) / kPlaces);
      share[std::min<std::size_t>(number, 11)] += undecided / kPlaces;
    }
    double probability = std::exp(-mean);
    for (std::size_t number = 0; number < 11; ++number) {
      CAPTURE(number);
      CHECK(std::abs(share[number] - probability * 65536) < 2 * undecided / kPlaces);
      probability *= mean / static_cast<double>(number + 1);
    }
  }
}

TEST_CASE("numbers are drawn lane by lane from their cells") {
  const detail::PoissonCells cells(1);
  detail::PoissonLanes lanes(5, 2, 0, 1);
  detail::PoissonLanes again(5, 2, 0, 1);
  std::vector<std::uint8_t> numbers(1000 * detail::kLanes);
  std::vector<std::uint8_t> one_by_one(numbers.size());
  const bool undecided = lanes.draw(1000, numbers.data());
  bool any = false;
  for (std::size_t k = 0; k < 1000; ++k) {
    any |= again.draw(1, one_by_one.data() + k * detail::kLanes);
  }
  CHECK(numbers == one_by_one);
  const auto n_undecided =
      std::count(numbers.begin(), numbers.end(), detail::PoissonCells::kUndecided);
  CHECK(undecided == (n_undecided > 0));
  CHECK(any == undecided);
  CHECK(n_undecided < 128000 / 65536 * 20 * 2);
}

TEST_CASE("draws too many are taken away one by one, each as likely as any other") {
  std::vector<std::uint32_t> units(100);
  std::iota(units.begin(), units.end(), 0U);
  std::vector<std::vector<double>> replicates;
  for (std::size_t batch = 0; batch < 200; ++batch) {
    detail::CountRows rows;
    rows.resize(units.size(), true);
    detail::CountDraws draws(3, batch, detail::kLanes, rows);
    draws.multinomial(units, 0, 0);  // without a margin every other sum is too large
    REQUIRE(draws.fits());
    for (std::size_t lane = 0; lane < detail::kLanes; ++lane) {
      replicates.emplace_back();
      for (const std::uint32_t unit : units) replicates.back().push_back(rows(unit, lane));
      REQUIRE(sum(replicates.back()) == 100);
    }
  }
  check_distribution(replicates, binomial(100, 6));
  // Whichever unit stands first, it is drawn once in the mean.
  for (const std::size_t unit : {0U, 50U, 99U}) {
    double total = 0;
    for (const auto& weights : replicates) total += weights[unit];
    const auto n = static_cast<double>(replicates.size());
    CHECK(std::abs(total / n - 1) < 5 / std::sqrt(n));
  }
}

TEST_CASE("exponential weights have mean 1 and keep every unit") {
  const auto replicates = all_weights(Resampler(50, options_of(2000, ResamplingScheme::bayesian)));
  double squares = 0;
  for (const auto& weights : replicates) {
    check_close(sum(weights), 50);
    for (const double weight : weights) {
      REQUIRE(weight > 0);
      squares += (weight - 1) * (weight - 1);
    }
  }
  // The variance of 50 Dirichlet(1, ..., 1) is (n - 1) / (n + 1).
  CHECK(std::abs(squares / (2000 * 50) - 49.0 / 51) < 0.03);
}

TEST_CASE("clusters are drawn whole, strata keep their sizes") {
  const std::vector<std::size_t> clusters{7, 7, 2, 2, 2, 9, 4, 4};
  ResamplingOptions options = options_of(300);
  options.clusters = clusters;
  const Resampler by_cluster(8, options);
  CHECK(by_cluster.n_units() == 4);
  for (const auto& weights : all_weights(by_cluster)) CHECK(sum(weights) == 4);
  const std::vector<std::size_t> strata{0, 0, 1, 1, 1, 1, 0, 0};
  options.strata = strata;
  const Resampler stratified(8, options);
  for (const auto& weights : all_weights(stratified)) {
    CHECK(weights[stratified.unit_of_row()[0]] + weights[stratified.unit_of_row()[6]] == 2);
    CHECK(weights[stratified.unit_of_row()[2]] + weights[stratified.unit_of_row()[5]] == 2);
  }
}

TEST_CASE("strata of many rows keep their sizes, too") {
  std::vector<std::size_t> strata(500);
  for (std::size_t i = 0; i < 500; ++i) strata[i] = i % 5 == 0;
  ResamplingOptions options = options_of(70);
  options.strata = strata;
  for (const auto& weights : all_weights(Resampler(500, options))) {
    double in_second = 0;
    for (std::size_t i = 0; i < 500; i += 5) in_second += weights[i];
    REQUIRE(in_second == 100);
    REQUIRE(sum(weights) == 500);
  }
}

TEST_CASE("a batch depends on the seed and its number alone") {
  const Resampler resampler(200, options_of(200));
  WeightBatch second;
  resampler.fill(1, second);
  const auto replicates = all_weights(resampler);
  for (std::size_t unit = 0; unit < 200; ++unit) {
    CHECK(second.weight(unit, 5) == replicates[detail::kLanes + 5][unit]);
  }
  ResamplingOptions other = options_of(200);
  other.seed = 13;
  CHECK(all_weights(Resampler(200, other))[0] != replicates[0]);
  // More replicates begin with the same ones.
  CHECK(all_weights(Resampler(200, options_of(100)))[99] == replicates[99]);
}

TEST_CASE("more replicates begin with the same ones, in every stratum") {
  std::vector<std::size_t> strata;
  for (std::size_t i = 0; i < 600; ++i) strata.push_back(i % 3);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    ResamplingOptions options = options_of(10);
    options.seed = seed;
    options.strata = strata;
    const auto few = all_weights(Resampler(600, options));
    options.n_replicates = 128;
    auto more = all_weights(Resampler(600, options));
    more.resize(10);
    CHECK(few == more);
  }
}

TEST_CASE("weights are the same on every platform") {
  // The stream is part of what results are reproduced by: these are the sums of unit times weight.
  const auto sums_of = [](const ResamplingOptions& options) {
    std::vector<double> sums;
    for (const auto& weights : all_weights(Resampler(1000, options))) {
      double total = 0;
      for (std::size_t unit = 0; unit < 1000; ++unit) {
        total += static_cast<double>(unit) * weights[unit];
      }
      sums.push_back(total);
    }
    return sums;
  };
  CHECK(sums_of(options_of(3)) == std::vector<double>{506021, 505026, 489935});
  std::vector<std::size_t> strata;
  for (std::size_t i = 0; i < 1000; ++i) strata.push_back(i % 3);
  ResamplingOptions stratified = options_of(3);
  stratified.strata = strata;
  CHECK(sums_of(stratified) == std::vector<double>{504231, 504291, 504408});
}

TEST_CASE("given weights are handed on, as counts where they are") {
  const std::vector<double> weights{0, 1, 2, 3, 0, 0};
  const Resampler counts = Resampler::from_weights(3, weights);
  CHECK(counts.integer());
  CHECK(all_weights(counts) == std::vector<std::vector<double>>{{0, 1, 2}, {3, 0, 0}});
  const std::vector<double> halves{0.5, 1, 2};
  CHECK(all_weights(Resampler::from_weights(3, halves)) ==
        std::vector<std::vector<double>>{{0.5, 1, 2}});
  // Above 15 counts take a byte each.
  std::vector<double> wide(3 * 130, 1.0);
  wide[3 * 128 + 1] = 255;
  wide[5] = 16;
  const auto replicates = all_weights(Resampler::from_weights(3, wide));
  CHECK(replicates.size() == 130);
  CHECK(replicates[1] == std::vector<double>{1, 1, 16});
  CHECK(replicates[128] == std::vector<double>{1, 255, 1});
  CHECK(replicates[129] == std::vector<double>{1, 1, 1});
  const std::vector<double> sixteen{16, 1, 0};
  CHECK(all_weights(Resampler::from_weights(3, sixteen))[0] == std::vector<double>{16, 1, 0});
  const std::vector<double> many{300, 1, 2};
  CHECK_FALSE(Resampler::from_weights(3, many).integer());
  CHECK(all_weights(Resampler::from_weights(3, many))[0][0] == 300);
}

TEST_CASE("what cannot be resampled is refused") {
  CHECK_THROWS_AS(Resampler(0, {}), InvalidArgument);
  CHECK_THROWS_AS(Resampler(5, options_of(0)), InvalidArgument);
  const std::vector<std::size_t> four{0, 0, 1, 1};
  ResamplingOptions options;
  options.clusters = four;
  CHECK_THROWS_AS(Resampler(5, options), InvalidArgument);
  const std::vector<std::size_t> strata{0, 1, 0, 0};
  options.strata = strata;
  CHECK_THROWS_AS(Resampler(4, options), InvalidArgument);
  const std::vector<double> negative{1, -1};
  CHECK_THROWS_AS(Resampler::from_weights(2, negative), InvalidArgument);
  const std::vector<double> nan{1, std::numeric_limits<double>::quiet_NaN()};
  CHECK_THROWS_AS(Resampler::from_weights(2, nan), InvalidArgument);
  const std::vector<double> odd{1, 1, 1};
  CHECK_THROWS_AS(Resampler::from_weights(2, odd), InvalidArgument);
  const std::vector<std::vector<std::size_t>> lists{{0, 2}};
  CHECK_THROWS_AS(Resampler::from_rows(2, lists), InvalidArgument);
}
