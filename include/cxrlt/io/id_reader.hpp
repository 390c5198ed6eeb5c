// SPDX-License-Identifier: Apache-2.0
/// The ids of a table, row by row: there, and each only once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/number.hpp"

namespace cxrlt {

/// True for an id in scientific notation, such as `1.90E+38`: a spreadsheet took it for a number
/// and kept only some of its digits. A decimal point, or a single leading digit and a signed
/// exponent, are required, so that hexadecimal ids such as `12e4` or `3e10` are not meant.
inline bool is_lossy_id(std::string_view id) {
  const std::size_t exponent = id.find_first_of("eE");
  if (exponent == std::string_view::npos || exponent + 1 == id.size()) return false;
  const std::string_view mantissa = id.substr(0, exponent);
  const bool has_sign = id[exponent + 1] == '+' || id[exponent + 1] == '-';
  const std::string_view digits = id.substr(exponent + (has_sign ? 2 : 1));
  return (mantissa.find('.') != std::string_view::npos || (has_sign && mantissa.size() == 1)) &&
         parse_number(mantissa).kind == NumberKind::number && !digits.empty() &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Reads the ids of a table one after the other. The table must outlive it.
class IdReader {
 public:
  /// Without an id column (`kNoColumn`) all ids are empty and nothing is reported.
  IdReader(const CsvTable& table, std::size_t column) : table_(table), column_(column) {
    if (column != kNoColumn) rows_.reserve(table.n_rows());
  }

  /// The id of a row. Reports `empty_cell` for none, and `duplicate_id` for one that stood in an
  /// earlier row already.
  std::string_view read(std::size_t row, const ProblemSink& sink) {
    if (column_ == kNoColumn) return {};
    const std::string_view id = table_.cell(row, column_);
    if (id.empty()) {
      report(row, "empty_cell", "the id is empty", sink);
      return id;
    }
    const auto [found, is_new] = rows_.try_emplace(id, row);
    if (!is_new) {
      const std::size_t first = table_.line(found->second);
      std::string message = "the id stands in line " + std::to_string(first) + " already";
      if (is_lossy_id(id)) message += "; it was rounded, probably by a spreadsheet";
      report(row, "duplicate_id", std::move(message), sink);
    }
    return id;
  }

  /// The rows by id, of the rows read so far; the first where ids repeat.
  const std::unordered_map<std::string_view, std::size_t>& rows() const { return rows_; }

 private:
  void report(std::size_t row, const char* code, std::string message, const ProblemSink& sink) {
    Problem problem;
    problem.code = code;
    problem.file = table_.file();
    problem.line = table_.line(row);
    problem.column = column_ + 1;
    problem.id = std::string(table_.cell(row, column_));
    problem.message = std::move(message);
    sink(std::move(problem));
  }

  const CsvTable& table_;
  std::size_t column_;
  std::unordered_map<std::string_view, std::size_t> rows_;
};

}  // namespace cxrlt
