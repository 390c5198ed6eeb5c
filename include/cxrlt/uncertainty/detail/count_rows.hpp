// SPDX-License-Identifier: Apache-2.0
/// Small integer weights of 128 replicates side by side.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/large_pages.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

/// Replicates whose weights stand side by side.
inline constexpr std::size_t kLanes = 128;

/// Where rows of weights lie, on the host or on a device. A row has 64 bytes where weights take 4
/// bits, of which byte j holds lane j in its low half, and lane 64 + j in its high half; else 128.
struct CountRowsView {
  const std::uint8_t* bytes;
  bool narrow;

  /// The byte that holds a weight, and how far up it stands in there.
  CXRLT_HD std::size_t place(std::size_t unit, std::size_t lane) const {
    return narrow ? unit * (kLanes / 2) + lane % (kLanes / 2) : unit * kLanes + lane;
  }
  CXRLT_HD unsigned shift(std::size_t lane) const { return narrow && lane >= kLanes / 2 ? 4 : 0; }

  CXRLT_HD std::uint32_t operator()(std::size_t unit, std::size_t lane) const {
    return bytes[place(unit, lane)] >> shift(lane) & (narrow ? 15U : 255U);
  }
};

/// A row of weights for each unit. Where none is above 15 they take 4 bits each, so that a row is
/// one cache line: the memory that walks wait for. Else they take a byte each.
class CountRows {
 public:
  /// Room for `n_units` rows, whose weights are still to be set.
  void resize(std::size_t n_units, bool narrow) {
    narrow_ = narrow;
    bytes_.resize(n_units * row_bytes());
  }

  void fill(std::uint8_t count) {
    std::fill(bytes_.begin(), bytes_.end(),
              narrow_ ? static_cast<std::uint8_t>(count | count << 4) : count);
  }

  void clear() { bytes_.clear(); }

  /// Whether weights take 4 bits.
  bool narrow() const { return narrow_; }
  std::uint32_t largest_allowed() const { return narrow_ ? 15 : 255; }
  std::size_t row_bytes() const { return narrow_ ? kLanes / 2 : kLanes; }

  /// The rows one after the other.
  const std::uint8_t* data() const { return bytes_.data(); }
  std::size_t n_bytes() const { return bytes_.size(); }
  CountRowsView view() const { return {bytes_.data(), narrow_}; }

  std::uint32_t operator()(std::size_t unit, std::size_t lane) const { return view()(unit, lane); }

  void set(std::size_t unit, std::size_t lane, std::uint32_t count) {
    std::uint8_t& byte = bytes_[view().place(unit, lane)];
    const unsigned shift = view().shift(lane);
    byte = static_cast<std::uint8_t>((byte & ~(largest_allowed() << shift)) | count << shift);
  }

  /// The weights of one unit, all lanes, none above what is allowed.
  CXRLT_ALWAYS_INLINE void set_row(std::size_t unit, const std::uint8_t* counts) {
    std::uint8_t* const row = bytes_.data() + unit * row_bytes();
    if (!narrow_) {
      std::copy_n(counts, kLanes, row);
      return;
    }
    for (std::size_t j = 0; j < kLanes / 2; ++j) {
      row[j] = static_cast<std::uint8_t>(counts[j] | counts[kLanes / 2 + j] << 4);
    }
  }

 private:
  bool narrow_ = true;
  LargeVector<std::uint8_t> bytes_;
};

}  // namespace cxrlt::detail
