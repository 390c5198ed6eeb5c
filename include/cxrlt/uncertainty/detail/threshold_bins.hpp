// SPDX-License-Identifier: Apache-2.0
/// Where keys lie among few thresholds, without a sort: most bins of keys hold no threshold.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "cxrlt/counting/detail/class_words.hpp"

namespace cxrlt::detail {

/// Descending thresholds part keys into segments: those above threshold k and below the one before
/// are segment 3 k, those equal to it segment 3 k + 1, of which callers make two. Below the last
/// one lies the last segment.
template <class Key>
class ThresholdBins {
 public:
  /// @param keys  in any order, repeated ones too; all within the range of the packing
  ThresholdBins(std::vector<Key> keys, const Packing<Key>& packing)
      : keys_(std::move(keys)), packing_(packing) {
    std::sort(keys_.begin(), keys_.end(), std::greater<>());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
    const int bin_bits = std::min(kMostBits, static_cast<int>(std::bit_width(keys_.size())) + 5);
    shift_ = std::max(0, static_cast<int>(std::bit_width(packing.largest)) - bin_bits);
    n_before_.resize((packing.largest >> shift_) + 2, 0);
    for (const Key key : keys_) ++n_before_[bin(key) + 1];
    for (std::size_t b = 1; b < n_before_.size(); ++b) n_before_[b] += n_before_[b - 1];
  }

  /// The thresholds, descending.
  const std::vector<Key>& keys() const { return keys_; }
  std::size_t n_segments() const { return 3 * keys_.size() + 1; }

  std::uint32_t segment(Key key) const {
    const std::size_t b = bin(key);
    const std::uint32_t first = n_before_[b];
    const std::uint32_t last = n_before_[b + 1];
    if (first == last) return 3 * first;
    const Key* const end = keys_.data() + last;
    const Key* const at = std::lower_bound(keys_.data() + first, end, key, std::greater<>());
    return 3 * static_cast<std::uint32_t>(at - keys_.data()) + (at < end && *at == key ? 1 : 0);
  }

 private:
  static constexpr int kMostBits = 14;

  std::size_t bin(Key key) const {
    return static_cast<std::size_t>(packing_.distance(key) >> shift_);
  }

  std::vector<Key> keys_;
  Packing<Key> packing_;
  int shift_ = 0;
  std::vector<std::uint32_t> n_before_;  ///< thresholds in the bins before each
};

}  // namespace cxrlt::detail
