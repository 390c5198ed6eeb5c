// SPDX-License-Identifier: Apache-2.0
/// Resampled data sets as weights: how often each row, or each cluster of rows, stands in each
/// replicate. All classes and all models see the same weights, so that averages over classes and
/// differences of models vary as they would over new test sets.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/uncertainty/detail/count_rows.hpp"
#include "cxrlt/uncertainty/detail/draw_counts.hpp"
#include "cxrlt/uncertainty/detail/poisson_lanes.hpp"

namespace cxrlt {

/// The distribution of a replicate's weights. Each has mean 1 a unit.
enum class ResamplingScheme : std::uint8_t {
  multinomial,  ///< as many draws with replacement as there are units (Efron 1979)
  poisson,      ///< independent Poisson weights; the size of a replicate varies
  bayesian,     ///< exponential weights: the Dirichlet of Rubin (1981); no unit is ever lost
};

/// How data sets are resampled.
struct ResamplingOptions {
  int n_replicates = 1000;
  ResamplingScheme scheme = ResamplingScheme::multinomial;
  std::uint64_t seed = 0;
  /// The cluster (patient) of each row, any numbers: clusters are drawn, with all of their rows.
  /// Empty: rows are drawn. See `number_groups` for clusters by name.
  std::span<const std::size_t> clusters = {};
  /// The stratum of each row, any numbers: drawn within strata, whose sizes then do not vary.
  /// Every cluster must lie in one stratum. Empty: one stratum.
  std::span<const std::size_t> strata = {};
};

/// The weights of up to 128 replicates.
struct WeightBatch {
  detail::CountRows counts;     ///< where weights are small integers
  std::vector<double> weights;  ///< otherwise: those of a unit side by side
  std::uint32_t most = 1;       ///< no count is larger
  std::size_t n_lanes = 0;      ///< replicates in the batch; further lanes are not to be read

  bool integer() const { return weights.empty(); }
  double weight(std::size_t unit, std::size_t lane) const {
    return weights.empty() ? counts(unit, lane) : weights[unit * detail::kLanes + lane];
  }
};

/// Makes the weights of all replicates, 128 at a time. A batch depends on its number and on the
/// seed alone, so replicates are equal for every number of threads. Thread-safe after construction.
class Resampler {
 public:
  /// @throws InvalidArgument if there are no rows or no replicates, 2^27 rows or more, clusters or
  /// strata of another number of rows, or a cluster lies in two strata.
  Resampler(std::size_t n_rows, const ResamplingOptions& options)
      : scheme_(options.scheme), seed_(options.seed) {
    if (options.n_replicates < 1) throw InvalidArgument("resampling: no replicates");
    n_replicates_ = static_cast<std::size_t>(options.n_replicates);
    number_units(n_rows, options.clusters);
    std::vector<std::size_t> stratum_of_unit(n_units_, 0);
    std::size_t n_strata = 1;
    if (!options.strata.empty()) {
      detail::check_same_size(n_rows, options.strata.size(), "strata");
      const auto [of_row, n] = detail::dense_groups(options.strata, n_rows);
      n_strata = n;
      std::vector<bool> known(n_units_, false);
      for (std::size_t i = 0; i < n_rows; ++i) {
        if (known[unit_of_row_[i]] && stratum_of_unit[unit_of_row_[i]] != of_row[i]) {
          throw InvalidArgument("resampling: the cluster of row " + std::to_string(i) +
                                " lies in two strata");
        }
        known[unit_of_row_[i]] = true;
        stratum_of_unit[unit_of_row_[i]] = of_row[i];
      }
    }
    strata_.resize(n_strata);
    for (std::size_t unit = 0; unit < n_units_; ++unit) {
      strata_[stratum_of_unit[unit]].push_back(static_cast<std::uint32_t>(unit));
    }
  }

  /// Replicates of the caller's: weight b of row i at `weights[b * n_rows + i]`, such as published
  /// resamplings. Weights are finite and not negative.
  static Resampler from_weights(std::size_t n_rows, std::span<const double> weights) {
    if (n_rows == 0 || weights.empty() || weights.size() % n_rows != 0) {
      throw InvalidArgument("resampling: " + std::to_string(weights.size()) +
                            " weights are no whole number of replicates of " +
                            std::to_string(n_rows) + " rows");
    }
    Resampler resampler;
    resampler.number_units(n_rows, {});
    resampler.n_replicates_ = weights.size() / n_rows;
    bool small_integers = n_rows >> 24 == 0;  // so that no sum of theirs passes 2^32
    for (const double weight : weights) {
      if (!is_finite(weight) || weight < 0) {
        throw InvalidArgument("resampling: a weight is negative or not finite");
      }
      small_integers &= weight <= 255 && weight == std::floor(weight);
    }
    if (small_integers) {
      resampler.given_most_ = std::max<std::uint32_t>(
          1, static_cast<std::uint32_t>(*std::max_element(weights.begin(), weights.end())));
    }
    resampler.given_.assign(weights.begin(), weights.end());
    return resampler;
  }

  /// Replicates as lists of rows: a row stands in a replicate as often as in its list.
  /// @throws InvalidArgument if there is no list, or a row is none of the n_rows.
  static Resampler from_rows(std::size_t n_rows, std::span<const std::vector<std::size_t>> lists) {
    std::vector<double> weights(n_rows * lists.size(), 0.0);
    for (std::size_t b = 0; b < lists.size(); ++b) {
      for (const std::size_t row : lists[b]) {
        if (row >= n_rows) {
          throw InvalidArgument("resampling: replicate " + std::to_string(b) + " draws row " +
                                std::to_string(row) + " of " + std::to_string(n_rows));
        }
        weights[b * n_rows + row] += 1;
      }
    }
    return from_weights(n_rows, weights);
  }

  /// Every row (cluster) left out once, for the acceleration of BCa; with more than `most` of them,
  /// groups of rows: every `most`-th row is in one group (the grouped jackknife).
  /// @throws InvalidArgument for fewer than two rows (clusters), or `most` below 2.
  static Resampler leave_out(std::size_t n_rows, std::span<const std::size_t> clusters = {},
                             std::size_t most = 1000) {
    Resampler resampler;
    resampler.number_units(n_rows, clusters);
    resampler.n_replicates_ = std::min(resampler.n_units_, most);
    resampler.leaves_out_ = true;
    if (resampler.n_replicates_ < 2) {
      throw InvalidArgument("resampling: of fewer than two rows or clusters, none can be left out");
    }
    return resampler;
  }

  std::size_t n_replicates() const { return n_replicates_; }
  std::size_t n_rows() const { return unit_of_row_.size(); }
  /// Rows, or clusters.
  std::size_t n_units() const { return n_units_; }
  std::span<const std::uint32_t> unit_of_row() const { return unit_of_row_; }
  std::size_t n_batches() const { return (n_replicates_ + detail::kLanes - 1) / detail::kLanes; }
  /// Whether the batches hold small integers.
  bool integer() const {
    return given_.empty() ? scheme_ != ResamplingScheme::bayesian : given_most_ > 0;
  }

  /// The weights of replicates 128 batch, 128 batch + 1, ... O(128 units): about 0.5 ns an integer.
  /// Integers take 64 bytes a unit, or 128 where one is above 15: of drawn ones, in one batch of
  /// 10^6 with 10^5 units.
  void fill(std::size_t batch, WeightBatch& into) const {
    into.most = 1;
    into.n_lanes = std::min(detail::kLanes, n_replicates_ - batch * detail::kLanes);
    if (!given_.empty()) {
      fill_given(batch, into);
    } else if (leaves_out_) {
      fill_left_out(batch, into);
    } else if (scheme_ == ResamplingScheme::bayesian) {
      fill_exponential(batch, into);
    } else {
      fill_counts(batch, into);
    }
  }

 private:
  Resampler() = default;

  void number_units(std::size_t n_rows, std::span<const std::size_t> clusters) {
    if (n_rows == 0) throw InvalidArgument("resampling: no rows");
    if (n_rows >> 27 != 0) throw InvalidArgument("resampling: 2^27 rows or more");
    unit_of_row_.resize(n_rows);
    n_units_ = n_rows;
    if (clusters.empty()) {
      for (std::size_t i = 0; i < n_rows; ++i) unit_of_row_[i] = static_cast<std::uint32_t>(i);
      return;
    }
    detail::check_same_size(n_rows, clusters.size(), "clusters");
    const auto [of_row, n_clusters] = detail::dense_groups(clusters, n_rows);
    std::transform(of_row.begin(), of_row.end(), unit_of_row_.begin(),
                   [](std::size_t unit) { return static_cast<std::uint32_t>(unit); });
    n_units_ = n_clusters;
  }

  void fill_counts(std::size_t batch, WeightBatch& into) const {
    into.weights.clear();
    if (!draw_counts(batch, true, into) && !draw_counts(batch, false, into)) {
      throw Error("resampling: one unit was drawn 256 times");
    }
  }

  bool draw_counts(std::size_t batch, bool narrow, WeightBatch& into) const {
    into.counts.resize(n_units_, narrow);
    detail::CountDraws draws(seed_, batch, into.n_lanes, into.counts);
    for (std::size_t s = 0; s < strata_.size(); ++s) {
      const auto stratum = static_cast<std::uint32_t>(s);
      if (scheme_ == ResamplingScheme::poisson) {
        draws.poisson(strata_[s], stratum);
      } else {
        draws.multinomial(strata_[s], stratum);
      }
    }
    into.most = draws.most();
    return draws.fits();
  }

  /// Exponential weights, which in each stratum sum up to its number of units.
  void fill_exponential(std::size_t batch, WeightBatch& into) const {
    into.counts.clear();
    into.weights.assign(n_units_ * detail::kLanes, 0.0);
    for (std::size_t lane = 0; lane < into.n_lanes; ++lane) {
      Random random = detail::lane_random(seed_, batch, lane, detail::RandomUse::draws);
      for (const std::vector<std::uint32_t>& stratum : strata_) {
        double sum = 0;
        for (const std::uint32_t unit : stratum) {
          double& weight = into.weights[std::size_t{unit} * detail::kLanes + lane];
          weight = -std::log1p(-random.uniform());
          sum += weight;
        }
        const double scale = static_cast<double>(stratum.size()) / sum;
        for (const std::uint32_t unit : stratum) {
          into.weights[std::size_t{unit} * detail::kLanes + lane] *= scale;
        }
      }
    }
  }

  void fill_left_out(std::size_t batch, WeightBatch& into) const {
    into.weights.clear();
    into.counts.resize(n_units_, true);
    into.counts.fill(1);
    for (std::size_t lane = 0; lane < into.n_lanes; ++lane) {
      for (std::size_t unit = batch * detail::kLanes + lane; unit < n_units_;
           unit += n_replicates_) {
        into.counts.set(unit, lane, 0);
      }
    }
  }

  void fill_given(std::size_t batch, WeightBatch& into) const {
    into.weights.assign(given_most_ == 0 ? n_units_ * detail::kLanes : 0, 0.0);
    if (given_most_ > 0) {
      into.counts.resize(n_units_, given_most_ <= 15);
      into.counts.fill(0);
      into.most = given_most_;
    }
    for (std::size_t lane = 0; lane < into.n_lanes; ++lane) {
      const double* const given = given_.data() + (batch * detail::kLanes + lane) * n_units_;
      for (std::size_t unit = 0; unit < n_units_; ++unit) {
        if (given_most_ > 0) {
          into.counts.set(unit, lane, static_cast<std::uint32_t>(given[unit]));
        } else {
          into.weights[unit * detail::kLanes + lane] = given[unit];
        }
      }
    }
  }

  ResamplingScheme scheme_ = ResamplingScheme::multinomial;
  std::uint64_t seed_ = 0;
  std::size_t n_replicates_ = 0;
  std::size_t n_units_ = 0;
  std::vector<std::uint32_t> unit_of_row_;
  std::vector<std::vector<std::uint32_t>> strata_;
  std::vector<double> given_;
  std::uint32_t given_most_ = 0;  ///< the largest of small integers; 0 where weights are others
  bool leaves_out_ = false;
};

}  // namespace cxrlt
