// SPDX-License-Identifier: Apache-2.0
/// Reads the id and the class columns of a table in one walk over its cells, by several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/class_columns.hpp"
#include "cxrlt/io/columns.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/id_column.hpp"
#include "cxrlt/io/id_reader.hpp"

namespace cxrlt::detail {

/// Why a cell is no value: the code and the message, or no code where it is one.
struct CellFault {
  const char* code = nullptr;
  std::string message;
};

/// A problem of one cell of a class column.
inline Problem cell_problem(const CsvTable& table, std::size_t row, std::size_t column,
                            std::string_view id, CellFault fault) {
  Problem problem;
  problem.code = fault.code;
  problem.file = table.file();
  problem.line = table.line(row);
  problem.column = column + 1;
  problem.class_name = table.header()[column];
  problem.id = std::string(id);
  problem.message = std::move(fault.message);
  return problem;
}

/// Reads cells into columns of values. `CellReader` has a type `Value`, and
///   bool read_plain(CellCursor& cells, Value& value)         takes the next cell if that is easy,
///   CellFault read(std::string_view cell, Value& value)      takes any cell and sets the value.
template <class CellReader>
class ColumnReader {
 public:
  using Value = typename CellReader::Value;

  /// `class_columns` are columns of the table, or `kNoColumn`; the table must outlive this.
  ColumnReader(const CsvTable& table, std::size_t id_column,
               const std::vector<std::size_t>& class_columns, const CellReader& reader)
      : table_(table), id_column_(id_column), reader_(reader) {
    if (id_column != kNoColumn) targets_.push_back({id_column, kId});
    for (std::size_t k = 0; k < class_columns.size(); ++k) {
      if (class_columns[k] == kNoColumn) {
        missing_.push_back(k);
      } else {
        targets_.push_back({class_columns[k], k});
      }
    }
    std::sort(targets_.begin(), targets_.end(),
              [](const Target& a, const Target& b) { return a.column < b.column; });
  }

  /// Reads all rows into `values`, a column for each class, and returns the ids. A class without a
  /// column has the value `missing` everywhere.
  /// Problems are reported row by row, of the id first, then in the order of the classes, all by
  /// the calling thread. Equal for every number of threads. O(cells).
  IdColumn read(ClassColumns<Value>& values, Value missing, const ProblemSink& sink,
                const Cpu& policy) {
    for (const std::size_t k : missing_) std::fill(values[k].begin(), values[k].end(), missing);
    std::vector<Range> ranges = cut_rows();
    std::vector<std::atomic<bool>> are_read(ranges.size());
    IdReader ids(table_, id_column_);
    std::size_t n_done = 0;
    const auto hand_over_what_is_read = [&] {
      for (; n_done < ranges.size() && are_read[n_done]; ++n_done) {
        finish_range(ranges[n_done], values, ids, sink);
      }
    };
    parallel_for_workers(ranges.size(), for_text(policy, table_.input().text.size()),
                         [&](std::size_t i, std::size_t worker) {
                           read_range(ranges[i], values);
                           are_read[i] = true;
                           // Worker 0 is the calling thread; the others meanwhile read on.
                           if (worker == 0) hand_over_what_is_read();
                         });
    hand_over_what_is_read();
    return ids.release();
  }

  /// After reading: those that did it, in the order of their rows.
  std::vector<CellReader> readers;

 private:
  static constexpr std::size_t kId = kNoColumn;

  /// A column of the table, and the class whose values it holds.
  struct Target {
    std::size_t column;
    std::size_t k;
  };

  struct Fault {
    std::size_t row;
    Target target;
    CellFault fault;
  };

  /// Rows that one thread reads, up to the first faults: the rest waits until these are reported,
  /// so that a file of nothing but faults needs no memory for all of them.
  struct Range {
    std::size_t next = 0;
    std::size_t last = 0;
    CellReader reader = {};
    std::vector<std::string_view> ids = {};  ///< of the rows in front of `next` not handed over yet
    std::vector<Fault> faults = {};          ///< likewise
  };

  std::vector<Range> cut_rows() const {
    const std::size_t n_rows = table_.n_rows();
    const std::size_t n_ranges = std::clamp<std::size_t>(table_.input().text.size() / kTextBlock, 1,
                                                         std::max<std::size_t>(n_rows, 1));
    std::vector<Range> ranges(n_ranges);
    for (std::size_t i = 0; i < n_ranges; ++i) {
      ranges[i].next = n_rows / n_ranges * i + std::min(i, n_rows % n_ranges);
      ranges[i].last = n_rows / n_ranges * (i + 1) + std::min(i + 1, n_rows % n_ranges);
      ranges[i].reader = reader_;
    }
    return ranges;
  }

  void read_range(Range& range, ClassColumns<Value>& values) const {
    constexpr std::size_t most_faults = 100;
    range.ids.reserve(range.last - range.next);
    while (range.next < range.last && range.faults.size() < most_faults) {
      read_row(range, values);
      ++range.next;
    }
  }

  void read_row(Range& range, ClassColumns<Value>& values) const {
    const std::size_t row = range.next;
    const std::size_t n_before = range.faults.size();
    CellCursor cells = table_.row(row);
    std::size_t column = 0;
    for (const Target& target : targets_) {
      if (target.column < column) {  // two classes of one name
        cells = table_.row(row);
        column = 0;
      }
      cells.skip(target.column - column);
      column = target.column + 1;
      if (target.k == kId) {
        range.ids.push_back(cells.next());
        continue;
      }
      Value& value = values[target.k][row];
      if (range.reader.read_plain(cells, value)) continue;
      CellFault fault = range.reader.read(cells.next(), value);
      if (fault.code != nullptr) range.faults.push_back({row, target, std::move(fault)});
    }
    if (id_column_ == kNoColumn) range.ids.push_back({});
    std::sort(range.faults.begin() + static_cast<std::ptrdiff_t>(n_before), range.faults.end(),
              [](const Fault& a, const Fault& b) { return a.target.k < b.target.k; });
  }

  /// Hands over what was read of a range, reads its rest, and gives back its memory.
  void finish_range(Range& range, ClassColumns<Value>& values, IdReader& ids,
                    const ProblemSink& sink) {
    hand_over(range, ids, sink);
    while (range.next < range.last) {
      read_range(range, values);
      hand_over(range, ids, sink);
    }
    readers.push_back(range.reader);
    range = {};
  }

  void hand_over(Range& range, IdReader& ids, const ProblemSink& sink) const {
    const std::size_t first = range.next - range.ids.size();
    auto fault = range.faults.begin();
    ids.append(range.ids);
    table_.release(first, range.next);
    for (std::size_t row = first; row < range.next; ++row) {
      ids.check_next(sink);
      for (; fault != range.faults.end() && fault->row == row; ++fault) {
        sink(cell_problem(table_, row, fault->target.column, ids.ids()[row],
                          std::move(fault->fault)));
      }
    }
    range.ids.clear();
    range.faults.clear();
  }

  const CsvTable& table_;
  std::size_t id_column_;
  CellReader reader_;
  std::vector<Target> targets_;       ///< from left to right
  std::vector<std::size_t> missing_;  ///< classes without a column
};

/// The lines of all rows, 1-based.
inline std::vector<std::size_t> lines_of(const CsvTable& table) {
  std::vector<std::size_t> lines(table.n_rows());
  for (std::size_t row = 0; row < lines.size(); ++row) lines[row] = table.line(row);
  return lines;
}

}  // namespace cxrlt::detail
