// SPDX-License-Identifier: Apache-2.0
/// The rows that an epoch shows, by the samplers of the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cxrlt/core/error.hpp>
#include <cxrlt/losses/samplers.hpp>
#include <functional>
#include <string>
#include <vector>

#include "data_set.hpp"

namespace training {

/// Rows of an epoch, counted from 0, in the order in which they are shown.
using EpochRows = std::function<std::vector<std::size_t>(int epoch)>;

/// @param sampler  none (each row once), repeat-factor, class-balanced, square-root or progressive
/// @throws cxrlt::InvalidArgument for another name
inline EpochRows epoch_rows(const DataSet& train, const std::string& sampler, std::uint64_t seed,
                            int n_epochs) {
  const std::size_t n_rows = train.n_rows();
  const cxrlt::LabelMatrixView labels(train.labels);
  const auto repeated = [=](std::vector<double> factors) -> EpochRows {
    return [=](int epoch) {
      return cxrlt::repeat_rows(factors, seed, static_cast<std::uint64_t>(epoch));
    };
  };
  const auto drawn = [=](std::vector<double> weights) -> EpochRows {
    return [=](int epoch) {
      return cxrlt::sample_rows(weights, n_rows, seed, static_cast<std::uint64_t>(epoch));
    };
  };
  if (sampler == "none") return repeated(std::vector<double>(n_rows, 1.0));
  if (sampler == "repeat-factor") return repeated(cxrlt::repeat_factors(labels));
  if (sampler == "class-balanced") return drawn(cxrlt::class_balanced_sampling(labels));
  if (sampler == "square-root") return drawn(cxrlt::square_root_sampling(labels));
  if (sampler == "progressive") {
    return [=, &train](int epoch) {
      const double progress = n_epochs > 1 ? static_cast<double>(epoch) / (n_epochs - 1) : 0;
      const std::vector<double> weights =
          cxrlt::progressive_sampling(cxrlt::LabelMatrixView(train.labels), progress);
      return cxrlt::sample_rows(weights, n_rows, seed, static_cast<std::uint64_t>(epoch));
    };
  }
  throw cxrlt::InvalidArgument("there is no sampler '" + sampler +
                               "'; expected none, class-balanced, square-root, progressive or "
                               "repeat-factor");
}

}  // namespace training
