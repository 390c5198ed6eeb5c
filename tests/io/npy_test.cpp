// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/npy.hpp"

#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "io_support.hpp"
#include "npy_support.hpp"

using cxrlt::Label;
using cxrlt::NpyHeader;
using cxrlt::NpyType;
using cxrlt::StoredFile;
using cxrlt::UncertainPolicy;

namespace {

NpyHeader header_of(const std::string& content) {
  Problems problems;
  const auto header = cxrlt::read_npy_header({"a.npy", content}, problems.sink());
  CAPTURE(problems.list.empty() ? "" : problems.list[0].message);
  REQUIRE(header.has_value());
  CHECK(problems.list.empty());
  return *header;
}

std::string refusal(const std::string& content, const std::string& code = "bad_npy") {
  Problems problems;
  CHECK_FALSE(cxrlt::read_npy_header({"a.npy", content}, problems.sink()).has_value());
  REQUIRE(problems.list.size() == 1);
  CHECK(problems.list[0].code == code);
  CHECK(problems.list[0].file == "a.npy");
  return problems.list[0].message;
}

std::vector<double> scores_of(const std::string& content, Problems& problems,
                              bool allow_infinite = false) {
  const auto scores = cxrlt::read_npy_scores({"a.npy", content}, header_of(content), {"A", "B"},
                                             allow_infinite, problems.sink());
  if (!scores) return {};
  return std::visit(
      [](const auto& matrix) {
        const auto values = elements_of(matrix.view());
        return std::vector<double>(values.begin(), values.end());
      },
      *scores);
}

std::vector<Label> labels_of(const std::string& content, UncertainPolicy policy, Problems& problems,
                             std::size_t& n_uncertain) {
  const auto labels = cxrlt::read_npy_labels({"a.npy", content}, header_of(content), {"A", "B"},
                                             policy, n_uncertain, problems.sink());
  return labels ? elements_of(labels->view()) : std::vector<Label>{};
}

}  // namespace

TEST_CASE("headers of versions 1 to 3, one and two dimensions") {
  const std::string six = float64_bytes({1, 2, 3, 4, 5, 6});
  for (const int version : {1, 2, 3}) {
    const auto header = header_of(npy_file(npy_header("<f8", "3, 2"), six, version));
    CHECK(header.type == NpyType::float64);
    CHECK(header.n_rows == 3);
    CHECK(header.n_columns == 2);
    CHECK_FALSE(header.fortran_order);
    CHECK(header.offset % 64 == 0);
  }
  const auto single = header_of(npy_file(npy_header("<f8", "6,", true), six));
  CHECK(single.n_rows == 6);
  CHECK(single.n_columns == 1);
  CHECK(single.fortran_order);
  // Python 2 wrote long integers, other writers leave blanks and trailing commas out.
  CHECK(header_of(npy_file("{\"shape\":(3L,2L),'descr':\"<f8\",'fortran_order':False}", six))
            .n_rows == 3);
}

TEST_CASE("scores come class after class, from C and Fortran order and both widths") {
  Problems problems;
  const std::vector<double> expected{1, 3, 5, 2, 4, 6};
  CHECK(scores_of(npy_file(npy_header("<f8", "3, 2"), float64_bytes({1, 2, 3, 4, 5, 6})),
                  problems) == expected);
  CHECK(scores_of(npy_file(npy_header("<f8", "3, 2", true), float64_bytes(expected)), problems) ==
        expected);
  CHECK(scores_of(npy_file(npy_header("<f4", "1, 2"), float32_bytes({0.1F, -2.5F})), problems) ==
        std::vector<double>{static_cast<double>(0.1F), -2.5});
  CHECK(problems.list.empty());
}

TEST_CASE("elements are used where they lie, or copied where they cannot be read there") {
  Problems problems;
  const std::string content =
      npy_file(npy_header("<f4", "3, 2"), float32_bytes({1, 2, 3, 4, 5, 6}));
  const NpyHeader header = header_of(content);
  for (const std::size_t shift : {0U, 1U, 2U, 4U}) {
    CAPTURE(shift);
    cxrlt::FileBytes bytes(std::string(shift, ' ') + content);
    bytes.remove_prefix(shift);
    const auto* const first = bytes.view().data() + header.offset;
    const auto scores =
        cxrlt::read_npy_scores({"a.npy", bytes}, header, {"A", "B"}, false, problems.sink());
    const auto& matrix = std::get<cxrlt::StoredMatrix<float>>(scores.value());
    CHECK(elements_of(matrix.view()) == std::vector<float>{1, 3, 5, 2, 4, 6});
    CHECK((reinterpret_cast<const char*>(matrix.view().data()) == first) == (shift % 4 == 0));
  }
  const std::string stored = npy_file(npy_header("|u1", "2, 2"), int8_bytes({0, 1, 1, 0}));
  const cxrlt::FileBytes bytes(stored);
  std::size_t n_uncertain = 0;
  const auto labels =
      cxrlt::read_npy_labels({"a.npy", bytes}, header_of(stored), {"A", "B"},
                             UncertainPolicy::positive, n_uncertain, problems.sink());
  CHECK(reinterpret_cast<const char*>(labels->view().data()) ==
        bytes.view().data() + header_of(stored).offset);
  CHECK(problems.list.empty());
}

TEST_CASE("scores that are not finite are reported with row and class") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::string content =
      npy_file(npy_header("<f8", "2, 2"), float64_bytes({0, 1, -infinity, nan}));
  Problems strict;
  scores_of(content, strict);
  REQUIRE(strict.list.size() == 2);
  CHECK(strict.list[0].class_name == "A");
  CHECK(contains(strict.list[0].message, "infinite"));
  Problems problems;
  scores_of(content, problems, true);
  REQUIRE(problems.list.size() == 1);
  CHECK(problems.list[0].code == "not_finite");
  CHECK(problems.list[0].class_name == "B");
  CHECK(problems.list[0].column == 2);
  CHECK(problems.list[0].id == "1");
  CHECK(contains(problems.list[0].message, "row 1"));
  Problems floats;
  scores_of(
      npy_file(npy_header("<f4", "1,"), float32_bytes({std::numeric_limits<float>::quiet_NaN()})),
      floats);
  CHECK(floats.count("not_finite") == 1);
}

TEST_CASE("problems of arrays come in file order") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto places = [](const Problems& problems) {
    std::string text;
    for (const cxrlt::Problem& problem : problems.list) text += problem.id + problem.class_name;
    return text;
  };
  Problems by_row;
  scores_of(npy_file(npy_header("<f8", "2, 2"), float64_bytes({0, nan, nan, 1})), by_row);
  CHECK(places(by_row) == "0B1A");
  Problems by_column;
  scores_of(npy_file(npy_header("<f8", "2, 2", true), float64_bytes({0, nan, nan, 1})), by_column);
  CHECK(places(by_column) == "1A0B");
  Problems labels;
  std::size_t n_uncertain = 0;
  labels_of(npy_file(npy_header("|i1", "2, 2"), int8_bytes({0, 7, 8, 1})), UncertainPolicy::missing,
            labels, n_uncertain);
  CHECK(places(labels) == "0B1A");
}

TEST_CASE("labels are int8, uint8 or bool") {
  Problems problems;
  std::size_t n_uncertain = 0;
  const std::vector<Label> expected{0, 1, 1, 0};
  for (const char* type : {"|i1", "<i1", "|u1", "|b1"}) {
    CAPTURE(type);
    CHECK(labels_of(npy_file(npy_header(type, "2, 2"), int8_bytes({0, 1, 1, 0})),
                    UncertainPolicy::missing, problems, n_uncertain) == expected);
  }
  const std::string uncertain = npy_file(npy_header("|i1", "2, 2"), int8_bytes({0, -1, 1, -1}));
  CHECK(labels_of(uncertain, UncertainPolicy::missing, problems, n_uncertain) ==
        std::vector<Label>{0, 1, -1, -1});
  CHECK(n_uncertain == 2);
  CHECK(labels_of(uncertain, UncertainPolicy::positive, problems, n_uncertain) ==
        std::vector<Label>{0, 1, 1, 1});
  CHECK(labels_of(uncertain, UncertainPolicy::negative, problems, n_uncertain) ==
        std::vector<Label>{0, 1, 0, 0});
  CHECK(problems.list.empty());
  labels_of(uncertain, UncertainPolicy::error, problems, n_uncertain);
  CHECK(problems.count("uncertain_label") == 2);
}

TEST_CASE("other labels are errors with row and class") {
  std::size_t n_uncertain = 0;
  Problems problems;
  labels_of(npy_file(npy_header("|i1", "2, 2"), int8_bytes({0, 1, 1, 2})), UncertainPolicy::missing,
            problems, n_uncertain);
  REQUIRE(problems.list.size() == 1);
  CHECK(problems.list[0].code == "not_a_label");
  CHECK(problems.list[0].class_name == "B");
  CHECK(problems.list[0].id == "1");
  CHECK(contains(problems.list[0].message, "2 is no label"));
  Problems unsigned_problems;
  labels_of(npy_file(npy_header("|u1", "1, 2"), int8_bytes({255, 0})), UncertainPolicy::missing,
            unsigned_problems, n_uncertain);
  CHECK(contains(unsigned_problems.first("not_a_label").message, "255"));
  CHECK(n_uncertain == 0);
}

TEST_CASE("scores and labels do not stand for each other") {
  Problems problems;
  std::size_t n_uncertain = 0;
  CHECK(scores_of(npy_file(npy_header("|i1", "1,"), "a"), problems).empty());
  CHECK(labels_of(npy_file(npy_header("<f8", "1,"), float64_bytes({1})), UncertainPolicy::missing,
                  problems, n_uncertain)
            .empty());
  CHECK(problems.count("bad_npy") == 2);
}

TEST_CASE("arrays of other types and shapes are refused") {
  CHECK(contains(refusal(npy_file(npy_header(">f8", "1,"), float64_bytes({1}))), "'>f8'"));
  CHECK(contains(refusal(npy_file(npy_header("<i8", "1,"), float64_bytes({1}))), "'<i8'"));
  CHECK(contains(refusal(npy_file(npy_header("|O", "1,"), "12345678")), "'|O'"));
  CHECK(contains(refusal(npy_file(npy_header("<f2", "1,"), "12")), "float32 or float64"));
  CHECK(contains(refusal(npy_file(npy_header("<f8", ""), float64_bytes({1}))), "0 dimensions"));
  CHECK(contains(refusal(npy_file(npy_header("<f8", "1, 1, 1"), float64_bytes({1}))),
                 "3 dimensions"));
  CHECK(contains(refusal(npy_file(npy_header("<f8", "2, 0"), "")), "without columns"));
  refusal(npy_file(npy_header("<f8", "0, 2"), ""), "empty_file");
  refusal(npy_file("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }",
                   float64_bytes({1})));
}

TEST_CASE("sizes are checked against the file") {
  const std::string six = float64_bytes({1, 2, 3, 4, 5, 6});
  for (const char* shape :
       {"3, 3", "2, 2", "7,", "9223372036854775807, 2", "4611686018427387904, 4",
        "18446744073709551615,", "99999999999999999999999,", "2, 9223372036854775811", "-1, 2",
        "3.0, 2", "3 2", "3, 2"}) {
    CAPTURE(shape);
    const std::string content = npy_file(npy_header("<f8", shape), six);
    if (std::string(shape) == "3, 2") {
      CHECK(header_of(content).n_rows == 3);
      refusal(content + "x");
      for (std::size_t size = 0; size < content.size(); ++size) refusal(content.substr(0, size));
    } else {
      refusal(content);
    }
  }
}

TEST_CASE("faulty headers are refused") {
  const std::string one = float64_bytes({1});
  for (const char* header :
       {"", "{", "{}", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,",
        "{'descr': '<f8, 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8' 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}"}) {
    CAPTURE(header);
    CHECK(contains(refusal(npy_file(header, one)), "header"));
  }
  CHECK(contains(refusal(npy_file(npy_header("<f8", "1,"), one, 4)), "version"));
  refusal("\x93NUMPX");
  refusal("id,A\nx,1\n");
  refusal("");
}
