// SPDX-License-Identifier: Apache-2.0
/// Which rows belong together: a column of patients, as numbers.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/id_reader.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// A number per row, equal where the column's values are equal: what `ResamplingOptions::clusters`
/// and `stratified_folds` take.
/// @throws DataError for a blank value, or one in scientific notation such as `1.90E+38`: a
/// spreadsheet kept some of its digits only, and different patients may now share it
/// @throws InvalidArgument if the column was not read with the dataset. Cost: O(rows).
inline std::vector<std::size_t> cluster_numbers(const Dataset& dataset, const std::string& column) {
  const MetadataColumn* const found = find_metadata(dataset, column);
  if (found == nullptr) throw InvalidArgument("the column " + in_quotes(column) + " was not read");
  for (std::size_t row = 0; row < found->values.size(); ++row) {
    const std::string& value = found->values[row];
    if (!value.empty() && !is_lossy_id(value)) continue;
    Problem problem;
    problem.code = value.empty() ? "empty_cell" : "lossy_id";
    problem.id = dataset.joined == "id" ? std::string(dataset.ids[row]) : std::to_string(row);
    problem.message = value.empty()
                          ? "no value in the column " + in_quotes(column) +
                                ", which says what rows "
                                "belong together"
                          : "the column " + in_quotes(column) + " holds " + in_quotes(value) +
                                ", a number that was rounded, probably by a spreadsheet: different "
                                "patients may share it; export the column as text";
    throw DataError(std::move(problem));
  }
  return number_groups(found->values);
}

}  // namespace cxrlt
