// SPDX-License-Identifier: Apache-2.0
/// Clusters of rows (patients) from a column of names.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/folds.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/id_column.hpp"
#include "cxrlt/io/id_reader.hpp"
#include "cxrlt/io/metadata.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// The cluster of each row as a number, from a column that names it; for `ResamplingOptions`.
/// @param ids   of the rows, for messages
/// @param what  what the column names, and the file that it is from, for messages
/// @throws DataError `empty_cell` for a row without a name, and `lossy_id` for a name in scientific
/// notation (`1.90E+38`): a spreadsheet rounded it, and patients that differ may look the same.
/// O(rows).
inline std::vector<std::size_t> cluster_numbers(const MetadataColumn& column, const IdColumn& ids,
                                                const std::string& what = "cluster",
                                                const std::string& file = "") {
  for (std::size_t row = 0; row < column.values.size(); ++row) {
    const std::string& name = column.values[row];
    if (!name.empty() && !is_lossy_id(name)) continue;
    Problem problem;
    problem.file = file;
    problem.code = name.empty() ? "empty_cell" : "lossy_id";
    problem.id = row < ids.size() ? std::string(ids[row]) : "";
    problem.message =
        name.empty()
            ? "the " + what + ", in the column " + in_quotes(column.name) + ", is empty"
            : "the " + what + " " + in_quotes(name) + ", in the column " + in_quotes(column.name) +
                  ", was rounded, probably by a spreadsheet, so that different ones may look "
                  "the same; take the column from where no spreadsheet has saved it";
    throw DataError(std::move(problem));
  }
  return number_groups(column.values);
}

/// The same of a column that was read with a dataset.
/// @throws InvalidArgument if it was not read
inline std::vector<std::size_t> cluster_numbers(const Dataset& dataset, const std::string& column) {
  const MetadataColumn* const found = find_metadata(dataset, column);
  if (found == nullptr) throw InvalidArgument("the column " + in_quotes(column) + " was not read");
  return cluster_numbers(*found, dataset.ids);
}

}  // namespace cxrlt
