// SPDX-License-Identifier: Apache-2.0
/// Vectors of numbers that are worked on at once, of as many bytes as the processor has use for;
/// one number where the compiler has no vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

#if CXRLT_VECTORS

template <class T, std::size_t bytes>
inline constexpr std::size_t n_lanes = bytes / sizeof(T);

template <class T, std::size_t bytes>
using LaneNumbers = Vector<T, bytes>;
/// An integer as wide as T.
template <class T>
using LaneInteger =
    std::conditional_t<sizeof(T) == sizeof(std::int32_t), std::int32_t, std::int64_t>;
template <class T, std::size_t bytes>
using LaneBits = Vector<LaneInteger<T>, bytes>;

/// Which lanes a condition holds in: all bits set, or none.
template <class T, std::size_t bytes>
class LaneMask {
 public:
  CXRLT_ALWAYS_INLINE explicit LaneMask(const LaneBits<T, bytes>& held) : bits(held) {}
  CXRLT_ALWAYS_INLINE LaneMask(const LaneMask& other) : bits(other.bits) {}
  LaneMask& operator=(const LaneMask&) = delete;

  LaneBits<T, bytes> bits;
};

/// Numbers side by side. The copy constructor is written out so that a compiler hands them over in
/// memory until it is inlined: how bare vectors are returned depends on the instruction set.
template <class T, std::size_t bytes>
class Lanes {
 public:
  using Numbers = LaneNumbers<T, bytes>;
  using Bits = LaneBits<T, bytes>;

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
  CXRLT_ALWAYS_INLINE friend LaneMask<T, bytes> operator<(const Lanes& a, const Lanes& b) {
    return LaneMask<T, bytes>(reinterpret_cast<Bits>(a.numbers < b.numbers));
  }
  CXRLT_ALWAYS_INLINE friend LaneMask<T, bytes> operator>(const Lanes& a, const Lanes& b) {
    return b < a;
  }

  Numbers numbers;
};

template <std::size_t bytes, class T>
CXRLT_ALWAYS_INLINE inline Lanes<T, bytes> load_lanes(const T* from) {
  LaneNumbers<T, bytes> each;
  load(from, each);
  return Lanes<T, bytes>(each);
}
template <class T, std::size_t bytes>
CXRLT_ALWAYS_INLINE inline void store_lanes(const Lanes<T, bytes>& lanes, T* to) {
  store(lanes.numbers, to);
}

/// The labels of as many cells, each -1 (missing), 0 or 1.
template <class T, std::size_t bytes>
class LaneLabels {
 public:
  CXRLT_ALWAYS_INLINE explicit LaneLabels(const unsigned char* labels) {
    load_wide(reinterpret_cast<const signed char*>(labels), each_);
  }

  CXRLT_ALWAYS_INLINE LaneMask<T, bytes> are_positive() const {
    return LaneMask<T, bytes>(each_ > 0);
  }
  CXRLT_ALWAYS_INLINE LaneMask<T, bytes> are_known() const {
    return LaneMask<T, bytes>(each_ >= 0);
  }

 private:
  LaneBits<T, bytes> each_;
};

template <class T, std::size_t bytes>
CXRLT_ALWAYS_INLINE inline Lanes<T, bytes> select(const LaneMask<T, bytes>& condition,
                                                  const Lanes<T, bytes>& yes,
                                                  const Lanes<T, bytes>& no) {
  using Bits = LaneBits<T, bytes>;
  return Lanes<T, bytes>(reinterpret_cast<LaneNumbers<T, bytes>>(
      (reinterpret_cast<Bits>(yes.numbers) & condition.bits) |
      (reinterpret_cast<Bits>(no.numbers) & ~condition.bits)));
}

/// -|x|
template <class T, std::size_t bytes>
CXRLT_ALWAYS_INLINE inline Lanes<T, bytes> minus_abs(const Lanes<T, bytes>& x) {
  constexpr LaneInteger<T> sign = std::numeric_limits<LaneInteger<T>>::min();
  return Lanes<T, bytes>(reinterpret_cast<LaneNumbers<T, bytes>>(
      reinterpret_cast<LaneBits<T, bytes>>(x.numbers) | sign));
}

/// A sum in double, in lanes until the end: number k belongs to sum k % 8.
template <class T, std::size_t bytes>
class LaneSum {
 public:
  CXRLT_ALWAYS_INLINE void add(const Lanes<T, bytes>& lanes) {
    constexpr std::size_t at_once = n_lanes<double, bytes>;
    for (std::size_t first = 0; first < n_lanes<T, bytes>; first += at_once) {
      Sums some;
      widen(lanes.numbers, first, some, std::make_index_sequence<at_once>());
      sums_[0] += some;
      if constexpr (n_vectors == 2) {  // in turn
        const Sums done = sums_[0];
        sums_[0] = sums_[1];
        sums_[1] = done;
      }
    }
  }
  /// To be asked after an even number of vectors.
  double total() const {
    double sums[n_sums];
    for (std::size_t k = 0; k < n_vectors; ++k) store(sums_[k], sums + k * (n_sums / n_vectors));
    double total = 0;
    for (std::size_t k = 0; k < n_sums / 2; ++k) total += sums[k] + sums[k + n_sums / 2];
    return total;
  }

 private:
  using Sums = Vector<double, bytes>;
  static constexpr std::size_t n_sums = 8;
  static constexpr std::size_t n_vectors = n_sums * sizeof(double) / bytes;
  Sums sums_[n_vectors] = {};
};

/// Whether all numbers that it has seen are finite, decided on bits.
template <class T, std::size_t bytes>
class LaneFiniteness {
 public:
  CXRLT_ALWAYS_INLINE void see(const Lanes<T, bytes>& lanes) {
    // A full exponent is carried into the sign.
    seen_ |= (reinterpret_cast<Bits>(lanes.numbers) & infinity) + lowest_exponent_bit;
  }
  bool all() const {
    bool finite = true;
    for (std::size_t lane = 0; lane < n_lanes<T, bytes>; ++lane) {
      finite = finite && seen_[lane] >= 0;
    }
    return finite;
  }

 private:
  using Integer = LaneInteger<T>;
  using Bits = LaneBits<T, bytes>;
  static constexpr Integer infinity = static_cast<Integer>(OrderedKey<T>::infinity);
  static constexpr Integer lowest_exponent_bit = infinity & -infinity;
  Bits seen_{};
};

#else

template <class T, std::size_t bytes>
inline constexpr std::size_t n_lanes = 1;

template <class T, std::size_t bytes>
using Lanes = T;

template <std::size_t bytes, class T>
T load_lanes(const T* from) {
  return *from;
}
template <class T>
void store_lanes(T lanes, T* to) {
  *to = lanes;
}
template <class T, std::size_t bytes>
class LaneLabels {
 public:
  explicit LaneLabels(const unsigned char* label) : label_(*label) {}
  bool are_positive() const { return label_ == 1; }
  bool are_known() const { return label_ <= 1; }

 private:
  unsigned char label_;
};

template <class T, std::size_t bytes>
class LaneSum {
 public:
  void add(T value) { sum_ += static_cast<double>(value); }
  double total() const { return sum_; }

 private:
  double sum_ = 0;
};

template <class T, std::size_t bytes>
class LaneFiniteness {
 public:
  void see(T value) { all_ = all_ && is_finite(value); }
  bool all() const { return all_; }

 private:
  bool all_ = true;
};

#endif

}  // namespace cxrlt::detail
