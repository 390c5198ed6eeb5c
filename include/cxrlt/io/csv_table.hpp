// SPDX-License-Identifier: Apache-2.0
/// A table of text: where its rows start; their cells are found when they are asked for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/io/csv_record.hpp"
#include "cxrlt/io/detail/separators.hpp"
#include "cxrlt/io/input_file.hpp"

namespace cxrlt {

namespace detail {

/// Where a row starts in the text, and its 1-based line.
struct CsvRow {
  std::size_t start;
  std::size_t line;
};

/// What a quoted cell with doubled quotes says, and where its text starts.
struct UnescapedCell {
  std::size_t start;
  std::string text;
};

}  // namespace detail

class CsvTable;

/// Walks the cells of a row from left to right. The table must outlive it.
class CellCursor {
 public:
  /// The next cell, trimmed and without its quotes; valid as long as the table or a copy lives.
  std::string_view next();

  void skip(std::size_t n_cells) {
    for (std::size_t i = 0; i < n_cells; ++i) next();
  }

  /// Shows the text up to the next separator to `read`, and passes it if that says true. To read
  /// numbers in place; `kReach` bytes in front of the text's end can be read. May be false anyway.
  template <class Read>
  bool next_if(const Read& read) {
    const char* const stop = separators_.next();
    if (stop - begin_ < kReach || !read(std::string_view(at_, size_to(stop)))) return false;
    pass(stop);
    return true;
  }
  static constexpr std::ptrdiff_t kReach = 24;

 private:
  friend class CsvTable;
  CellCursor(const CsvTable& table, std::string_view text, std::size_t start)
      : table_(&table),
        begin_(text.data()),
        at_(begin_ + start),
        end_(begin_ + text.size()),
        separators_(at_, end_) {}

  std::size_t size_to(const char* stop) const { return static_cast<std::size_t>(stop - at_); }
  void pass(const char* separator) {
    at_ = separator == end_ ? end_ : separator + 1;
    separators_.pass();
  }
  std::string_view next_quoted();

  const CsvTable* table_;
  const char* begin_;
  const char* at_;
  const char* end_;
  detail::Separators separators_;
};

/// A header and rows of as many cells each. Copies share the text, which is never changed.
class CsvTable {
 public:
  /// Every row has as many cells as the header; `unescaped` is sorted, and holds every cell with
  /// doubled quotes.
  CsvTable(InputFile input, std::vector<std::string> header, std::vector<detail::CsvRow> rows,
           std::vector<detail::UnescapedCell> unescaped)
      : input_(std::move(input)),
        header_(std::move(header)),
        rows_(std::move(rows)),
        unescaped_(std::move(unescaped)) {}

  /// The base name of the file.
  const std::string& file() const { return input_.name; }
  /// The file, with its text, size and check sum.
  const InputFile& input() const { return input_; }
  /// The trimmed names of the columns.
  const std::vector<std::string>& header() const { return header_; }
  std::size_t n_rows() const { return rows_.size(); }
  std::size_t n_columns() const { return header_.size(); }
  /// The 1-based line at which a row starts.
  std::size_t line(std::size_t row) const { return rows_[row].line; }

  /// The cells of a row, one after the other.
  CellCursor row(std::size_t row) const { return {*this, input_.text, rows_[row].start}; }
  /// A cell, trimmed and without its quotes; valid as long as this table or a copy lives.
  /// O(column): who reads more than one cell of a row walks it by `row`.
  std::string_view cell(std::size_t row, std::size_t column) const {
    CellCursor cursor = this->row(row);
    cursor.skip(column);
    return cursor.next();
  }

  /// Says that these rows are not needed soon; see `FileBytes::release`.
  void release(std::size_t first_row, std::size_t last_row) const {
    if (first_row >= last_row) return;
    const std::string_view text = input_.text;
    const std::size_t end = last_row < n_rows() ? rows_[last_row].start : text.size();
    input_.text.release(text.substr(rows_[first_row].start, end - rows_[first_row].start));
  }

 private:
  friend class CellCursor;

  std::string_view text_of(const detail::RawCell& cell) const {
    if (!cell.has_doubled_quotes) return cell.text;
    const auto start = static_cast<std::size_t>(cell.text.data() - input_.text.view().data());
    const auto found = std::lower_bound(
        unescaped_.begin(), unescaped_.end(), start,
        [](const detail::UnescapedCell& known, std::size_t at) { return known.start < at; });
    return found == unescaped_.end() ? cell.text : std::string_view(found->text);
  }

  InputFile input_;
  std::vector<std::string> header_;
  std::vector<detail::CsvRow> rows_;
  std::vector<detail::UnescapedCell> unescaped_;
};

inline std::string_view CellCursor::next() {
  const char* const stop = separators_.next();
  const std::string_view cell = trimmed({at_, size_to(stop)});
  if (cell.starts_with('"')) return next_quoted();
  pass(stop);
  return cell;
}

inline std::string_view CellCursor::next_quoted() {
  detail::CsvCursor cursor{at_, end_};
  detail::RawCell cell;
  detail::read_cell(cursor, cell);
  at_ = cursor.at == end_ ? end_ : cursor.at + 1;
  separators_ = {at_, end_};
  return table_->text_of(cell);
}

}  // namespace cxrlt
