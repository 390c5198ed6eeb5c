// SPDX-License-Identifier: Apache-2.0
/// The functions of `real_math.hpp` for several numbers side by side.
#pragma once

#include <cstdint>
#include <type_traits>

#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/losses/detail/lanes.hpp"
#include "cxrlt/losses/detail/real_math.hpp"

#if CXRLT_VECTORS

namespace cxrlt::detail {

/// exp(x) = numerator / denominator.
template <class T>
struct ExpQuotient {
  Lanes<T> numerator;
  Lanes<T> denominator;
};

/// exp(x) for x <= 0, where it is not 0 in T: of r = x - k log(2), by the polynomials of Cephes
/// (Moshier 1989), for double a quotient.
template <class T>
CXRLT_ALWAYS_INLINE inline ExpQuotient<T> exp_quotient(const Lanes<T>& exponent) {
  constexpr bool is_float = std::is_same_v<T, float>;
  constexpr T log2_e = static_cast<T>(1.4426950408889634);
  constexpr T ln2_high = static_cast<T>(is_float ? 0.693359375 : 6.93145751953125e-1);
  constexpr T ln2_low = static_cast<T>(is_float ? -2.12194440e-4 : 1.42860682030941723212e-6);
  const Lanes<T> lowest(is_float ? -87 : -708);
  const LaneMask<T> is_zero = exponent < lowest;
  const LaneNumbers<T> x = select(is_zero, lowest, exponent).numbers;
  // Towards 0 from half a step below is to the nearest, as x is not positive.
  using Whole = Vector<std::int32_t, n_lanes<T> * sizeof(std::int32_t)>;
  const Whole k = __builtin_convertvector(x * log2_e - static_cast<T>(0.5), Whole);
  const LaneNumbers<T> whole = __builtin_convertvector(k, LaneNumbers<T>);
  const LaneNumbers<T> r = (x - whole * ln2_high) - whole * ln2_low;
  const LaneNumbers<T> rr = r * r;
  constexpr int mantissa_bits = is_float ? 23 : 52;
  constexpr int bias = is_float ? 127 : 1023;
  LaneBits<T> power = (__builtin_convertvector(k, LaneBits<T>) + bias) << mantissa_bits;
  power &= ~is_zero.bits;
  const LaneNumbers<T> scale = reinterpret_cast<LaneNumbers<T>>(power);
  if constexpr (is_float) {
    LaneNumbers<T> p = r * 1.9875691500e-4F + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    return {Lanes<T>((p * rr + r + 1.0F) * scale), Lanes<T>(1)};
  } else {
    const LaneNumbers<T> p =
        r * ((1.26177193074810590878e-4 * rr + 3.02994407707441961300e-2) * rr +
             9.99999999999999999910e-1);
    const LaneNumbers<T> q = ((3.00198505138664455042e-6 * rr + 2.52448340349684104192e-3) * rr +
                              2.27265548208155028766e-1) *
                                 rr +
                             2.00000000000000000009;
    return {Lanes<T>((q + p) * scale), Lanes<T>(q - p)};
  }
}

template <class T>
CXRLT_ALWAYS_INLINE inline Lanes<T> exp_below_one(const Lanes<T>& exponent) {
  const ExpQuotient<T> e = exp_quotient(exponent);
  if constexpr (std::is_same_v<T, float>) return e.numerator;
  return e.numerator / e.denominator;
}

/// log(1 + f) = 2 artanh(s), s = f / (2 + f), for 1 + f in [sqrt(1/2), sqrt(2)]: the polynomials of
/// fdlibm (Sun Microsystems 1993).
template <class T>
CXRLT_ALWAYS_INLINE inline Lanes<T> two_artanh(const Lanes<T>& quotient) {
  const LaneNumbers<T> s = quotient.numbers;
  const LaneNumbers<T> ss = s * s;
  LaneNumbers<T> r;
  if constexpr (std::is_same_v<T, float>) {
    r = ss * 0.24279078841F + 0.28498786688F;
    r = r * ss + 0.40000972152F;
    r = r * ss + 0.66666662693F;
  } else {
    r = ss * 1.479819860511658591e-01 + 1.531383769920937332e-01;
    r = r * ss + 1.818357216161805012e-01;
    r = r * ss + 2.222219843214978396e-01;
    r = r * ss + 2.857142874366239149e-01;
    r = r * ss + 3.999999999940941908e-01;
    r = r * ss + 6.666666666666735130e-01;
  }
  return Lanes<T>(s * (r * ss) + (s + s));
}

inline constexpr double ln2 = 0.6931471805599453094;
inline constexpr double root_of_two_less_one = 0.41421356237309505;

/// log(x) for normal x > 0.
template <class T>
CXRLT_ALWAYS_INLINE inline Lanes<T> log_of(const Lanes<T>& x) {
  using Bits = LaneBits<T>;
  using Integer = LaneInteger<T>;
  constexpr bool is_float = std::is_same_v<T, float>;
  constexpr int mantissa_bits = is_float ? 23 : 52;
  constexpr Integer hidden_bit = Integer{1} << mantissa_bits;
  constexpr Integer bias = is_float ? 127 : 1023;
  // Added to the bits it carries mantissas above sqrt(2) into the exponent.
  constexpr Integer to_root = static_cast<Integer>(is_float ? 0x4A'FB0D : 0x0009'5F61'9980'C433);
  const Bits bits = reinterpret_cast<Bits>(x.numbers) + to_root;
  const Bits exponent = (bits >> mantissa_bits) - bias;
  const Bits mantissa = ((bits & (hidden_bit - 1)) - to_root) + bias * hidden_bit;
  const LaneNumbers<T> f = reinterpret_cast<LaneNumbers<T>>(mantissa) - static_cast<T>(1);
  using Whole = Vector<std::int32_t, n_lanes<T> * sizeof(std::int32_t)>;
  const LaneNumbers<T> k =
      __builtin_convertvector(__builtin_convertvector(exponent, Whole), LaneNumbers<T>);
  return two_artanh(Lanes<T>(f / (f + static_cast<T>(2)))) + Lanes<T>(k) * Lanes<T>(ln2);
}

/// log(1 + x) for x > -1: what rounding 1 + x lost is put back.
template <class T>
CXRLT_ALWAYS_INLINE inline Lanes<T> log1p_of(const Lanes<T>& x) {
  const Lanes<T> one(1);
  const Lanes<T> sum = one + x;
  return log_of(sum) + (x - (sum - one)) / sum;
}

/// As the template of `real_math.hpp`, with one division for all: of e = exp(-|m|) = n / d the
/// parts are n / (n + d), d / (n + d) and log(1 + e), whose artanh is of n / (n + 2 d), or past
/// sqrt(2) - 1 of (n - d) / (n + 3 d), next to log(2).
template <class T>
CXRLT_ALWAYS_INLINE inline LogisticTerms<Lanes<T>> logistic_terms(const Lanes<T>& m) {
  const Lanes<T> zero(0);
  const LaneMask<T> is_negative = m < zero;
  const Lanes<T> lower = select(is_negative, m, -m);  // -|m|
  const ExpQuotient<T> e = exp_quotient(lower);
  const Lanes<T>& n = e.numerator;
  const Lanes<T>& d = e.denominator;
  const LaneMask<T> is_far = n > Lanes<T>(root_of_two_less_one) * d;
  const Lanes<T> sum = n + d;
  const Lanes<T> of_artanh = sum + d + select(is_far, d, zero);
  const Lanes<T> inverse = Lanes<T>(1) / (sum * of_artanh);
  const Lanes<T> inverse_sum = inverse * of_artanh;
  const Lanes<T> small = n * inverse_sum;
  const Lanes<T> large = d * inverse_sum;
  const Lanes<T> s = (n - select(is_far, d, zero)) * (inverse * sum);
  const Lanes<T> rest = two_artanh(s) + select(is_far, Lanes<T>(ln2), zero);
  return {select(is_negative, small, large), select(is_negative, large, small),
          select(is_negative, m, zero) - rest, select(is_negative, zero, -m) - rest};
}

}  // namespace cxrlt::detail

#endif
