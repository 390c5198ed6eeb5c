// SPDX-License-Identifier: Apache-2.0
/// New values for predictions that were read: probabilities, or decisions.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/detail/little_endian.hpp"
#include "cxrlt/io/load_predictions.hpp"
#include "cxrlt/io/npy_header.hpp"
#include "cxrlt/io/output_file.hpp"

namespace cxrlt {

namespace detail {

/// The array as an `.npy` file of version 1, row after row.
template <class T>
std::string npy_text(MatrixView<const T> values) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}",
                                   std::is_same_v<T, double> ? "<f8" : "|u1", values.n_samples(),
                                   values.n_classes());
  constexpr std::size_t preamble = 10;  // magic, version, length of the header
  while ((preamble + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size() & 0xFFU);
  text += static_cast<char>(header.size() >> 8U & 0xFFU);
  text += header;
  for (std::size_t i = 0; i < values.n_samples(); ++i) {
    for (std::size_t k = 0; k < values.n_classes(); ++k) append_little_endian(text, values(i, k));
  }
  return text;
}

/// The table as CSV with LF; numbers in the shortest form that reads back to the same.
template <class T>
std::string prediction_csv(const Predictions& predictions, MatrixView<const T> values) {
  std::string text = csv_cell(predictions.id_column);
  for (const std::string& name : predictions.class_names) text += ',' + csv_cell(name);
  text += '\n';
  for (std::size_t i = 0; i < values.n_samples(); ++i) {
    text += csv_cell(predictions.ids[i]);
    for (std::size_t k = 0; k < values.n_classes(); ++k) {
      fmt::format_to(std::back_inserter(text), ",{}", values(i, k));
    }
    text += '\n';
  }
  return text;
}

}  // namespace detail

/// The file that holds `values` (n_samples x n_classes) for the rows and classes of `predictions`,
/// to be published: an array for an array, else a CSV with the same ids, packed where `path` ends
/// in
/// `.gz` or `.zip`. Decisions are whole numbers, probabilities read back to the same double.
/// @throws InvalidArgument where an array would be written to a name that does not end in `.npy`,
/// or a CSV to one that does; DataError (`not_writable`). O(cells) time and memory.
template <class T>
StagedFile stage_predictions(const std::filesystem::path& path, const Predictions& predictions,
                             MatrixView<const T> values) {
  static_assert(std::is_same_v<T, double> || std::is_same_v<T, std::uint8_t>);
  const bool named_array = detail::ends_with_ignoring_case(path.string(), ".npy");
  if (named_array != predictions.is_array) {
    throw InvalidArgument(base_name(path) + ": the predictions are " +
                          (predictions.is_array ? "an array without ids; expected an output that "
                                                  "ends in .npy"
                                                : "a table with ids; expected an output that does "
                                                  "not end in .npy"));
  }
  if (predictions.is_array) return {path, detail::npy_text(values)};
  return {path, packed_for(path, detail::prediction_csv(predictions, values))};
}

}  // namespace cxrlt
