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

/// Finds the highest key of each block, of which only the lowest keys are known. Only a key between
/// the highest one so far and the next block can raise it; keys of the same leading bits share a
/// note of where that is possible, so that most keys cost one look-up.
template <class Key>
class BlockTops {
 public:
  /// The lowest key of each block, ascending and distinct, but for the first, which takes whatever
  /// lies below the second.
  /// `is_complete` where every row belongs to some block.
  BlockTops(std::vector<Key> starts, bool is_complete)
      : starts_(std::move(starts)), tops_(starts_), is_complete_(is_complete) {
    if (starts_.empty()) return;
    tops_[0] = 0;
    starts_.push_back(static_cast<Key>(-1));  // above every score
    fill_buckets();
  }

  /// Adds the keys for which `is_labelled(i)` holds.
  template <class IsLabelled>
  void add(const Key* keys, std::size_t n, const IsLabelled& is_labelled) {
    if (tops_.empty()) return;
    const Gap* const gaps = gaps_.data();
    const Key base = base_;
    const Key last = last_;
    const int shift = shift_;
    Key lowest = lowest_;
    for (std::size_t i = 0; i < n; ++i) {
      const Key key = keys[i];
      if (!is_labelled(i)) continue;
      lowest = std::min(lowest, key);
      const Key near = std::clamp(key, base, last);
      const Gap gap = gaps[static_cast<std::size_t>((near - base) >> shift)];
      if (static_cast<Key>(key - gap.first) < gap.size) raise(key);
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
  /// The keys of one bucket, those of the same leading bits, that may raise a top.
  struct Gap {
    Key first = 0;
    Key size = 0;
  };
  /// The blocks that the keys of one bucket belong to.
  struct Blocks {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
  };

  void fill_buckets() {
    constexpr int n_bits = 11;
    if (tops_.size() > 1) {
      base_ = starts_[1] - 1;
      last_ = starts_[tops_.size() - 1];
    }
    shift_ =
        std::max(0, static_cast<int>(std::bit_width(static_cast<Key>(last_ - base_))) - n_bits);
    blocks_.resize(bucket_of(last_) + 1);
    for (std::size_t k = 1; k < tops_.size(); ++k) {
      blocks_[bucket_of(starts_[k])].last = static_cast<std::uint32_t>(k);
    }
    std::uint32_t block = 0;
    for (Blocks& blocks : blocks_) {
      blocks.first = block;
      block = blocks.last = std::max(blocks.last, block);
    }
    for (std::size_t bucket = 0; bucket < blocks_.size(); ++bucket) {
      gaps_.push_back(gap_of(bucket));
    }
  }

  std::size_t bucket_of(Key key) const {
    return static_cast<std::size_t>((std::clamp(key, base_, last_) - base_) >> shift_);
  }

  /// From the first to the last key that may raise the top of a block of the bucket.
  Gap gap_of(std::size_t bucket) const {
    Key first = static_cast<Key>(-1);
    Key end = 0;
    for (std::size_t k = blocks_[bucket].first; k <= blocks_[bucket].last; ++k) {
      const Key above = tops_[k] + 1;
      if (above >= starts_[k + 1] || bucket_of(above) > bucket) continue;
      first = std::min(first, above);
      end = std::max(end, starts_[k + 1]);
    }
    return first < end ? Gap{first, static_cast<Key>(end - first)} : Gap{};
  }

  void raise(Key key) {
    const Blocks blocks = blocks_[bucket_of(key)];
    std::size_t block = blocks.first;
    while (block < blocks.last && starts_[block + 1] <= key) ++block;
    if (key <= tops_[block]) return;
    const std::size_t from = bucket_of(tops_[block]);
    tops_[block] = key;
    for (std::size_t bucket = from; bucket <= bucket_of(key); ++bucket) {
      gaps_[bucket] = gap_of(bucket);
    }
  }

  std::vector<Key> starts_;
  std::vector<Key> tops_;
  std::vector<Blocks> blocks_;
  std::vector<Gap> gaps_;
  Key base_ = 0;
  Key last_ = 0;
  Key lowest_ = static_cast<Key>(-1);
  int shift_ = 0;
  bool is_complete_ = false;
};

}  // namespace cxrlt::detail
