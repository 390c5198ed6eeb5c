// SPDX-License-Identifier: Apache-2.0
/// Scores of 16 bits, as models that run in mixed precision leave them. They are widened to float
/// where they are read, which is exact, and never computed with.
#pragma once

#include <concepts>
#include <cstdint>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/ordered_key.hpp"

namespace cxrlt {

/// A number of IEEE 754 binary16 as it is stored: CUDA's `__half`, torch's `float16`.
struct Float16 {
  std::uint16_t bits = 0;
};

/// The upper half of a float as it is stored: CUDA's `__nv_bfloat16`, torch's `bfloat16`.
struct Bfloat16 {
  std::uint16_t bits = 0;
};

/// The same number as a float: exact, infinities and NaN included.
CXRLT_HD constexpr float widened(Bfloat16 score) {
  return detail::bits_as<float>(static_cast<std::uint32_t>(score.bits) << 16);
}
/// @copydoc widened(Bfloat16)
CXRLT_HD constexpr float widened(Float16 score) {
  const std::uint32_t sign = (score.bits & 0x8000U) << 16;
  const std::uint32_t exponent = score.bits >> 10 & 31U;
  const std::uint32_t fraction = score.bits & 0x3FFU;
  if (exponent == 0) {  // zero, or a whole number of 2^-24
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return detail::bits_as<float>(detail::bits_as<std::uint32_t>(magnitude) | sign);
  }
  const std::uint32_t wide_exponent = exponent == 31 ? 255U : exponent + (127 - 15);
  return detail::bits_as<float>(sign | wide_exponent << 23 | fraction << 13);
}
/// A score that needs no widening.
CXRLT_HD constexpr float widened(float score) {
  return score;
}
/// A score that needs no widening.
CXRLT_HD constexpr double widened(double score) {
  return score;
}

namespace detail {

/// What scores on a device may be stored as.
template <class T>
concept DeviceScore = std::same_as<T, float> || std::same_as<T, double> ||
    std::same_as<T, Float16> || std::same_as<T, Bfloat16>;

}  // namespace detail

}  // namespace cxrlt
