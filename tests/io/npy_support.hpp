// SPDX-License-Identifier: Apache-2.0
/// Arrays in `.npy` format, byte by byte, for the tests that read them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// A file of version `version` with this header text, padded as NumPy does, and these elements.
inline std::string npy_file(std::string header, const std::string& elements, int version = 1) {
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  while ((8 + length_bytes + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string out = "\x93NUMPY";
  out += static_cast<char>(version);
  out += '\0';
  for (std::size_t i = 0; i < length_bytes; ++i) {
    out += static_cast<char>(header.size() >> (8 * i) & 0xFFU);
  }
  return out + header + elements;
}

inline std::string npy_header(const std::string& type, const std::string& shape,
                              bool fortran_order = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran_order ? "True" : "False") +
         ", 'shape': (" + shape + "), }";
}

template <class Bits>
std::string little_endian_bytes(Bits bits) {
  std::string out;
  for (std::size_t i = 0; i < sizeof bits; ++i) {
    out += static_cast<char>(static_cast<unsigned char>(bits >> (8 * i) & 0xFFU));
  }
  return out;
}

inline std::string float64_bytes(const std::vector<double>& values) {
  std::string out;
  for (const double v : values) out += little_endian_bytes(std::bit_cast<std::uint64_t>(v));
  return out;
}

inline std::string float32_bytes(const std::vector<float>& values) {
  std::string out;
  for (const float v : values) out += little_endian_bytes(std::bit_cast<std::uint32_t>(v));
  return out;
}

inline std::string int8_bytes(const std::vector<int>& values) {
  std::string out;
  for (const int v : values) out += static_cast<char>(v);
  return out;
}
