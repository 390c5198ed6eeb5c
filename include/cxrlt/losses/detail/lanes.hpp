// SPDX-License-Identifier: Apache-2.0
/// Eight floats or four doubles that are worked on at once; one number where the compiler has no
/// vectors.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

#if CXRLT_VECTORS

template <class T>
inline constexpr std::size_t n_lanes = 32 / sizeof(T);

template <class T>
using LaneNumbers = Vector<T, 32>;
/// An integer as wide as T.
template <class T>
using LaneInteger =
    std::conditional_t<sizeof(T) == sizeof(std::int32_t), std::int32_t, std::int64_t>;
template <class T>
using LaneBits = Vector<LaneInteger<T>, 32>;

/// Which lanes a condition holds in: all bits set, or none.
template <class T>
class LaneMask {
 public:
  CXRLT_ALWAYS_INLINE explicit LaneMask(const LaneBits<T>& held) : bits(held) {}
  CXRLT_ALWAYS_INLINE LaneMask(const LaneMask& other) : bits(other.bits) {}
  LaneMask& operator=(const LaneMask&) = delete;

  LaneBits<T> bits;
};

/// Numbers side by side. The copy constructor is written out so that a compiler hands them over in
/// memory until it is inlined: how bare vectors are returned depends on the instruction set.
template <class T>
class Lanes {
 public:
  using Numbers = LaneNumbers<T>;
  using Bits = LaneBits<T>;

  CXRLT_ALWAYS_INLINE explicit Lanes(double all) : numbers(Numbers{} + static_cast<T>(all)) {}
  CXRLT_ALWAYS_INLINE explicit Lanes(const Numbers& each) : numbers(each) {}
  CXRLT_ALWAYS_INLINE Lanes(const Lanes& other) : numbers(other.numbers) {}
  CXRLT_ALWAYS_INLINE Lanes& operator=(const Lanes& other) {
    numbers = other.numbers;
    return *this;
  }

  CXRLT_ALWAYS_INLINE friend Lanes operator-(const Lanes& a) { return Lanes(-a.numbers); }
  CXRLT_ALWAYS_INLINE friend Lanes operator+(const Lanes& a, const Lanes& b) {
    return Lanes(a.numbers + b.numbers);
  }
  CXRLT_ALWAYS_INLINE friend Lanes operator-(const Lanes& a, const Lanes& b) {
    return Lanes(a.numbers - b.numbers);
  }
  CXRLT_ALWAYS_INLINE friend Lanes operator*(const Lanes& a, const Lanes& b) {
    return Lanes(a.numbers * b.numbers);
  }
  CXRLT_ALWAYS_INLINE friend Lanes operator/(const Lanes& a, const Lanes& b) {
    return Lanes(a.numbers / b.numbers);
  }
  CXRLT_ALWAYS_INLINE friend LaneMask<T> operator<(const Lanes& a, const Lanes& b) {
    return LaneMask<T>(reinterpret_cast<Bits>(a.numbers < b.numbers));
  }
  CXRLT_ALWAYS_INLINE friend LaneMask<T> operator>(const Lanes& a, const Lanes& b) { return b < a; }

  Numbers numbers;
};

template <class T>
CXRLT_ALWAYS_INLINE inline Lanes<T> load_lanes(const T* from) {
  LaneNumbers<T> each;
  load(from, each);
  return Lanes<T>(each);
}
template <class T>
CXRLT_ALWAYS_INLINE inline void store_lanes(const Lanes<T>& lanes, T* to) {
  store(lanes.numbers, to);
}

/// The labels of as many cells, each -1 (missing), 0 or 1: each byte at the top of its lane, above
/// some of its neighbours.
template <class T>
class LaneLabels {
 public:
  CXRLT_ALWAYS_INLINE explicit LaneLabels(const unsigned char* labels) {
    static_assert(std::endian::native == std::endian::little);
    if constexpr (sizeof(T) == sizeof(std::int32_t)) {
      std::int32_t low = 0;
      std::int32_t high = 0;
      std::memcpy(&low, labels, sizeof low);
      std::memcpy(&high, labels + sizeof low, sizeof high);
      const LaneBits<T> is_low{-1, -1, -1, -1, 0, 0, 0, 0};
      bits_ = (((LaneBits<T>{} + low) & is_low) | ((LaneBits<T>{} + high) & ~is_low))
              << LaneBits<T>{24, 16, 8, 0, 24, 16, 8, 0};
    } else {
      std::int32_t all = 0;
      std::memcpy(&all, labels, sizeof all);
      bits_ = (LaneBits<T>{} + std::int64_t{all}) << LaneBits<T>{56, 48, 40, 32};
    }
  }

  CXRLT_ALWAYS_INLINE LaneMask<T> are_positive() const {
    return LaneMask<T>(bits_ >= LaneInteger<T>{1} << (sizeof(T) - 1) * 8);
  }
  CXRLT_ALWAYS_INLINE LaneMask<T> are_known() const { return LaneMask<T>(bits_ >= 0); }

 private:
  LaneBits<T> bits_;
};

template <class T>
CXRLT_ALWAYS_INLINE inline Lanes<T> select(const LaneMask<T>& condition, const Lanes<T>& yes,
                                           const Lanes<T>& no) {
  return Lanes<T>(reinterpret_cast<LaneNumbers<T>>(
      (reinterpret_cast<LaneBits<T>>(yes.numbers) & condition.bits) |
      (reinterpret_cast<LaneBits<T>>(no.numbers) & ~condition.bits)));
}

/// A sum in double, lane by lane until the end.
template <class T>
class LaneSum {
 public:
  CXRLT_ALWAYS_INLINE void add(const Lanes<T>& lanes) {
    if constexpr (std::is_same_v<T, float>) {
      const auto& all = lanes.numbers;
      first_ += __builtin_convertvector(__builtin_shufflevector(all, all, 0, 1, 2, 3), Sums);
      second_ += __builtin_convertvector(__builtin_shufflevector(all, all, 4, 5, 6, 7), Sums);
    } else {
      first_ += lanes.numbers;
    }
  }
  double total() const {
    const Sums sums = first_ + second_;
    return ((sums[0] + sums[1]) + sums[2]) + sums[3];
  }

 private:
  using Sums = Vector<double, 32>;
  Sums first_{};
  Sums second_{};
};

/// Whether all numbers that it has seen are finite, decided on bits.
template <class T>
class LaneFiniteness {
 public:
  CXRLT_ALWAYS_INLINE void see(const Lanes<T>& lanes) {
    // A full exponent is carried into the sign.
    seen_ |= (reinterpret_cast<LaneBits<T>>(lanes.numbers) & infinity) + lowest_exponent_bit;
  }
  bool all() const {
    bool finite = true;
    for (std::size_t lane = 0; lane < n_lanes<T>; ++lane) finite = finite && seen_[lane] >= 0;
    return finite;
  }

 private:
  using Integer = LaneInteger<T>;
  static constexpr Integer infinity = static_cast<Integer>(OrderedKey<T>::infinity);
  static constexpr Integer lowest_exponent_bit = infinity & -infinity;
  LaneBits<T> seen_{};
};

#else

template <class T>
inline constexpr std::size_t n_lanes = 1;

template <class T>
using Lanes = T;

template <class T>
T load_lanes(const T* from) {
  return *from;
}
template <class T>
void store_lanes(T lanes, T* to) {
  *to = lanes;
}
template <class T>
class LaneLabels {
 public:
  explicit LaneLabels(const unsigned char* label) : label_(*label) {}
  bool are_positive() const { return label_ == 1; }
  bool are_known() const { return label_ <= 1; }

 private:
  unsigned char label_;
};

template <class T>
class LaneSum {
 public:
  void add(T value) { sum_ += static_cast<double>(value); }
  double total() const { return sum_; }

 private:
  double sum_ = 0;
};

template <class T>
class LaneFiniteness {
 public:
  void see(T value) { all_ = all_ && is_finite(value); }
  bool all() const { return all_; }

 private:
  bool all_ = true;
};

#endif

}  // namespace cxrlt::detail
