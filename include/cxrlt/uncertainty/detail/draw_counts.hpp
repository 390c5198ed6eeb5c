// SPDX-License-Identifier: Apache-2.0
/// Draws the integer weights of a batch of replicates.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/uncertainty/detail/count_rows.hpp"
#include "cxrlt/uncertainty/detail/poisson_lanes.hpp"

namespace cxrlt::detail {

/// Draws the weights of all units of a batch, stratum by stratum.
class CountDraws {
 public:
  /// @param n_lanes  replicates that are wanted; what further lanes hold is undefined
  CountDraws(std::uint64_t seed, std::size_t batch, std::size_t n_lanes, CountRows& rows)
      : seed_(seed), batch_(batch), n_lanes_(n_lanes), rows_(rows) {
    for (std::size_t lane = 0; lane < n_lanes; ++lane) {
      random_.push_back(lane_random(seed, batch, lane, RandomUse::draws));
    }
  }

  /// Independent Poisson numbers of mean 1 for the units of a stratum.
  void poisson(std::span<const std::uint32_t> units, std::uint32_t stratum) {
    start(units, stratum, 1);
  }

  /// As many draws with replacement as the stratum has units. Independent Poisson numbers, given
  /// their sum, are multinomial, and stay so when single draws are added or taken away. So one
  /// starts with numbers of a mean below 1 by `margin` standard deviations of the sum: few are then
  /// too many, and to take one away costs more than to add some. Few units are drawn one by one.
  void multinomial(std::span<const std::uint32_t> units, std::uint32_t stratum,
                   double margin = 1.5) {
    const std::size_t n = units.size();
    start(units, stratum, n < 64 ? 0 : 1 - margin / std::sqrt(static_cast<double>(n)));
    complete(units);
  }

  /// Whether all weights are as small as the rows allow; else what they hold is undefined.
  bool fits() const { return most_ <= rows_.largest_allowed(); }
  /// The largest weight, at least 1.
  std::uint32_t most() const { return std::max<std::uint32_t>(1, most_); }

 private:
  static constexpr std::uint32_t kAtOnce = 64;  // draws of one lane
  static constexpr std::size_t kBlock = 16;     // units whose numbers are drawn, then put into rows

  void start(std::span<const std::uint32_t> units, std::uint32_t stratum, double mean) {
    std::fill_n(sums_, kLanes, 0U);
    most_drawn_ = 0;
    if (mean > 0) {
      PoissonLanes lanes(seed_, batch_, stratum, mean);
      run_dispatched([&]() CXRLT_ALWAYS_INLINE {
        PoissonLanes local = lanes;
        for (std::size_t first = 0; first < units.size(); first += kBlock) {
          draw(units.subspan(first, std::min(kBlock, units.size() - first)), local);
        }
      });
    } else {
      const std::uint8_t none[kLanes] = {};
      for (const std::uint32_t unit : units) rows_.set_row(unit, none);
    }
  }

  CXRLT_ALWAYS_INLINE void draw(std::span<const std::uint32_t> units, PoissonLanes& lanes) {
    alignas(64) std::uint8_t numbers[kBlock * kLanes];
    if (lanes.draw(units.size(), numbers)) decide(units, lanes.cells(), numbers);
    std::uint16_t sums[kLanes] = {};
    std::uint8_t most[kLanes] = {};
    for (std::size_t k = 0; k < units.size(); ++k) {
      const std::uint8_t* const row = numbers + k * kLanes;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sums[lane] = static_cast<std::uint16_t>(sums[lane] + row[lane]);
        most[lane] = row[lane] > most[lane] ? row[lane] : most[lane];
      }
      rows_.set_row(units[k], row);
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums_[lane] += sums[lane];
      most_drawn_ = most[lane] > most_drawn_ ? most[lane] : most_drawn_;
    }
    most_ = std::max(most_, most_drawn_);
  }

  void decide(std::span<const std::uint32_t> units, const PoissonCells& cells,
              std::uint8_t* numbers) const {
    std::uint8_t* const end = numbers + units.size() * kLanes;
    const auto next = [&](std::uint8_t* from) {
      return static_cast<std::uint8_t*>(
          std::memchr(from, PoissonCells::kUndecided, static_cast<std::size_t>(end - from)));
    };
    for (std::uint8_t* at = next(numbers); at != nullptr; at = next(at + 1)) {
      const auto place = static_cast<std::size_t>(at - numbers);
      const std::array<std::uint32_t, 4> more = Random::philox(
          {units[place / kLanes], static_cast<std::uint32_t>(place % kLanes),
           static_cast<std::uint32_t>(batch_), static_cast<std::uint32_t>(RandomUse::refinement)},
          {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
      const std::uint64_t bits = std::uint64_t{more[0]} << 20 ^ more[1] >> 12;
      *at = cells.number_at(static_cast<double>(bits) * 0x1p-52);
    }
  }

  /// Adds single draws, or takes some away, until each lane holds as many as there are units.
  void complete(std::span<const std::uint32_t> units) {
    const auto n = static_cast<std::uint32_t>(units.size());
    for (std::size_t lane = 0; lane < n_lanes_ && fits(); ++lane) {
      std::uint32_t& sum = sums_[lane];
      while (sum < n && fits()) {
        const std::uint32_t some = std::min(kAtOnce, n - sum);
        add_draws(units, lane, some);
        sum += some;
      }
      for (; sum > n; --sum) take_away(units, lane);
    }
  }

  /// Draws some units before their rows are changed, which then come from memory together.
  void add_draws(std::span<const std::uint32_t> units, std::size_t lane, std::uint32_t some) {
    std::array<std::uint32_t, kAtOnce> drawn;
    const auto n = static_cast<std::uint32_t>(units.size());
    for (std::uint32_t k = 0; k < some; ++k) {
      drawn[k] = units[random_[lane].below(n)];
      CXRLT_PREFETCH(rows_.data() + drawn[k] * rows_.row_bytes());
    }
    for (std::uint32_t k = 0; k < some; ++k) {
      const std::uint32_t count = rows_(drawn[k], lane) + 1;
      most_ = std::max(most_, count);
      if (!fits()) return;
      rows_.set(drawn[k], lane, count);
    }
  }

  /// Takes away one of the draws of a lane, each as likely as any other: units are proposed alike,
  /// and taken as often as they have been drawn. What other strata or lanes have got since then
  /// changes no replicate: it may be drawn in a batch of more of them.
  void take_away(std::span<const std::uint32_t> units, std::size_t lane) {
    Random& random = random_[lane];
    for (;;) {
      const std::uint32_t unit = units[random.below(static_cast<std::uint32_t>(units.size()))];
      const std::uint32_t count = rows_(unit, lane);
      if (random.below(most_drawn_) < count) {
        rows_.set(unit, lane, count - 1);
        return;
      }
    }
  }

  std::uint64_t seed_;
  std::size_t batch_;
  std::size_t n_lanes_;
  CountRows& rows_;
  std::vector<Random> random_;
  std::uint32_t most_ = 0;
  std::uint32_t most_drawn_ = 0;     ///< in any lane before single draws, of the stratum at hand
  std::uint32_t sums_[kLanes] = {};  ///< of the stratum at hand
};

}  // namespace cxrlt::detail
