// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/detail/read_columns.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/io/prediction_file.hpp"
#include "cxrlt/io/truth_file.hpp"
#include "io_support.hpp"

namespace {

/// A text of many blocks: good rows, and bad cells here and there or all together.
std::string large_text(const std::vector<std::string>& cells) {
  cxrlt::Random random(2);
  std::string text = "B,id,A,C\n";
  for (std::size_t row = 0; text.size() < 10 * cxrlt::detail::kTextBlock; ++row) {
    const bool is_bad = row % 1000 == 7 || (row > 40'000 && row < 43'000);
    const auto cell = [&] {
      const auto n = static_cast<std::uint32_t>(cells.size());
      return cells[is_bad ? random.below(n) : random.below(n / 2)];
    };
    const std::string id = row % 5000 == 4999   ? ""
                           : row % 7000 == 6999 ? "r77"
                                                : "r" + std::to_string(row);
    text += cell() + "," + id + "," + cell() + "," + cell() + (row % 3 == 0 ? "\r\n" : "\n");
  }
  return text;
}

std::vector<std::string> described(const Problems& problems) {
  std::vector<std::string> texts;
  for (const cxrlt::Problem& problem : problems.list) {
    texts.push_back(describe(problem) + problem.id + problem.class_name);
  }
  return texts;
}

std::uint64_t bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}

}  // namespace

TEST_CASE("scores, ids and problems are equal for any number of threads") {
  const auto table = table_of_text(large_text(
      {"0.5", "0.25", "1e-3", "-0.123456789", "0.75", "x", "", "nan", "\"0,5\"", "1e999"}));
  cxrlt::PredictionOptions options;
  options.classes = {"A", "B", "none", "C", "A"};
  options.id_column = "id";
  Problems expected_problems;
  const auto expected = read_predictions(table, options, expected_problems.sink(), {1}).value();
  CHECK(expected.ids.size() == table.n_rows());
  CHECK(expected_problems.list.size() > 5000);
  // Row by row, within a row first the id and then the classes in their order.
  std::size_t row = 0;
  for (const cxrlt::Problem& problem : expected_problems.list) {
    if (problem.line == 1) continue;
    CHECK(problem.line >= row);
    row = problem.line;
  }
  // Cell by cell, as they are found one by one.
  for (std::size_t i = 0; i < table.n_rows(); i += 13) {
    const auto number = cxrlt::parse_number(table.cell(i, 0));
    const bool is_number = number.kind == cxrlt::NumberKind::number;
    if (bits(expected.scores[1][i]) != bits(is_number ? number.value : cxrlt::kNoScore)) {
      FAIL("another score in row " << i);
    }
    if (expected.ids[i] != table.cell(i, 1)) FAIL("another id in row " << i);
    if (bits(expected.scores[0][i]) != bits(expected.scores[4][i])) FAIL("A differs from A");
    if (!cxrlt::is_nan(expected.scores[2][i])) FAIL("a score without a column");
  }
  for (const int threads : {2, 4}) {
    Problems problems;
    const auto read = read_predictions(table, options, problems.sink(), {threads}).value();
    CHECK(described(problems) == described(expected_problems));
    CHECK(read.ids == expected.ids);
    CHECK(read.lines == expected.lines);
    for (std::size_t i = 0; i < expected.scores.values().size(); ++i) {
      if (bits(read.scores.values()[i]) != bits(expected.scores.values()[i])) FAIL("at " << i);
    }
  }
}

TEST_CASE("labels and the number of uncertain ones are equal for any number of threads") {
  const auto table = table_of_text(
      large_text({"0", "1", "", "0.0", "1.0", "-1", "+1", "1e0", "2", "x", "\"1\"", "-1.0"}));
  cxrlt::TruthOptions options;
  options.classes = {"C", "B", "A"};
  options.id_column = "id";
  Problems expected_problems;
  const auto expected = read_truth(table, options, expected_problems.sink(), {1}).value();
  std::size_t n_uncertain = 0;
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    for (const std::size_t column : {0U, 2U, 3U}) {
      const auto cell = cxrlt::detail::label_cell(table.cell(row, column));
      n_uncertain += cell == cxrlt::detail::LabelCell::uncertain ? 1 : 0;
    }
  }
  CHECK(expected.n_uncertain == n_uncertain);
  CHECK(n_uncertain > 500);
  for (const int threads : {2, 4}) {
    Problems problems;
    const auto read = read_truth(table, options, problems.sink(), {threads}).value();
    CHECK(described(problems) == described(expected_problems));
    CHECK(values_of(read.labels) == values_of(expected.labels));
    CHECK(read.n_uncertain == n_uncertain);
  }
}

TEST_CASE("the first problem of a file is the one that is thrown") {
  std::string text = "id,A\n";
  for (int row = 0; row < 400'000; ++row) {
    text += "r" + std::to_string(row == 100'000 ? 100 : row);
    text += row > 100'000 && row % 1000 == 1 ? ",x\n" : ",0.5\n";
  }
  const auto table = table_of_text(text);
  const auto problem = data_error(
      [&] { read_predictions(table, {}, cxrlt::throw_errors([](const cxrlt::Problem&) {}), {4}); });
  CHECK(problem.code == "duplicate_id");
  CHECK(problem.line == 100'002);
}

TEST_CASE("rows may be kept in another order and number") {
  cxrlt::ClassColumns<double> columns(4, 2);
  for (std::size_t i = 0; i < 4; ++i) {
    columns[0][i] = static_cast<double>(i);
    columns[1][i] = static_cast<double>(10 + i);
  }
  const std::vector<std::size_t> rows{3, 0, 2};
  columns.keep_rows(rows);
  CHECK(columns.n_rows() == 3);
  CHECK(values_of(columns) == std::vector<double>{3, 0, 2, 13, 10, 12});
  CHECK(columns.view()(1, 1) == 10);
}
