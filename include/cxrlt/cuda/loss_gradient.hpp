// SPDX-License-Identifier: Apache-2.0
/// Losses of several labels where the logits lie: value and gradient on a device, by the kernels
/// that the host uses.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/cuda/cuda.hpp"
#include "cxrlt/cuda/detail/bits.hpp"
#include "cxrlt/cuda/detail/cells.hpp"
#include "cxrlt/cuda/detail/device_run.hpp"
#include "cxrlt/cuda/detail/rank_classes.hpp"
#include "cxrlt/cuda/detail/survey.hpp"
#include "cxrlt/cuda/device_matrix_view.hpp"
#include "cxrlt/losses/class_terms.hpp"
#include "cxrlt/losses/detail/loss_input.hpp"
#include "cxrlt/losses/distribution_balanced.hpp"
#include "cxrlt/losses/reduction.hpp"

namespace cxrlt {

namespace detail::inline CXRLT_DEVICE_SYSTEM {

/// At most so many threads share rows or cells out: thread t sees to t, t + n_threads, ..., so that
/// sums depend on nothing but the size of a matrix.
inline constexpr std::uint32_t kLossThreads = 1U << 16;
inline constexpr std::uint32_t kSumsOfTile = 256;

/// What a row's labels make of the weights of its cells: nothing, for most losses.
struct EqualCells {
  template <class Score>
  CXRLT_HD double operator()(const Cells<Score>&, std::uint32_t, std::uint32_t) const {
    return 1;
  }
};

/// As `DistributionBalancedLoss::weigh_row`, for one cell.
struct BalancedCells {
  double alpha, beta, mu;
  const double* inverse_counts;
  std::uint32_t n_classes;

  template <class Score>
  CXRLT_HD double operator()(const Cells<Score>& cells, std::uint32_t row,
                             std::uint32_t class_index) const {
    double sum = 0;
    for (std::uint32_t k = 0; k < n_classes; ++k) {
      if (cells.cell(row, k) == Cell::positive) sum += inverse_counts[k];
    }
    const double share = sum > 0 ? inverse_counts[class_index] / sum : 0;
    return alpha + logistic_terms(beta * (share - mu)).p;
  }
};

template <class Kernel>
EqualCells cell_weights(DeviceRun&, const LabelLoss<Kernel>&) {
  return {};
}
inline BalancedCells cell_weights(DeviceRun& run, const DistributionBalancedLoss& loss) {
  return {loss.alpha, loss.beta, loss.mu, run.upload(loss.inverse_counts),
          static_cast<std::uint32_t>(loss.inverse_counts.size())};
}

/// What was met in a pass.
struct LossTally {
  static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};

  std::uint64_t first_fault = kNowhere;  ///< of the cells row by row
  std::uint32_t n_counted = 0;           ///< labelled cells, or rows with one
};

/// Counts what a mean divides by.
template <class Score>
struct CountLabelled {
  Cells<Score> cells;
  std::uint32_t n_samples, n_classes, n_threads;
  bool by_rows;
  LossTally* tally;

  CXRLT_HD void operator()(std::uint32_t thread) const {
    std::uint32_t n_counted = 0;
    for (std::uint32_t row = thread; row < n_samples; row += n_threads) {
      std::uint32_t n_labelled = 0;
      for (std::uint32_t k = 0; k < n_classes; ++k) {
        const Cell cell = cells.cell(row, k);
        n_labelled += cell == Cell::positive || cell == Cell::negative ? 1 : 0;
      }
      n_counted += by_rows ? (n_labelled > 0 ? 1 : 0) : n_labelled;
    }
    add_atomically(&tally->n_counted, n_counted);
  }
};

/// Writes the gradient of some cells, and adds up their losses.
template <class Kernel, class Score, class CellWeights>
struct LossOfCells {
  Cells<Score> cells;
  Score* gradient;
  std::ptrdiff_t sample_stride, class_stride;  ///< of the gradient
  std::uint32_t n_classes, n_cells, n_threads;
  Kernel kernel;
  const ClassTerms* terms;
  CellWeights weights;
  bool is_mean;
  LossTally* tally;
  double* sums;  ///< by thread

  CXRLT_HD void operator()(std::uint32_t thread) const {
    const double factor =
        !is_mean ? 1 : (tally->n_counted > 0 ? 1 / static_cast<double>(tally->n_counted) : 0);
    double sum = 0;
    for (std::uint64_t at = thread; at < n_cells; at += n_threads) {
      const auto row = static_cast<std::uint32_t>(at / n_classes);
      const auto k = static_cast<std::uint32_t>(at % n_classes);
      const Cell cell = cells.cell(row, k);
      const Score z = cells.score(row, k);
      if (cell == Cell::fault || (cell != Cell::missing && !is_finite(z))) {
        // Where the gradient takes its place, the logit is still to be shown.
        lower_atomically(&tally->first_fault, at);
        continue;
      }
      const CellLoss<Score> loss =
          cell == Cell::missing ? CellLoss<Score>{} : weighted_loss(row, k, z, cell);
      gradient[static_cast<std::ptrdiff_t>(row) * sample_stride +
               static_cast<std::ptrdiff_t>(k) * class_stride] =
          static_cast<Score>(factor) * loss.gradient;
      sum += static_cast<double>(loss.value);
    }
    sums[thread] = sum;
  }

  CXRLT_HD CellLoss<Score> weighted_loss(std::uint32_t row, std::uint32_t k, Score z,
                                         Cell cell) const {
    const CellLoss<Score> loss =
        LabelLoss<Kernel>::template class_cell<Score>(kernel, terms[k], z, cell == Cell::positive);
    const auto weight = static_cast<Score>(weights(cells, row, k));
    return {weight * loss.value, weight * loss.gradient, Score{0}};
  }
};

/// Adds up sums in tiles: tile t those at t, t + n_tiles, ...
struct SumOfTile {
  const double* sums;
  std::uint32_t n_sums, n_tiles;
  double* tiles;

  CXRLT_HD void operator()(std::uint32_t tile) const {
    double sum = 0;
    for (std::uint32_t i = tile; i < n_sums; i += n_tiles) sum += sums[i];
    tiles[tile] = sum;
  }
};

/// Says what is wrong with a cell.
template <class Score>
[[noreturn]] void throw_for_cell(DeviceRun& run, const Cells<Score>& cells, std::size_t row,
                                 std::size_t k) {
  check_label(run, cells, row, k);
  const Score* const logit = cells.scores +
                             static_cast<std::ptrdiff_t>(row) * cells.score_sample_stride +
                             static_cast<std::ptrdiff_t>(k) * cells.score_class_stride;
  checked_logit(run.download(logit, 1)[0], row, k);
  throw Error("a loss on a device: the logits were changed meanwhile");
}

template <class Score>
void check_loss_input(DeviceMatrixView<const Score> logits, DeviceLabelMatrixView labels,
                      std::size_t n_terms, DeviceMatrixView<Score> gradient,
                      const LossOptions& options) {
  check_device_matrices(logits, labels);
  check_one_per_class(n_terms, logits.n_classes(), "class terms");
  check_same_size(logits.n_samples(), gradient.n_samples(), "samples");
  check_same_size(logits.n_classes(), gradient.n_classes(), "classes");
  if (!options.row_weights.empty()) {
    throw InvalidArgument("a loss on a device takes no row weights");
  }
  if (logits.n_classes() > 0 && logits.n_samples() > 0xFFFF'FFFFU / logits.n_classes()) {
    throw InvalidArgument("a device takes losses of fewer than 2^32 cells at a time; found " +
                          std::to_string(logits.n_samples()) + " x " +
                          std::to_string(logits.n_classes()));
  }
}

template <class Score, class Loss>
MetricValue loss_on_device(DeviceMatrixView<const Score> logits, DeviceLabelMatrixView labels,
                           const Loss& loss, DeviceMatrixView<Score> gradient,
                           const LossOptions& options, const Cuda& policy) {
  check_loss_input(logits, labels, loss.classes.size(), gradient, options);
  const bool is_mean = options.reduction != Reduction::sum;
  const auto n_samples = static_cast<std::uint32_t>(logits.n_samples());
  const auto n_classes = static_cast<std::uint32_t>(logits.n_classes());
  const std::uint32_t n_cells = n_samples * n_classes;
  if (n_cells == 0) {
    return is_mean ? MetricValue::undefined(Undefined::no_samples) : MetricValue{0.0};
  }
  return with_our_errors([&] {
    DeviceRun run(policy);
    const Cells<Score> cells(logits, labels);
    auto* const tally = run.filled<LossTally>(1, LossTally{});
    const std::uint32_t row_threads = std::min(n_samples, kLossThreads);
    run.for_each(row_threads,
                 CountLabelled<Score>{cells, n_samples, n_classes, row_threads,
                                      options.reduction == Reduction::mean_over_rows, tally});
    const std::uint32_t n_threads = std::min(n_cells, kLossThreads);
    const std::uint32_t n_tiles = (n_threads + kSumsOfTile - 1) / kSumsOfTile;
    auto* const sums = run.room_for<double>(n_threads);
    auto* const tiles = run.room_for<double>(n_tiles);
    const auto weights = cell_weights(run, loss);
    run.for_each(n_threads,
                 LossOfCells<decltype(loss.kernel), Score, std::remove_const_t<decltype(weights)>>{
                     cells, thrust::raw_pointer_cast(gradient.data()), gradient.sample_stride(),
                     gradient.class_stride(), n_classes, n_cells, n_threads, loss.kernel,
                     run.upload(loss.classes), weights, is_mean, tally, sums});
    run.for_each(n_tiles, SumOfTile{sums, n_threads, n_tiles, tiles});
    const LossTally met = run.download(tally, 1)[0];
    if (met.first_fault != LossTally::kNowhere) {
      throw_for_cell(run, cells, met.first_fault / n_classes, met.first_fault % n_classes);
    }
    double sum = 0;
    for (const double tile : run.download(tiles, n_tiles)) sum += tile;
    if (!is_mean) return MetricValue{sum};
    return met.n_counted > 0 ? MetricValue{sum / static_cast<double>(met.n_counted)}
                             : MetricValue::undefined(Undefined::no_samples);
  });
}

}  // namespace detail::inline CXRLT_DEVICE_SYSTEM

inline namespace CXRLT_DEVICE_SYSTEM {

/// `loss_and_gradient` of logits that lie on a device, by the same kernels: the loss is the host's
/// up to rounding in the type of the logits, as exponentials are the device's own. Losses are added
/// up in double, in an order that depends on the number of cells alone. Missing labels are left out
/// and their gradient is 0. Returns when the device has finished.
/// @param logits    n_samples x n_classes, float or double, in any layout
/// @param labels    on the device, in {0, 1, missing}
/// @param loss      any `LabelLoss`, or a `DistributionBalancedLoss`
/// @param gradient  n_samples x n_classes in any layout, overwritten; may be the logits' own memory
///                  in the same layout. After an exception its content is unspecified.
/// @param options   the reduction; row weights are refused
/// A mean over nothing is undefined (`no_samples`), a sum is 0.
/// @throws InvalidArgument if shapes or numbers of classes differ, there are row weights or 2^32
/// cells or more, a label is none, or a labelled logit is NaN or infinite; Error as
/// `count_thresholds` on a device.
/// Cost: O(cells), labels read twice, logits once, gradient written once; of a
/// `DistributionBalancedLoss` O(cells n_classes), as each cell looks at the labels of its row. 40
/// bytes a class and half a megabyte of scratch memory.
template <class Score, class Loss>
requires std::same_as<Score, float> || std::same_as<Score, double> MetricValue
loss_and_gradient(DeviceMatrixView<const std::type_identity_t<Score>> logits,
                  DeviceLabelMatrixView labels, const Loss& loss, DeviceMatrixView<Score> gradient,
                  const LossOptions& options, const Cuda& policy) {
  return detail::loss_on_device<Score>(logits, labels, loss, gradient, options, policy);
}

}  // namespace CXRLT_DEVICE_SYSTEM

}  // namespace cxrlt
