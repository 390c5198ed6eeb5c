// SPDX-License-Identifier: Apache-2.0
/// The functions of `real_math.hpp` for several numbers side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/losses/detail/lanes.hpp"
#include "cxrlt/losses/detail/real_math.hpp"

#if CXRLT_VECTORS

namespace cxrlt::detail {

/// exp(x) = numerator / denominator.
template <class T, std::size_t bytes>
struct ExpQuotient {
  Lanes<T, bytes> numerator;
  Lanes<T, bytes> denominator;
};

/// exp(x) for x <= 0, where it is not 0 in T: of r = x - k log(2), by the polynomials of Cephes
/// (Moshier 1989), for double a quotient.
template <class T, std::size_t bytes>
CXRLT_ALWAYS_INLINE inline ExpQuotient<T, bytes> exp_quotient(const Lanes<T, bytes>& exponent) {
  constexpr bool is_float = std::is_same_v<T, float>;
  constexpr T log2_e = static_cast<T>(1.4426950408889634);
  constexpr T ln2_high = static_cast<T>(is_float ? 0.693359375 : 6.93145751953125e-1);
  constexpr T ln2_low = static_cast<T>(is_float ? -2.12194440e-4 : 1.42860682030941723212e-6);
  const Lanes<T, bytes> lowest(is_float ? -87 : -708);
  const LaneMask<T, bytes> is_zero = exponent < lowest;
  const LaneNumbers<T, bytes> x = select(is_zero, lowest, exponent).numbers;
  // Towards 0 from half a step below is to the nearest, as x is not positive.
  using Whole = Vector<std::int32_t, n_lanes<T, bytes> * sizeof(std::int32_t)>;
  const Whole k = __builtin_convertvector(x * log2_e - static_cast<T>(0.5), Whole);
  const LaneNumbers<T, bytes> whole = __builtin_convertvector(k, LaneNumbers<T, bytes>);
  const LaneNumbers<T, bytes> r = (x - whole * ln2_high) - whole * ln2_low;
  const LaneNumbers<T, bytes> rr = r * r;
  constexpr int mantissa_bits = is_float ? 23 : 52;
  constexpr int bias = is_float ? 127 : 1023;
  LaneBits<T, bytes> power = (__builtin_convertvector(k, LaneBits<T, bytes>) + bias)
                             << mantissa_bits;
  power &= ~is_zero.bits;
  const LaneNumbers<T, bytes> scale = reinterpret_cast<LaneNumbers<T, bytes>>(power);
  if constexpr (is_float) {
    LaneNumbers<T, bytes> p = r * 1.9875691500e-4F + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    return {Lanes<T, bytes>((p * rr + r + 1.0F) * scale), Lanes<T, bytes>(1)};
  } else {
    const LaneNumbers<T, bytes> p =
        r * ((1.26177193074810590878e-4 * rr + 3.02994407707441961300e-2) * rr +
             9.99999999999999999910e-1);
    const LaneNumbers<T, bytes> q =
        ((3.00198505138664455042e-6 * rr + 2.52448340349684104192e-3) * rr +
         2.27265548208155028766e-1) *
            rr +
        2.00000000000000000009;
    return {Lanes<T, bytes>((q + p) * scale), Lanes<T, bytes>(q - p)};
  }
}

template <class T, std::size_t bytes>
CXRLT_ALWAYS_INLINE inline Lanes<T, bytes> exp_below_one(const Lanes<T, bytes>& exponent) {
  const ExpQuotient<T, bytes> e = exp_quotient(exponent);
  if constexpr (std::is_same_v<T, float>) return e.numerator;
  return e.numerator / e.denominator;
}

/// log(1 + f) = 2 artanh(s), s = f / (2 + f), for 1 + f in [sqrt(1/2), sqrt(2)]: the polynomials of
/// fdlibm (Sun Microsystems 1993).
template <class T, std::size_t bytes>
CXRLT_ALWAYS_INLINE inline Lanes<T, bytes> two_artanh(const Lanes<T, bytes>& quotient) {
  // The cube of what is smaller is lost beside 2 s. It would underflow, which takes long.
  const Lanes<T, bytes> smallest(std::is_same_v<T, float> ? -1e-6 : -1e-12);
  const Lanes<T, bytes> not_small =
      select(minus_abs(quotient) < smallest, quotient, Lanes<T, bytes>(0));
  const LaneNumbers<T, bytes> s = not_small.numbers;
  const LaneNumbers<T, bytes> ss = s * s;
  LaneNumbers<T, bytes> r;
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
  return Lanes<T, bytes>(s * (r * ss) + (quotient.numbers + quotient.numbers));
}

inline constexpr double ln2 = 0.6931471805599453094;
inline constexpr double log_of_bound = -0.88137358701954303;  // of sqrt(2) - 1

/// log(x) for normal x > 0.
template <class T, std::size_t bytes>
CXRLT_ALWAYS_INLINE inline Lanes<T, bytes> log_of(const Lanes<T, bytes>& x) {
  using Bits = LaneBits<T, bytes>;
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
  const LaneNumbers<T, bytes> f =
      reinterpret_cast<LaneNumbers<T, bytes>>(mantissa) - static_cast<T>(1);
  using Whole = Vector<std::int32_t, n_lanes<T, bytes> * sizeof(std::int32_t)>;
  const LaneNumbers<T, bytes> k =
      __builtin_convertvector(__builtin_convertvector(exponent, Whole), LaneNumbers<T, bytes>);
  return two_artanh(Lanes<T, bytes>(f / (f + static_cast<T>(2)))) +
         Lanes<T, bytes>(k) * Lanes<T, bytes>(ln2);
}

/// As the template of `real_math.hpp`, for double with one division for all. Of e = exp(-|m|) = n /
/// d the parts are n / (n + d), d / (n + d) and log(1 + e), whose artanh is of n / (n + 2 d), or
/// past sqrt(2) - 1 of (n - d) / (n + 3 d), next to log(2).
template <std::size_t bytes>
CXRLT_ALWAYS_INLINE inline LogisticTerms<Lanes<double, bytes>> logistic_terms(
    const Lanes<double, bytes>& m) {
  const Lanes<double, bytes> zero(0);
  const LaneMask<double, bytes> is_negative = m < zero;
  const Lanes<double, bytes> lower = minus_abs(m);
  const ExpQuotient<double, bytes> e = exp_quotient(lower);
  const Lanes<double, bytes>& n = e.numerator;
  const Lanes<double, bytes>& d = e.denominator;
  const LaneMask<double, bytes> is_far = lower > Lanes<double, bytes>(log_of_bound);
  const Lanes<double, bytes> sum = n + d;
  const Lanes<double, bytes> of_artanh = sum + d + select(is_far, d, zero);
  const Lanes<double, bytes> inverse = Lanes<double, bytes>(1) / (sum * of_artanh);
  const Lanes<double, bytes> inverse_sum = inverse * of_artanh;
  const Lanes<double, bytes> small = n * inverse_sum;
  const Lanes<double, bytes> large = d * inverse_sum;
  const Lanes<double, bytes> s = (n - select(is_far, d, zero)) * (inverse * sum);
  const Lanes<double, bytes> rest = two_artanh(s) + select(is_far, Lanes<double, bytes>(ln2), zero);
  return {select(is_negative, small, large), select(is_negative, large, small),
          select(is_negative, m, zero) - rest, select(is_negative, zero, -m) - rest};
}

/// log(1 + e) for e = exp(exponent) in [0, 1], without a division to wait for: e times the
/// polynomial of degree 8 whose largest relative error is least, 3e-8 (found by iterated weights,
/// Lawson 1961). Its terms are formed side by side, and of small e, where it is 1, no powers, which
/// would underflow.
template <std::size_t bytes>
CXRLT_ALWAYS_INLINE inline Lanes<float, bytes> log1p_of_exp(const Lanes<float, bytes>& e,
                                                            const Lanes<float, bytes>& exponent) {
  const Lanes<float, bytes> smallest(-17);
  const LaneNumbers<float, bytes> x =
      select(exponent < smallest, Lanes<float, bytes>(0), e).numbers;
  const LaneNumbers<float, bytes> xx = x * x;
  const LaneNumbers<float, bytes> xxxx = xx * xx;
  const LaneNumbers<float, bytes> low =
      (x * -0.24842982F + 0.33319098F) * xx + (x * -0.49999493F + 0.99999994F);
  const LaneNumbers<float, bytes> high =
      (x * -0.029505229F + 0.07822595F) * xx + (x * -0.13663246F + 0.19106008F);
  return e * Lanes<float, bytes>((xxxx * 0.005232691F + high) * xxxx + low);
}

}  // namespace cxrlt::detail

#endif
