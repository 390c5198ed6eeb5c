// SPDX-License-Identifier: Apache-2.0
/// The elements of arrays in NumPy's `.npy` format, used where they lie in the file: scores as
/// float32 or float64, labels as int8, uint8 or bool, in C or Fortran order.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/detail/file_problem.hpp"
#include "cxrlt/io/detail/little_endian.hpp"
#include "cxrlt/io/file_bytes.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/npy_header.hpp"
#include "cxrlt/io/stored_matrix.hpp"
#include "cxrlt/io/truth_file.hpp"

namespace cxrlt {

namespace detail {

/// Whether a file is an array, or is named like one.
inline bool is_array(const StoredFile& file) {
  return is_npy(file.content) || ends_with_ignoring_case(file.name, ".npy");
}

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

/// The elements in the order in which they lie in the file, which `NpyHeader` tells.
template <class T>
struct NpyElements {
  std::shared_ptr<const void> keeper;
  std::span<const T> values;
};

/// The elements where they lie; in a copy only where the machine could not read them there, as they
/// start at an odd place or have another order of bytes.
template <class T>
NpyElements<T> npy_elements(const StoredFile& file, const NpyHeader& header) {
  auto bytes = std::make_shared<const FileBytes>(file.content);
  const char* const first = bytes->view().data() + header.offset;
  const std::size_t n = header.n_rows * header.n_columns;
  if ((sizeof(T) == 1 || std::endian::native == std::endian::little) &&
      reinterpret_cast<std::uintptr_t>(first) % alignof(T) == 0) {
    const auto* const values = reinterpret_cast<const T*>(first);
    return {std::move(bytes), {values, n}};
  }
  using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t,
                                  std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint8_t>>;
  auto copy = std::make_shared<std::vector<T>>(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::string_view at = bytes->view().substr(header.offset + i * sizeof(T));
    (*copy)[i] = std::bit_cast<T>(static_cast<Bits>(little_endian(at, sizeof(T))));
  }
  const std::span<const T> values = *copy;
  return {std::move(copy), values};
}

/// The elements as n_samples x n_classes.
template <class T>
StoredMatrix<T> as_matrix(NpyElements<T> elements, const NpyHeader& header) {
  const auto n_rows = static_cast<std::ptrdiff_t>(header.n_rows);
  const auto n_columns = static_cast<std::ptrdiff_t>(header.n_columns);
  const MatrixView<const T> view(elements.values.data(), header.n_rows, header.n_columns,
                                 header.fortran_order ? 1 : n_columns,
                                 header.fortran_order ? n_rows : 1);
  return {std::move(elements.keeper), view};
}

/// Calls `report(row, column, value)` for the elements that are not `valid`, in file order.
template <class T, class Valid, class Report>
void for_each_invalid(std::span<const T> values, const NpyHeader& header, const Valid& valid,
                      const Report& report) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (valid(values[i])) continue;
    const std::size_t row = header.fortran_order ? i % header.n_rows : i / header.n_columns;
    const std::size_t column = header.fortran_order ? i / header.n_rows : i % header.n_columns;
    report(row, column, values[i]);
  }
}

template <class T>
StoredMatrix<T> npy_scores(const StoredFile& file, const NpyHeader& header,
                           const std::vector<std::string>& classes, bool allow_infinite,
                           const ProblemSink& sink) {
  NpyElements<T> elements = npy_elements<T>(file, header);
  for_each_invalid(
      elements.values, header,
      [&](T score) { return is_finite(score) || (allow_infinite && !is_nan(score)); },
      [&](std::size_t row, std::size_t column, T score) {
        sink(npy_cell_problem(file, "not_finite", row, column, classes,
                              is_nan(score) ? "the score is NaN; expected a number"
                                            : "the score is infinite; expected a number"));
      });
  return as_matrix(std::move(elements), header);
}

/// The elements with -1 as `uncertain` says.
inline NpyElements<Label> replace_uncertain(std::span<const Label> values,
                                            UncertainPolicy uncertain) {
  auto replaced = std::make_shared<std::vector<Label>>(values.begin(), values.end());
  std::replace(replaced->begin(), replaced->end(), Label{-1}, apply(uncertain));
  const std::span<const Label> view = *replaced;
  return {std::move(replaced), view};
}

}  // namespace detail

/// The scores of an array, where they lie in the file (which the result keeps). Reports `bad_npy`
/// for another type than float32 and float64 (nothing is returned then), and `not_finite` for NaN,
/// and for infinite scores unless allowed, with row and class, in file order. O(elements) time.
/// Copied are only elements that a machine cannot read in place: off their alignment, or on one
/// that stores the most significant byte first.
inline std::optional<StoredScores> read_npy_scores(const StoredFile& file, const NpyHeader& header,
                                                   const std::vector<std::string>& classes,
                                                   bool allow_infinite, const ProblemSink& sink) {
  if (header.type == NpyType::float32) {
    return detail::npy_scores<float>(file, header, classes, allow_infinite, sink);
  }
  if (header.type == NpyType::float64) {
    return detail::npy_scores<double>(file, header, classes, allow_infinite, sink);
  }
  sink(detail::file_problem(file.name, "bad_npy",
                            "whole numbers where scores belong; expected float32 or float64"));
  return std::nullopt;
}

/// The labels of an array, where they lie in the file (which the result keeps), or, where -1 is to
/// become another label, in a copy. Reports `bad_npy` for another type than int8, uint8 and bool
/// (nothing is returned then), and `not_a_label` or `uncertain_label` with row and class, in file
/// order. O(elements) time.
inline std::optional<StoredMatrix<Label>> read_npy_labels(
    const StoredFile& file, const NpyHeader& header, const std::vector<std::string>& classes,
    UncertainPolicy uncertain, std::size_t& n_uncertain, const ProblemSink& sink) {
  if (header.type == NpyType::float32 || header.type == NpyType::float64) {
    sink(detail::file_problem(file.name, "bad_npy",
                              "floating-point numbers where labels belong; expected int8, uint8 or "
                              "bool"));
    return std::nullopt;
  }
  n_uncertain = 0;
  detail::NpyElements<Label> elements = detail::npy_elements<Label>(file, header);
  detail::for_each_invalid(
      elements.values, header, [](Label label) { return label == 0 || label == 1; },
      [&](std::size_t row, std::size_t column, Label label) {
        const int value = header.type == NpyType::int8 ? label : static_cast<unsigned char>(label);
        const bool is_uncertain = value == -1;
        if (is_uncertain) ++n_uncertain;
        if (is_uncertain && uncertain != UncertainPolicy::error) return;
        const std::string message =
            is_uncertain ? "the label is -1; expected 0 or 1 (uncertain labels are refused)"
                         : std::to_string(value) + " is no label; expected 0, 1 or -1 (uncertain)";
        sink(detail::npy_cell_problem(file, is_uncertain ? "uncertain_label" : "not_a_label", row,
                                      column, classes, message));
      });
  if (n_uncertain > 0 && detail::apply(uncertain) != -1) {
    elements = detail::replace_uncertain(elements.values, uncertain);
  }
  return detail::as_matrix(std::move(elements), header);
}

}  // namespace cxrlt
