// SPDX-License-Identifier: Apache-2.0
/// CRC-32 by carry-less multiplication, 64 bytes at a time, on x86-64 processors that have it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CXRLT_CRC32_CARRYLESS 1
#include <immintrin.h>
#endif

namespace cxrlt::detail {

#if defined(CXRLT_CRC32_CARRYLESS)

inline bool has_carryless_crc32() {
  static const bool has = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
  return has;
}

/// Goes on with the inverted check sum `crc` over `bytes`, whose number is a multiple of 16 and at
/// least 64. Folding by Gopal et al., "Fast CRC computation for generic polynomials using
/// PCLMULQDQ" (Intel, 2009), with their constants for the reflected polynomial.
__attribute__((target("pclmul,sse4.1"))) inline std::uint32_t crc32_carryless(
    std::uint32_t crc, std::string_view bytes) {
  const __m128i fold_64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  const __m128i fold_16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  const __m128i fold_8 = _mm_set_epi64x(0, 0x0163cd6124);
  const __m128i barrett = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  const __m128i low_32 = _mm_setr_epi32(-1, 0, -1, 0);
  const auto* at = reinterpret_cast<const __m128i*>(bytes.data());
  std::size_t left = bytes.size() / 16 - 4;

  __m128i a = _mm_xor_si128(_mm_loadu_si128(at), _mm_cvtsi32_si128(static_cast<int>(crc)));
  __m128i b = _mm_loadu_si128(at + 1);
  __m128i c = _mm_loadu_si128(at + 2);
  __m128i d = _mm_loadu_si128(at + 3);
  at += 4;
  for (; left >= 4; left -= 4, at += 4) {
    const __m128i high_a = _mm_clmulepi64_si128(a, fold_64, 0x11);
    const __m128i high_b = _mm_clmulepi64_si128(b, fold_64, 0x11);
    const __m128i high_c = _mm_clmulepi64_si128(c, fold_64, 0x11);
    const __m128i high_d = _mm_clmulepi64_si128(d, fold_64, 0x11);
    a = _mm_xor_si128(_mm_clmulepi64_si128(a, fold_64, 0x00), high_a);
    b = _mm_xor_si128(_mm_clmulepi64_si128(b, fold_64, 0x00), high_b);
    c = _mm_xor_si128(_mm_clmulepi64_si128(c, fold_64, 0x00), high_c);
    d = _mm_xor_si128(_mm_clmulepi64_si128(d, fold_64, 0x00), high_d);
    a = _mm_xor_si128(a, _mm_loadu_si128(at));
    b = _mm_xor_si128(b, _mm_loadu_si128(at + 1));
    c = _mm_xor_si128(c, _mm_loadu_si128(at + 2));
    d = _mm_xor_si128(d, _mm_loadu_si128(at + 3));
  }
  const __m128i rest[3] = {b, c, d};
  for (const __m128i& next : rest) {
    const __m128i high = _mm_clmulepi64_si128(a, fold_16, 0x11);
    a = _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(a, fold_16, 0x00), high), next);
  }
  for (; left > 0; --left, ++at) {
    const __m128i high = _mm_clmulepi64_si128(a, fold_16, 0x11);
    a = _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(a, fold_16, 0x00), high),
                      _mm_loadu_si128(at));
  }
  // 128 bits to 64, and these to 32 by Barrett's reduction.
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, fold_16, 0x10));
  a = _mm_xor_si128(_mm_srli_si128(a, 4),
                    _mm_clmulepi64_si128(_mm_and_si128(a, low_32), fold_8, 0x00));
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(a, low_32), barrett, 0x10);
  quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low_32), barrett, 0x00);
  return static_cast<std::uint32_t>(_mm_extract_epi32(_mm_xor_si128(a, quotient), 1));
}

#else

inline bool has_carryless_crc32() {
  return false;
}
inline std::uint32_t crc32_carryless(std::uint32_t crc, std::string_view) {
  return crc;
}

#endif

}  // namespace cxrlt::detail
