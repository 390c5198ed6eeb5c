// SPDX-License-Identifier: Apache-2.0
/// The elements of arrays in NumPy's `.npy` format: scores as float32 or float64, labels as int8,
/// uint8 or bool, in C or Fortran order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/class_columns.hpp"
#include "cxrlt/io/detail/file_problem.hpp"
#include "cxrlt/io/detail/little_endian.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/npy_header.hpp"
#include "cxrlt/io/truth_file.hpp"

namespace cxrlt {

namespace detail {

/// A problem of one element; the id is the row, counted from 0 as in NumPy.
inline Problem npy_cell_problem(const StoredFile& file, const char* code, std::size_t row,
                                std::size_t column, const std::vector<std::string>& classes,
                                const std::string& message) {
  Problem problem = file_problem(file.name, code, message);
  problem.column = column + 1;
  problem.class_name = column < classes.size() ? classes[column] : "";
  problem.id = std::to_string(row);
  problem.message += " (row " + std::to_string(row) + ", counted from 0)";
  return problem;
}

/// Calls `visit(row, column)` for the elements in the order in which they lie in the file.
template <class Visit>
void for_each_element(const NpyHeader& header, const Visit& visit) {
  if (header.fortran_order) {
    for (std::size_t column = 0; column < header.n_columns; ++column) {
      for (std::size_t row = 0; row < header.n_rows; ++row) visit(row, column);
    }
  } else {
    for (std::size_t row = 0; row < header.n_rows; ++row) {
      for (std::size_t column = 0; column < header.n_columns; ++column) visit(row, column);
    }
  }
}

}  // namespace detail

/// The scores of an array, class after class. Reports `bad_npy` for another type than float32 and
/// float64 (nothing is returned then), and `not_finite` for NaN, and for infinite scores unless
/// allowed, with row and class, in file order. O(elements).
inline std::optional<ClassColumns<double>> read_npy_scores(const StoredFile& file,
                                                           const NpyHeader& header,
                                                           const std::vector<std::string>& classes,
                                                           bool allow_infinite,
                                                           const ProblemSink& sink) {
  const bool is_single = header.type == NpyType::float32;
  if (!is_single && header.type != NpyType::float64) {
    sink(detail::file_problem(file.name, "bad_npy",
                              "whole numbers where scores belong; expected float32 or float64"));
    return std::nullopt;
  }
  const std::string_view bytes = file.content;
  ClassColumns<double> scores(header.n_rows, header.n_columns);
  detail::for_each_element(header, [&](std::size_t row, std::size_t column) {
    const std::string_view at = bytes.substr(detail::npy_position(header, row, column));
    const double score = is_single ? static_cast<double>(std::bit_cast<float>(
                                         static_cast<std::uint32_t>(detail::little_endian(at, 4))))
                                   : std::bit_cast<double>(detail::little_endian(at, 8));
    scores[column][row] = score;
    if (is_finite(score) || (allow_infinite && !is_nan(score))) return;
    sink(detail::npy_cell_problem(file, "not_finite", row, column, classes,
                                  is_nan(score) ? "the score is NaN; expected a number"
                                                : "the score is infinite; expected a number"));
  });
  return scores;
}

/// The labels of an array, class after class, with -1 as `uncertain` says. Reports `bad_npy` for
/// another type than int8, uint8 and bool (nothing is returned then), and `not_a_label` or
/// `uncertain_label` with row and class, in file order. O(elements).
inline std::optional<ClassColumns<Label>> read_npy_labels(
    const StoredFile& file, const NpyHeader& header, const std::vector<std::string>& classes,
    UncertainPolicy uncertain, std::size_t& n_uncertain, const ProblemSink& sink) {
  if (header.type == NpyType::float32 || header.type == NpyType::float64) {
    sink(detail::file_problem(file.name, "bad_npy",
                              "floating-point numbers where labels belong; expected int8, uint8 or "
                              "bool"));
    return std::nullopt;
  }
  const std::string_view bytes = file.content;
  n_uncertain = 0;
  ClassColumns<Label> labels(header.n_rows, header.n_columns);
  detail::for_each_element(header, [&](std::size_t row, std::size_t column) {
    const char byte = bytes[detail::npy_position(header, row, column)];
    const int value = header.type == NpyType::int8 ? static_cast<signed char>(byte)
                                                   : static_cast<unsigned char>(byte);
    const bool is_uncertain = value == -1;
    labels[column][row] =
        is_uncertain ? detail::apply(uncertain) : static_cast<Label>(value == 1 ? 1 : 0);
    if (is_uncertain) ++n_uncertain;
    if (value == 0 || value == 1) return;
    if (is_uncertain && uncertain != UncertainPolicy::error) return;
    const std::string message =
        is_uncertain ? "the label is -1; expected 0 or 1 (uncertain labels are refused)"
                     : std::to_string(value) + " is no label; expected 0, 1 or -1 (uncertain)";
    sink(detail::npy_cell_problem(file, is_uncertain ? "uncertain_label" : "not_a_label", row,
                                  column, classes, message));
  });
  return labels;
}

}  // namespace cxrlt
