// SPDX-License-Identifier: Apache-2.0
/// The extreme scores of the blocks of a class, from scores as keys.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace cxrlt::detail {

/// Finds the highest key of each block, of which only the lowest keys are known. Keys are told
/// apart by their leading bits; the starts of blocks are compared only where one lies among the
/// keys of the same leading bits, so that most keys cost one look-up.
template <class Key>
class BlockTops {
 public:
  /// The lowest key of each block, ascending and distinct, but for the first, which takes whatever
  /// lies below the second.
  /// `is_complete` where every row belongs to some block.
  BlockTops(std::vector<Key> starts, bool is_complete)
      : starts_(std::move(starts)), is_complete_(is_complete) {
    tops_.assign(starts_.size(), 0);
    buckets_.resize(1);
    if (starts_.size() > 1) fill_buckets();
    starts_.push_back(static_cast<Key>(-1));  // above every score
  }

  /// Adds the keys for which `is_labelled(i)` holds.
  template <class IsLabelled>
  void add(const Key* keys, std::size_t n, const IsLabelled& is_labelled) {
    if (tops_.empty()) return;
    const Key* const starts = starts_.data();
    const Bucket* const buckets = buckets_.data();
    Key* const tops = tops_.data();
    const Key base = base_;
    const Key last = last_;
    const int shift = shift_;
    Key lowest = lowest_;
    for (std::size_t i = 0; i < n; ++i) {
      const Key key = keys[i];
      if (!is_labelled(i)) continue;
      lowest = std::min(lowest, key);
      const Key near = std::clamp(key, base, last);
      const Bucket bucket = buckets[static_cast<std::size_t>((near - base) >> shift)];
      std::size_t block = bucket.first_block + (starts[bucket.first_block + 1] <= key ? 1U : 0U);
      while (block < bucket.last_block && starts[block + 1] <= key) ++block;
      // Seldom true, so that few steps wait for the one before.
      if (key > tops[block]) tops[block] = key;
    }
    lowest_ = lowest;
  }

  /// Adds what another one has found of the same blocks.
  void merge(const BlockTops& other) {
    for (std::size_t k = 0; k < tops_.size(); ++k) tops_[k] = std::max(tops_[k], other.tops_[k]);
    lowest_ = std::min(lowest_, other.lowest_);
  }

  bool is_complete() const { return is_complete_; }
  Key operator[](std::size_t block) const { return tops_[block]; }
  Key lowest() const { return lowest_; }

 private:
  /// The blocks that keys of the same leading bits belong to.
  struct Bucket {
    std::uint32_t first_block = 0;
    std::uint32_t last_block = 0;
  };

  void fill_buckets() {
    constexpr int n_bits = 11;
    base_ = starts_[1] - 1;
    last_ = starts_.back();
    shift_ =
        std::max(0, static_cast<int>(std::bit_width(static_cast<Key>(last_ - base_))) - n_bits);
    buckets_.resize(bucket_of(last_) + 1);
    for (std::size_t k = 1; k < starts_.size(); ++k) {
      buckets_[bucket_of(starts_[k])].last_block = static_cast<std::uint32_t>(k);
    }
    std::uint32_t block = 0;
    for (Bucket& bucket : buckets_) {
      bucket.first_block = block;
      block = bucket.last_block = std::max(bucket.last_block, block);
    }
  }

  std::size_t bucket_of(Key key) const { return static_cast<std::size_t>((key - base_) >> shift_); }

  std::vector<Key> starts_;
  std::vector<Key> tops_;
  std::vector<Bucket> buckets_;
  Key base_ = 0;
  Key last_ = 0;
  Key lowest_ = static_cast<Key>(-1);
  int shift_ = 0;
  bool is_complete_ = false;
};

}  // namespace cxrlt::detail
