// SPDX-License-Identifier: Apache-2.0
/// What the tests of files need: a folder that goes away, texts in memory, problems collected.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/io/csv.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/load_dataset.hpp"

/// A new folder for one test, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() / ("cxrlt-test-" + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

  /// Writes a file and returns where it lies.
  std::filesystem::path write(const std::string& name, std::string_view content) const {
    std::ofstream stream(path_ / name, std::ios::binary);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    return path_ / name;
  }

  std::size_t n_entries() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_),
                                                  std::filesystem::directory_iterator()));
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_back(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Collects all problems.
struct Problems {
  std::vector<cxrlt::Problem> list;

  cxrlt::ProblemSink sink() {
    return [this](cxrlt::Problem problem) { list.push_back(std::move(problem)); };
  }
  std::size_t count(std::string_view code) const {
    return static_cast<std::size_t>(std::count_if(
        list.begin(), list.end(), [&](const cxrlt::Problem& p) { return p.code == code; }));
  }
  /// The first problem of this code; fails the test where there is none.
  cxrlt::Problem first(std::string_view code) const {
    for (const cxrlt::Problem& problem : list) {
      if (problem.code == code) return problem;
    }
    FAIL("no problem '" << code << "'");
    return {};
  }
};

/// A text that stands for a file.
inline cxrlt::InputFile text_file(std::string_view text, const std::string& name = "file.csv") {
  return {name, text.size(), 0, std::string(text)};
}

/// A table without problems.
inline cxrlt::CsvTable table_of_text(std::string_view text, const std::string& name = "file.csv") {
  Problems problems;
  std::optional<cxrlt::CsvTable> table = cxrlt::parse_csv(text_file(text, name), problems.sink());
  REQUIRE(problems.list.empty());
  REQUIRE(table.has_value());
  return *table;
}

/// All values of a table, class after class.
template <class Columns>
auto values_of(const Columns& columns) {
  const auto values = columns.values();
  return std::vector(values.begin(), values.end());
}

/// All values of a matrix, class after class.
template <class T>
std::vector<T> elements_of(cxrlt::MatrixView<const T> matrix) {
  std::vector<T> values;
  for (std::size_t k = 0; k < matrix.n_classes(); ++k) {
    for (std::size_t i = 0; i < matrix.n_samples(); ++i) values.push_back(matrix(i, k));
  }
  return values;
}

/// The text with something in it exchanged, once; fails the test where it is not there.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// What a reader says of bad data; "" where it finds none.
template <class Read>
std::string error_text(const Read& read) {
  try {
    read();
  } catch (const cxrlt::DataError& error) {
    return error.what();
  }
  return "";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The problem of the `DataError` that `work` throws; fails where it throws none.
template <class Work>
cxrlt::Problem data_error(const Work& work) {
  try {
    work();
  } catch (const cxrlt::DataError& error) {
    return error.problem();
  }
  FAIL("no DataError");
  return {};
}

/// Predictions and truth as files of one folder.
class Pair {
 public:
  Pair(std::string_view predictions, std::string_view truth, const std::string& ending = ".csv") {
    options.predictions = folder.write("pred" + ending, predictions);
    options.truth = folder.write("truth" + ending, truth);
  }
  cxrlt::Dataset load() const { return cxrlt::load_dataset(options); }
  cxrlt::Problem error() const {
    return data_error([this] { load(); });
  }

  TemporaryFolder folder;
  cxrlt::DatasetOptions options;
};

/// The note of this code in a dataset; fails where there is none.
inline cxrlt::Problem note_of(const cxrlt::Dataset& dataset, std::string_view code) {
  Problems problems{dataset.notes};
  return problems.first(code);
}
