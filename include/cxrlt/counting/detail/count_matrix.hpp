// SPDX-License-Identifier: Apache-2.0
/// Counting the classes of a matrix: scores and labels are turned into keys and bits block by
/// block, and then class by class into counts.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/detail/class_words.hpp"
#include "cxrlt/counting/detail/count_class.hpp"
#include "cxrlt/counting/detail/label_bits.hpp"
#include "cxrlt/counting/detail/read_keys.hpp"
#include "cxrlt/counting/detail/sorted_counting.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/counting/workspace.hpp"

namespace cxrlt::detail {

/// Takes out the rows whose bit in `missing` is set, in place; returns how many are left.
template <class Key>
std::size_t drop_missing(Key* keys, std::uint64_t* positive, const std::uint64_t* missing,
                         std::size_t n) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto bit = [i](const std::uint64_t* bits) {
      return bits[i / kBitsPerWord] >> (i % kBitsPerWord) & 1;
    };
    if (bit(missing) != 0) continue;
    const std::uint64_t label = bit(positive);
    std::uint64_t& word = positive[kept / kBitsPerWord];
    // The bits above are those of rows still to come.
    const std::uint64_t place = std::uint64_t{1} << (kept % kBitsPerWord);
    word = label != 0 ? word | place : word & ~place;
    keys[kept++] = keys[i];
  }
  for (std::size_t i = kept; i < n && i % kBitsPerWord != 0; ++i) {
    positive[i / kBitsPerWord] &= ~(std::uint64_t{1} << (i % kBitsPerWord));
  }
  return kept;
}

/// Some classes of a matrix as keys and label bits.
template <class Score>
class ClassBatch {
 public:
  using Key = typename OrderedKey<Score>::type;

  /// Rows that are read at a time: a multiple of `kBitsPerWord`.
  static constexpr std::size_t block_rows = 4096;

  ClassBatch(MatrixView<const Score> scores, LabelMatrixView labels, std::size_t first,
             std::size_t n_classes, Buffer& keys, Buffer& bits)
      : scores_(scores),
        labels_(labels),
        first_(first),
        n_classes_(n_classes),
        // Columns do not begin at like places of the cache's sets.
        key_stride_((scores.n_samples() + 63) / 64 * 64 + 16),
        keys_(keys.room_for<Key>(n_classes * key_stride_)),
        ranges_(n_classes * n_blocks()),
        unusual_(n_classes) {
    bits_.stride = bit_words(scores.n_samples());
    bits_.positive = bits.room_for<std::uint64_t>(2 * n_classes * bits_.stride);
    bits_.missing = bits_.positive + n_classes * bits_.stride;
    bits_.unusual = unusual_.data();
  }

  std::size_t n_blocks() const { return (scores_.n_samples() + block_rows - 1) / block_rows; }

  /// Reads a block of rows; different blocks may be read at the same time.
  void read(std::size_t block) {
    const std::size_t begin = block * block_rows;
    const std::size_t end = std::min(scores_.n_samples(), begin + block_rows);
    read_keys(scores_, first_, n_classes_, begin, end, keys_, key_stride_);
    read_label_bits(labels_, first_, n_classes_, begin, end, bits_);
    for (std::size_t slot = 0; slot < n_classes_; ++slot) {
      ranges_[slot * n_blocks() + block] =
          key_range(keys_ + slot * key_stride_ + begin, end - begin);
    }
  }

  std::size_t n_positive(std::size_t slot) const {
    return count_bits(bits_.positive + slot * bits_.stride, bits_.stride);
  }

  /// A class without its missing labels; nothing where one of its labels is none.
  std::optional<ClassKeys<Score>> labelled(std::size_t slot) {
    Key* const keys = keys_ + slot * key_stride_;
    std::uint64_t* const positive = bits_.positive + slot * bits_.stride;
    std::size_t n = scores_.n_samples();
    KeyRange<Key> range;
    if (unusual_[slot].load(std::memory_order_relaxed) != 0) {
      const LabelColumnView column = labels_.column(first_ + slot);
      for (std::size_t i = 0; i < n; ++i) {
        if (column[i] != 0 && column[i] != 1 && column[i] != kMissing) return std::nullopt;
      }
      n = drop_missing(keys, positive, bits_.missing + slot * bits_.stride, n);
      range = key_range(keys, n);
    } else {
      for (std::size_t block = 0; block < n_blocks(); ++block) {
        range.include(ranges_[slot * n_blocks() + block]);
      }
    }
    return ClassKeys<Score>{keys, positive, n, count_bits(positive, bit_words(n)), range};
  }

  /// Counts a class; false where it is left over for the plain sort.
  bool count(std::size_t slot, Strategy strategy, ClassScratch& scratch,
             ThresholdCounts<>& counts) {
    const std::optional<ClassKeys<Score>> keys = labelled(slot);
    return keys && count_class(*keys, strategy, scratch, counts);
  }

 private:
  MatrixView<const Score> scores_;
  LabelMatrixView labels_;
  std::size_t first_;
  std::size_t n_classes_;
  std::size_t key_stride_;
  Key* keys_;
  std::vector<KeyRange<Key>> ranges_;  ///< class by class, of its blocks
  std::vector<std::atomic<std::uint8_t>> unusual_;
  LabelBits bits_;
};

/// Classes that are read together: a cache line of row-major scores at least, and all of them
/// where their keys take less than 64 MiB.
template <class Score>
std::size_t batch_size(std::size_t n_samples, std::size_t n_classes) {
  constexpr std::size_t most_bytes = std::size_t{64} << 20;
  constexpr std::size_t least_classes = 16;
  const std::size_t most =
      std::max(least_classes, most_bytes / (sizeof(Score) * std::max<std::size_t>(1, n_samples)));
  const std::size_t n_batches = std::max<std::size_t>(1, (n_classes + most - 1) / most);
  return (n_classes + n_batches - 1) / n_batches;
}

/// Counting the classes of a matrix. `into(c, worker)` gives the counts to fill, and
/// `visit(c, counts)` takes them; both are called for different classes at the same time.
template <class Score, class Into, class Visit>
class MatrixCounting {
 public:
  MatrixCounting(MatrixView<const Score> scores, LabelMatrixView labels, Strategy strategy,
                 const Cpu& policy, const Into& into, const Visit& visit)
      : scores_(scores),
        labels_(labels),
        strategy_(strategy),
        policy_(policy),
        into_(into),
        visit_(visit),
        left_over_(scores.n_classes(), 0) {}

  void count(Workspace& workspace) {
    const std::size_t n_classes = scores_.n_classes();
    std::vector<ClassScratch>& workers = WorkspaceAccess::workers(workspace);
    workers.resize(std::max(workers.size(), n_workers(n_classes, policy_)));
    if (scores_.sample_stride() == 1 && labels_.bytes().sample_stride() == 1) {
      count_columns(workers);
    } else {
      const std::size_t step = batch_size<Score>(scores_.n_samples(), n_classes);
      for (std::size_t first = 0; first < n_classes; first += step) {
        const std::size_t n = std::min(step, n_classes - first);
        ClassBatch<Score> batch(scores_, labels_, first, n, WorkspaceAccess::keys(workspace),
                                WorkspaceAccess::bits(workspace));
        count_batch(batch, first, n, workers);
      }
    }
    count_left_over();
  }

 private:
  void count_columns(std::vector<ClassScratch>& workers) {
    parallel_for_workers(scores_.n_classes(), policy_, [&](std::size_t c, std::size_t worker) {
      ClassScratch& scratch = workers[worker];
      ClassBatch<Score> batch(scores_, labels_, c, 1, scratch.keys, scratch.bits);
      for (std::size_t block = 0; block < batch.n_blocks(); ++block) batch.read(block);
      count_class_of(batch, 0, c, worker, scratch);
    });
  }

  /// Reads a batch and counts its classes, those with the most positives first: they take longest.
  void count_batch(ClassBatch<Score>& batch, std::size_t first, std::size_t n_classes,
                   std::vector<ClassScratch>& workers) {
    parallel_for(batch.n_blocks(), policy_, [&](std::size_t block) { batch.read(block); });
    std::vector<std::size_t> n_positive(n_classes);
    for (std::size_t slot = 0; slot < n_classes; ++slot) n_positive[slot] = batch.n_positive(slot);
    std::vector<std::size_t> order(n_classes);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return n_positive[a] != n_positive[b] ? n_positive[a] > n_positive[b] : a < b;
    });
    parallel_for_workers(n_classes, policy_, [&](std::size_t i, std::size_t worker) {
      count_class_of(batch, order[i], first + order[i], worker, workers[worker]);
    });
  }

  void count_class_of(ClassBatch<Score>& batch, std::size_t slot, std::size_t c, std::size_t worker,
                      ClassScratch& scratch) {
    ThresholdCounts<>& counts = into_(c, worker);
    if (batch.count(slot, strategy_, scratch, counts)) {
      visit_(c, std::as_const(counts));
    } else {
      left_over_[c] = 1;
    }
  }

  /// The plain sort does what words cannot, and names what is wrong with the lowest class at fault.
  void count_left_over() {
    std::vector<std::size_t> classes;
    for (std::size_t c = 0; c < left_over_.size(); ++c) {
      if (left_over_[c] != 0) classes.push_back(c);
    }
    parallel_for_workers(classes.size(), policy_, [&](std::size_t i, std::size_t worker) {
      const std::size_t c = classes[i];
      ThresholdCounts<>& counts = into_(c, worker);
      counts = sorted_counts<ThresholdCounts<>>(scores_.column(c), labels_.column(c));
      visit_(c, std::as_const(counts));
    });
  }

  MatrixView<const Score> scores_;
  LabelMatrixView labels_;
  Strategy strategy_;
  const Cpu& policy_;
  const Into& into_;
  const Visit& visit_;
  std::vector<std::uint8_t> left_over_;  ///< per class
};

/// Counts every class into `counts`, which has an entry per class.
template <class Score>
void count_matrix(MatrixView<const Score> scores, LabelMatrixView labels, Strategy strategy,
                  const Cpu& policy, std::vector<ThresholdCounts<>>& counts) {
  Workspace own;
  const auto into = [&](std::size_t c, std::size_t) -> ThresholdCounts<>& { return counts[c]; };
  const auto visit = [](std::size_t, const ThresholdCounts<>&) {};
  MatrixCounting(scores, labels, strategy, policy, into, visit)
      .count(policy.workspace != nullptr ? *policy.workspace : own);
}

/// Counts every class, and hands each to `visit`.
template <class Score, class Visit>
void visit_matrix(MatrixView<const Score> scores, LabelMatrixView labels, const Visit& visit,
                  const Cpu& policy) {
  Workspace own;
  Workspace& workspace = policy.workspace != nullptr ? *policy.workspace : own;
  const auto into = [&](std::size_t, std::size_t worker) -> ThresholdCounts<>& {
    return WorkspaceAccess::workers(workspace)[worker].counts;
  };
  MatrixCounting(scores, labels, Strategy::automatic, policy, into, visit).count(workspace);
}

}  // namespace cxrlt::detail
