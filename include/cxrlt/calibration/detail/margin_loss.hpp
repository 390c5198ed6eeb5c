// SPDX-License-Identifier: Apache-2.0
/// The log loss of margins as a function of the inverse temperature: its derivatives, eight margins
/// at a time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "cxrlt/counting/detail/instruction_set.hpp"

namespace cxrlt::detail {

/// Derivatives of the log loss by the inverse temperature. `third` may be left 0, for unknown.
struct LossDerivatives {
  double first = 0;
  double second = 0;
  double third = 0;

  void add(const LossDerivatives& other) {
    first += other.first;
    second += other.second;
    third += other.third;
  }
};

#if CXRLT_VECTORS

/// Four numbers: g++ works on wider comparisons one by one where the processor has no wider ones.
using FourReals = Vector<double, 32>;

/// Adds those of four margins. With e = exp(-b |m|) = N / D, by the quotient of polynomials of
/// Cephes (Moshier 1989), and s = sigmoid(-b m), which is N / (D + N) or D / (D + N): one division
/// does for both.
CXRLT_ALWAYS_INLINE inline void add_derivatives(const FourReals& m, double b, FourReals& first,
                                                FourReals& second, FourReals& third) {
  using Reals = FourReals;
  using Bits = Vector<std::int64_t, 32>;
  constexpr double log2_e = 1.4426950408889634;
  constexpr double ln2_high = 6.93145751953125e-1;
  constexpr double ln2_low = 1.42860682030941723212e-6;
  constexpr double lowest = -700;          // further down is nothing in double
  constexpr double round_bits = 0x1.8p52;  // adding it leaves a whole number in the low bits
  const Bits is_negative = reinterpret_cast<Bits>(m) >> 63;
  const Reals size = reinterpret_cast<Reals>(reinterpret_cast<Bits>(m) & INT64_MAX);
  Reals x = size * -b;
  const Bits is_far = reinterpret_cast<Bits>(x < lowest);
  x = reinterpret_cast<Reals>((reinterpret_cast<Bits>(x) & ~is_far) |
                              (reinterpret_cast<Bits>(Reals{} + lowest) & is_far));
  const Reals shifted = x * log2_e + round_bits;
  const Reals whole = shifted - round_bits;
  const Reals r = (x - whole * ln2_high) - whole * ln2_low;
  const Reals rr = r * r;
  const Reals p = r * ((1.26177193074810590878e-4 * rr + 3.02994407707441961300e-2) * rr +
                       9.99999999999999999910e-1);
  const Reals q = ((3.00198505138664455042e-6 * rr + 2.52448340349684104192e-3) * rr +
                   2.27265548208155028766e-1) *
                      rr +
                  2.00000000000000000009;
  constexpr std::int64_t one = 0x3FF0'0000'0000'0000;
  const Reals power = reinterpret_cast<Reals>((reinterpret_cast<Bits>(shifted) << 52) + one);
  const Reals numerator = power * (q + p);
  const Reals denominator = q - p;
  const Reals inverse = 1.0 / (numerator + denominator);
  const Reals small = numerator * inverse;  // sigmoid(-b |m|)
  const Reals large = denominator * inverse;
  const Reals share = reinterpret_cast<Reals>((reinterpret_cast<Bits>(large) & is_negative) |
                                              (reinterpret_cast<Bits>(small) & ~is_negative));
  const Reals weight = small * large * (size * size);
  first -= m * share;
  second += weight;
  third -= weight * size * (large - small);
}

#endif

/// Of the margins m = z (2 y - 1), whose loss is softplus(-b m), b >= 0: the sums of -m s,
/// m^2 s (1 - s) and -m^3 s (1 - s) (1 - 2 s) with s = sigmoid(-b m). A margin of 0 adds nothing.
inline LossDerivatives loss_derivatives(const double* margins, std::size_t n, double b) {
  LossDerivatives sums;
  std::size_t i = 0;
#if CXRLT_VECTORS
  i = run_dispatched([=, &sums]() CXRLT_ALWAYS_INLINE {
    constexpr std::size_t lanes = 4;
    FourReals first{};
    FourReals second{};
    FourReals third{};
    std::size_t done = 0;
    for (; done + lanes <= n; done += lanes) {
      FourReals m;
      load(margins + done, m);
      add_derivatives(m, b, first, second, third);
    }
    for (std::size_t j = 0; j < lanes; ++j) sums.add({first[j], second[j], third[j]});
    return done;
  });
#endif
  for (; i < n; ++i) {
    const double m = margins[i];
    const double e = std::exp(-b * std::abs(m));
    const double small = e / (1 + e);
    const double large = 1 / (1 + e);
    const double weight = m * m * small * large;
    sums.add({-m * (m < 0 ? large : small), weight, -weight * std::abs(m) * (large - small)});
  }
  return sums;
}

}  // namespace cxrlt::detail
