// SPDX-License-Identifier: Apache-2.0
/// New values for predictions that were read: probabilities, or decisions.
#pragma once

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/detail/little_endian.hpp"
#include "cxrlt/io/detail/write_plain_number.hpp"
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

/// Writes a number in the shortest form that reads back to the same, and returns where it ends; 32
/// bytes must be there.
template <class T>
char* write_number(T value, char* at) {
  if constexpr (std::is_same_v<T, double>) {
    if (char* const end = write_plain_number(value, at)) return end;
  }
  return fmt::format_to(at, FMT_COMPILE("{}"), value);
}

/// The lines of rows [begin, end), with LF.
template <class T>
void append_lines(const Predictions& predictions, MatrixView<const T> values, std::size_t begin,
                  std::size_t end, std::string& text) {
  constexpr std::size_t most_digits = 32;
  std::vector<char> cells((values.n_classes() + 1) * most_digits);
  for (std::size_t i = begin; i < end; ++i) {
    text += csv_cell(predictions.ids[i]);
    char* at = cells.data();
    for (std::size_t k = 0; k < values.n_classes(); ++k) {
      *at++ = ',';
      at = write_number(values(i, k), at);
    }
    *at++ = '\n';
    text.append(cells.data(), static_cast<std::size_t>(at - cells.data()));
  }
}

/// Hands on the table as CSV, block by block; a few blocks a thread are in memory.
template <class T>
void produce_csv(const Predictions& predictions, MatrixView<const T> values, const TextSink& sink,
                 const Cpu& policy) {
  constexpr std::size_t block_rows = 256;
  constexpr std::size_t blocks_a_thread = 8;
  std::string header = csv_cell(predictions.id_column);
  for (const std::string& name : predictions.class_names) header += ',' + csv_cell(name);
  sink(header + '\n');
  const std::size_t n_rows = values.n_samples();
  const std::size_t n_blocks = (n_rows + block_rows - 1) / block_rows;
  const Cpu threads = for_size(policy, n_rows * values.n_classes());
  std::vector<std::string> texts(blocks_a_thread * n_workers(n_blocks, threads));
  std::vector<std::string> ready(texts.size());  // handed on while the next are made
  for (std::size_t first = 0; first < n_blocks + texts.size(); first += texts.size()) {
    parallel_for(texts.size() + 1, threads, [&](std::size_t j) {
      if (j == 0) {
        for (const std::string& text : ready) sink(text);
        return;
      }
      const std::size_t begin = std::min(n_rows, (first + j - 1) * block_rows);
      texts[j - 1].clear();
      append_lines(predictions, values, begin, std::min(begin + block_rows, n_rows), texts[j - 1]);
    });
    ready.swap(texts);
  }
}

}  // namespace detail

/// Refuses a name that does not say what the file will hold.
/// @throws InvalidArgument where an array would be written to a name that does not end in `.npy`,
/// or a CSV to one that does.
inline void check_output_name(const std::filesystem::path& path, bool is_array) {
  if (detail::ends_with_ignoring_case(path.string(), ".npy") == is_array) return;
  throw InvalidArgument(base_name(path) + ": the predictions are " +
                        (is_array ? "an array without ids; expected an output that ends in .npy"
                                  : "a table with ids; expected an output that does not end in "
                                    ".npy"));
}

/// The file that holds `values` (n_samples x n_classes) for the rows and classes of `predictions`,
/// to be published: an array for an array, else a CSV with the same ids, packed where `path` ends
/// in
/// `.gz` or `.zip`. Decisions are whole numbers, probabilities read back to the same double.
/// @throws InvalidArgument as `check_output_name`; DataError (`not_writable`). The same for every
/// number of threads. O(cells) time; memory for a block of text a thread, or for the text where it
/// is packed.
template <class T>
StagedFile stage_predictions(const std::filesystem::path& path, const Predictions& predictions,
                             MatrixView<const T> values, const Cpu& policy = {}) {
  static_assert(std::is_same_v<T, double> || std::is_same_v<T, std::uint8_t>);
  check_output_name(path, predictions.is_array);
  if (predictions.is_array) return {path, detail::npy_text(values)};
  const auto produce = [&](const TextSink& sink) {
    detail::produce_csv(predictions, values, sink, policy);
  };
  if (!is_packed_name(path)) return {path, produce};
  std::string text;
  produce([&text](std::string_view piece) { text += piece; });
  return {path, packed_for(path, text)};
}

}  // namespace cxrlt
