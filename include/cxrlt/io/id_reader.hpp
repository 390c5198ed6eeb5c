// SPDX-License-Identifier: Apache-2.0
/// The ids of a table, row by row: there, and each only once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/id_column.hpp"
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

/// Takes the ids of a table, row after row. The table must outlive it.
class IdReader {
 public:
  /// Without an id column (`kNoColumn`) all ids are empty and nothing is reported.
  IdReader(const CsvTable& table, std::size_t column)
      : table_(table), column_(column), index_(ids_, column == kNoColumn ? 0 : table.n_rows()) {}
  IdReader(const IdReader&) = delete;
  IdReader& operator=(const IdReader&) = delete;

  /// Reads the id of the next row. Reports `empty_cell` for none, and `duplicate_id` for one that
  /// stood in an earlier row already.
  void read(const ProblemSink& sink) {
    ids_.push_back(column_ == kNoColumn ? std::string_view() : table_.cell(ids_.size(), column_));
    check_next(sink);
  }

  /// Takes the ids of the next rows, where they are known; each is still to be checked.
  void append(std::span<const std::string_view> ids) {
    if (ids_.empty() && !ids.empty()) {
      // As if all were as long as the first, but never more than the file could hold.
      ids_.reserve(table_.n_rows(),
                   std::min(ids.front().size() * table_.n_rows(), table_.input().text.size()));
    }
    for (const std::string_view id : ids) ids_.push_back(id);
  }

  /// Reports of the first row not checked yet what `read` does.
  void check_next(const ProblemSink& sink) {
    const std::size_t row = n_checked_++;
    if (column_ == kNoColumn) return;
    const std::string_view id = ids_[row];
    if (id.empty()) {
      report(row, "empty_cell", "the id is empty", sink);
    } else if (const std::optional<std::size_t> first = index_.insert(row)) {
      std::string message =
          "the id stands in line " + std::to_string(table_.line(*first)) + " already";
      if (is_lossy_id(id)) message += "; it was rounded, probably by a spreadsheet";
      report(row, "duplicate_id", std::move(message), sink);
    }
  }

  /// The ids of the rows read so far.
  const IdColumn& ids() const { return ids_; }
  /// Their rows; the first where ids repeat.
  const IdIndex& index() const { return index_; }
  /// Hands the ids over; nothing may be read afterwards.
  IdColumn release() { return std::move(ids_); }

 private:
  void report(std::size_t row, const char* code, std::string message, const ProblemSink& sink) {
    Problem problem;
    problem.code = code;
    problem.file = table_.file();
    problem.line = table_.line(row);
    problem.column = column_ + 1;
    problem.id = std::string(ids_[row]);
    problem.message = std::move(message);
    sink(std::move(problem));
  }

  const CsvTable& table_;
  std::size_t column_;
  IdColumn ids_;
  std::size_t n_checked_ = 0;
  IdIndex index_;
};

}  // namespace cxrlt
