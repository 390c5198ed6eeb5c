// SPDX-License-Identifier: Apache-2.0
/// Where the scores of isotonic blocks lie: their lowest, highest and mean score.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/counting/detail/block_tops.hpp"
#include "cxrlt/counting/detail/read_keys.hpp"
#include "cxrlt/counting/isotonic_blocks.hpp"

namespace cxrlt {

/// The blocks of all classes of a matrix; none for a class that has no use for them.
using ClassBlocks = std::vector<std::vector<IsotonicBlock>>;

namespace detail {

template <class Score>
using Tops = BlockTops<typename OrderedKey<Score>::type>;

template <class Score>
Tops<Score> tops_of(const std::vector<IsotonicBlock>& blocks, std::size_t n_samples) {
  std::vector<typename OrderedKey<Score>::type> starts;
  std::uint64_t n_rows = 0;
  for (const IsotonicBlock& block : blocks) {
    starts.push_back(ordered_key(static_cast<Score>(block.lowest)));
    n_rows += block.n_rows;
  }
  return Tops<Score>(std::move(starts), n_rows == n_samples);
}

/// Adds the labelled cells of rows [begin, end).
template <class Score>
void add_rows(MatrixView<const Score> scores, LabelMatrixView labels, std::size_t begin,
              std::size_t end, std::vector<Tops<Score>>& tops) {
  using Key = typename OrderedKey<Score>::type;
  const std::size_t n = end - begin;
  const MatrixView<const Score> rows(&scores(begin, 0), n, scores.n_classes(),
                                     scores.sample_stride(), scores.class_stride());
  std::vector<Key> keys(n * scores.n_classes());
  read_keys(rows, 0, scores.n_classes(), 0, n, keys.data(), n);
  for (std::size_t k = 0; k < scores.n_classes(); ++k) {
    const Key* const column_keys = keys.data() + k * n;
    if (tops[k].is_complete()) {
      tops[k].add(column_keys, n, [](std::size_t) { return true; });
    } else {
      const LabelColumnView column = labels.column(k);
      tops[k].add(column_keys, n, [&](std::size_t i) { return column[begin + i] != kMissing; });
    }
  }
}

}  // namespace detail

/// Fills in the extreme scores of the blocks of each class, made from these scores and labels.
/// O(cells).
template <class Score>
void find_extents(MatrixView<const Score> scores, LabelMatrixView labels, ClassBlocks& blocks,
                  const Cpu& policy) {
  constexpr std::size_t part = 1024;  // rows whose keys stay in the near caches
  std::vector<detail::Tops<Score>> none;
  for (const auto& column : blocks) {
    none.push_back(detail::tops_of<Score>(column, scores.n_samples()));
  }
  const std::size_t n_parts = (scores.n_samples() + part - 1) / part;
  std::vector<std::vector<detail::Tops<Score>>> found(n_workers(n_parts, policy), none);
  parallel_for_workers(n_parts, policy, [&](std::size_t j, std::size_t worker) {
    const std::size_t end = std::min(scores.n_samples(), (j + 1) * part);
    detail::add_rows(scores, labels, j * part, end, found[worker]);
  });
  const auto score_of = [](auto key) { return static_cast<double>(from_ordered_key<Score>(key)); };
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    detail::Tops<Score>& tops = found[0][k];
    for (std::size_t worker = 1; worker < found.size(); ++worker) tops.merge(found[worker][k]);
    for (std::size_t j = 0; j < blocks[k].size(); ++j) blocks[k][j].highest = score_of(tops[j]);
    if (!blocks[k].empty()) blocks[k].front().lowest = score_of(tops.lowest());
  }
}

/// The same for one class.
template <class Score>
void find_extents(ColumnView<const Score> scores, LabelColumnView labels,
                  std::vector<IsotonicBlock>& blocks) {
  ClassBlocks one{std::move(blocks)};
  find_extents(MatrixView<const Score>(scores.data(), scores.size(), 1, scores.stride(), 1),
               labels.as_matrix(), one, Cpu{1});
  blocks = std::move(one[0]);
}

/// The mean score of each block's rows, within its extent; after `find_extents`, of the same scores
/// and labels, which are finite. O(n log blocks).
template <class Score>
std::vector<double> mean_scores(ColumnView<const Score> scores, LabelColumnView labels,
                                const std::vector<IsotonicBlock>& blocks) {
  std::vector<double> starts;
  for (const IsotonicBlock& block : blocks) starts.push_back(block.lowest);
  std::vector<double> means(blocks.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (labels[i] == kMissing) continue;
    const double score = static_cast<double>(scores[i]);
    const auto above = std::upper_bound(starts.begin(), starts.end(), score);
    means[static_cast<std::size_t>(above - starts.begin()) - 1] += score;
  }
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    const double mean = means[k] / static_cast<double>(blocks[k].n_rows);
    // Rounding may carry the mean of equal scores out of its block.
    means[k] = std::clamp(mean, blocks[k].lowest, blocks[k].highest);
  }
  return means;
}

}  // namespace cxrlt
