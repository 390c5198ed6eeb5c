// SPDX-License-Identifier: Apache-2.0
/// Scores as unsigned integers of the same order. NaN and -0 are decided on bits, so the result
/// does not depend on floating-point compiler flags.
#pragma once

#include <cstdint>

#include "cxrlt/core/host_device.hpp"

namespace cxrlt {

namespace detail {

/// The same bits as another type: `std::bit_cast`, which is no function of CUDA devices.
template <class To, class From>
CXRLT_HD constexpr To bits_as(From value) {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, value);
}

}  // namespace detail

/// The unsigned integer that a score of type `Score` is ordered by.
template <class Score>
struct OrderedKey;

template <>
struct OrderedKey<float> {
  using type = std::uint32_t;
  static constexpr type sign = 0x8000'0000U;
  static constexpr type infinity = 0x7F80'0000U;
};

template <>
struct OrderedKey<double> {
  using type = std::uint64_t;
  static constexpr type sign = 0x8000'0000'0000'0000ULL;
  static constexpr type infinity = 0x7FF0'0000'0000'0000ULL;
};

/// True for every NaN, decided on the bits.
template <class Score>
CXRLT_HD constexpr bool is_nan(Score score) {
  using Key = OrderedKey<Score>;
  return (detail::bits_as<typename Key::type>(score) & ~Key::sign) > Key::infinity;
}

/// True for finite scores, decided on the bits.
template <class Score>
CXRLT_HD constexpr bool is_finite(Score score) {
  using Key = OrderedKey<Score>;
  return (detail::bits_as<typename Key::type>(score) & ~Key::sign) < Key::infinity;
}

/// True for +inf and -inf, decided on the bits.
template <class Score>
CXRLT_HD constexpr bool is_infinite(Score score) {
  return !is_finite(score) && !is_nan(score);
}

/// A key with `ordered_key(a) < ordered_key(b)` exactly if a < b; -0 and +0 share one key.
/// Undefined order for NaN.
template <class Score>
CXRLT_HD constexpr typename OrderedKey<Score>::type ordered_key(Score score) {
  using Key = OrderedKey<Score>;
  const auto bits = detail::bits_as<typename Key::type>(score);
  if (bits == Key::sign) return Key::sign;
  return (bits & Key::sign) != 0 ? ~bits : bits | Key::sign;
}

/// The score of a key: the inverse of `ordered_key`.
template <class Score>
CXRLT_HD constexpr Score from_ordered_key(typename OrderedKey<Score>::type key) {
  using Key = OrderedKey<Score>;
  return detail::bits_as<Score>((key & Key::sign) != 0 ? key & ~Key::sign : ~key);
}

}  // namespace cxrlt
