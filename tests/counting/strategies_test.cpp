// SPDX-License-Identifier: Apache-2.0
/// Every strategy of counting, forced in turn, gives the counts of the plain sort to the bit.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/counting/count_thresholds.hpp"
#include "support.hpp"

using namespace cxrlt;
using detail::Strategy;

namespace {

constexpr std::array kStrategies{Strategy::automatic, Strategy::plain_sort, Strategy::small_sort,
                                 Strategy::radix,     Strategy::bins,       Strategy::ties};

constexpr std::array<std::size_t, 17> kSizes{1,   2,   3,    7,    8,    63,   64,   65,  127,
                                             129, 511, 1000, 4095, 4096, 4097, 8192, 8209};

template <class Score>
using Shape = std::function<Score(Random&, std::size_t i, std::size_t n)>;

template <class Score>
Score uniform(Random& random) {
  return static_cast<Score>(random.below(1U << 30)) / static_cast<Score>(1U << 30);
}

/// float16-rounded: 11 bits of significand.
template <class Score>
Score rounded_to_half(Score score) {
  int exponent = 0;
  const Score significand = std::frexp(score, &exponent);
  return std::ldexp(std::round(significand * 2048) / 2048, exponent);
}

template <class Score>
std::vector<std::pair<std::string, Shape<Score>>> shapes() {
  using Limits = std::numeric_limits<Score>;
  const auto logit = [](Random& random) {
    const Score p = (uniform<Score>(random) + Score(1e-6)) / Score(1.00001);
    return std::log(p / (1 - p));
  };
  const auto any_bits = [](Random& random) {
    using Key = typename OrderedKey<Score>::type;
    while (true) {
      auto bits = static_cast<Key>(random.below(0xFFFF'FFFFU));
      if constexpr (sizeof(Key) == 8) bits = bits << 32 | random.below(0xFFFF'FFFFU);
      const Score score = std::bit_cast<Score>(bits);
      if (!is_nan(score)) return score;
    }
  };
  return {
      {"continuous", [](Random& r, std::size_t, std::size_t) { return uniform<Score>(r); }},
      {"logits", [=](Random& r, std::size_t, std::size_t) { return logit(r); }},
      {"negative", [=](Random& r, std::size_t, std::size_t) { return -1 - uniform<Score>(r); }},
      {"3 decimals", [](Random& r, std::size_t,
                        std::size_t) { return static_cast<Score>(r.below(1001)) / Score(1000); }},
      {"few values with -0 and infinities",
       [](Random& r, std::size_t, std::size_t) {
         const std::array<Score, 8> values{Score(-0.0),
                                           0,
                                           1,
                                           -1,
                                           Limits::infinity(),
                                           -Limits::infinity(),
                                           Limits::denorm_min(),
                                           -Limits::denorm_min()};
         return values[r.below(8)];
       }},
      {"all equal", [](Random&, std::size_t, std::size_t) { return Score(0.25); }},
      {"two values",
       [](Random& r, std::size_t, std::size_t) { return Score(r.below(2) == 0 ? 0.25 : 0.75); }},
      {"two neighbours",
       [](Random& r, std::size_t, std::size_t) {
         return r.below(2) == 0 ? Score(0.25) : std::nextafter(Score(0.25), Score(1));
       }},
      {"sorted",
       [](Random&, std::size_t i, std::size_t n) {
         return static_cast<Score>(i + 1) / static_cast<Score>(n + 1);
       }},
      {"reversed",
       [](Random&, std::size_t i, std::size_t n) {
         return static_cast<Score>(n - i) / static_cast<Score>(n + 1);
       }},
      {"float16-rounded",
       [](Random& r, std::size_t, std::size_t) { return rounded_to_half(uniform<Score>(r)); }},
      {"denormals",
       [](Random& r, std::size_t, std::size_t) {
         return Limits::denorm_min() * static_cast<Score>(r.below(100'000));
       }},
      {"clustered with an outlier",
       [](Random& r, std::size_t i, std::size_t) {
         return i == 0 ? Score(1e-30) : Score(0.5) + uniform<Score>(r) * Score(1e-4);
       }},
      {"any bits", [=](Random& r, std::size_t, std::size_t) { return any_bits(r); }},
  };
}

/// Which rows are positive.
std::vector<Label> random_labels(Random& random, std::size_t n, std::uint32_t kind) {
  std::vector<Label> labels(n, 0);
  switch (kind) {
    case 0:  // one positive
      labels[random.below(static_cast<std::uint32_t>(n))] = 1;
      break;
    case 1:  // one negative
      std::fill(labels.begin(), labels.end(), Label{1});
      labels[random.below(static_cast<std::uint32_t>(n))] = 0;
      break;
    default:
      for (Label& label : labels) {
        const std::uint32_t draw = random.below(1000);
        label = draw < (kind == 2 ? 20U : 400U) ? Label{1} : Label{0};
        if (kind == 4 && random.below(7) == 0) label = kMissing;
      }
  }
  return labels;
}

void require_equal(const ThresholdCounts<>& a, const ThresholdCounts<>& b) {
  REQUIRE(a.threshold == b.threshold);
  REQUIRE(a.tp == b.tp);
  REQUIRE(a.fp == b.fp);
  REQUIRE(a.fp_above == b.fp_above);
  REQUIRE(a.n_positive == b.n_positive);
  REQUIRE(a.n_negative == b.n_negative);
}

template <class Score>
std::vector<ThresholdCounts<>> counts_by(Strategy strategy, MatrixView<const Score> scores,
                                         LabelMatrixView labels, const Cpu& policy) {
  std::vector<ThresholdCounts<>> counts(scores.n_classes());
  detail::count_matrix(scores, labels, strategy, policy, counts);
  return counts;
}

template <class Score>
void compare_on_every_shape(std::uint64_t seed) {
  Random random(seed);
  Workspace workspace;
  for (const auto& [name, shape] : shapes<Score>()) {
    for (const std::size_t n : kSizes) {
      for (std::uint32_t kind = 0; kind < 5; ++kind) {
        std::vector<Score> scores(n);
        for (std::size_t i = 0; i < n; ++i) scores[i] = shape(random, i, n);
        const std::vector<Label> labels = random_labels(random, n, kind);
        const auto expected = detail::sorted_counts<ThresholdCounts<>>(
            ColumnView<const Score>(scores), LabelColumnView(labels));
        const MatrixView<const Score> column(scores.data(), n, 1);
        for (const Strategy strategy : kStrategies) {
          CAPTURE(name, n, kind, static_cast<int>(strategy));
          const auto counts =
              counts_by(strategy, column, LabelMatrixView(labels.data(), n, 1), Cpu{1, &workspace});
          require_equal(counts[0], expected);
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("every strategy gives the counts of the plain sort: float") {
  compare_on_every_shape<float>(601);
}

TEST_CASE("every strategy gives the counts of the plain sort: double") {
  compare_on_every_shape<double>(602);
}

TEST_CASE("more distinct values than the table of ties holds are counted all the same") {
  Random random(603);
  const std::size_t n = 30'000;
  std::vector<float> scores(n);
  // Few values in the rows that are sampled, many in those between.
  for (std::size_t i = 0; i < n; ++i) {
    scores[i] = i % (n / 512) == 0 ? 0.5F : uniform<float>(random);
  }
  const std::vector<Label> labels = random_labels(random, n, 3);
  const auto expected = detail::sorted_counts<ThresholdCounts<>>(ColumnView<const float>(scores),
                                                                 LabelColumnView(labels));
  for (const Strategy strategy : {Strategy::automatic, Strategy::ties}) {
    require_equal(counts_by(strategy, MatrixView<const float>(scores.data(), n, 1),
                            LabelMatrixView(labels.data(), n, 1), Cpu{1})[0],
                  expected);
  }
}

TEST_CASE("matrices of any layout, width and number of threads are counted as their columns") {
  Random random(604);
  for (const std::size_t n_classes : {1UL, 3UL, 4UL, 7UL, 8UL, 9UL, 16UL, 19UL, 30UL}) {
    for (const std::size_t n : {1UL, 63UL, 64UL, 65UL, 100UL, 4095UL, 4100UL}) {
      std::vector<float> rows(n * n_classes);
      std::vector<float> columns(n * n_classes);
      std::vector<std::int8_t> row_labels(n * n_classes);
      std::vector<std::uint8_t> column_labels(n * n_classes);
      const bool with_missing = random.below(2) == 0;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t c = 0; c < n_classes; ++c) {
          const float score = uniform<float>(random) * (c % 3 == 1 ? -1.F : 1.F);
          const bool positive = random.below(100) < 5 + c;
          const bool missing = with_missing && c % 2 == 0 && random.below(50) == 0;
          rows[i * n_classes + c] = columns[c * n + i] = score;
          row_labels[i * n_classes + c] = missing ? std::int8_t{-1} : std::int8_t{positive};
          column_labels[c * n + i] = positive;
        }
      }
      const MatrixView<const float> by_row(rows.data(), n, n_classes);
      const MatrixView<const float> by_column(columns.data(), n, n_classes, 1,
                                              static_cast<std::ptrdiff_t>(n));
      const LabelMatrixView labels(row_labels.data(), n, n_classes);
      const LabelMatrixView labels_by_column(MatrixView<const std::uint8_t>(
          column_labels.data(), n, n_classes, 1, static_cast<std::ptrdiff_t>(n)));
      for (const int threads : {1, 2, 4}) {
        CAPTURE(n, n_classes, with_missing, threads);
        const auto of_rows = counts_by(Strategy::automatic, by_row, labels, Cpu{threads});
        const auto of_both = counts_by(Strategy::automatic, by_column, labels, Cpu{threads});
        const auto of_columns =
            counts_by(Strategy::automatic, by_column, labels_by_column, Cpu{threads});
        for (std::size_t c = 0; c < n_classes; ++c) {
          const auto expected =
              detail::sorted_counts<ThresholdCounts<>>(by_row.column(c), labels.column(c));
          require_equal(of_rows[c], expected);
          require_equal(of_both[c], expected);
          require_equal(of_columns[c], detail::sorted_counts<ThresholdCounts<>>(
                                           by_column.column(c), labels_by_column.column(c)));
        }
      }
    }
  }
}

TEST_CASE("more classes than one batch holds are all counted") {
  CHECK(detail::batch_size<float>(142'928, 30) == 30);
  CHECK(detail::batch_size<float>(1'000'000, 100) == 15);
  CHECK(detail::batch_size<double>(1'000'000, 100) == 15);
  CHECK(detail::batch_size<float>(0, 3) == 3);
  CHECK(detail::batch_size<float>(10'000'000, 1) == 1);
}

TEST_CASE("the lowest class at fault is named, whichever is counted first") {
  const std::size_t n = 6000;
  const std::size_t n_classes = 9;
  std::vector<float> scores(n * n_classes, 0.5F);
  std::vector<std::int8_t> labels(n * n_classes, 0);
  for (std::size_t i = 0; i < n; ++i) labels[i * n_classes + 7] = 1;
  scores[5000 * n_classes + 7] = std::numeric_limits<float>::quiet_NaN();
  labels[5001 * n_classes + 2] = 5;
  const auto message = [&] {
    try {
      counts_by(Strategy::automatic, MatrixView<const float>(scores.data(), n, n_classes),
                LabelMatrixView(labels.data(), n, n_classes), Cpu{4});
    } catch (const InvalidArgument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(message() == "the label of sample 5001 is 5; expected 0, 1 or missing (-1)");
  labels[5001 * n_classes + 2] = 0;
  CHECK(message() == "the score of sample 5000 is NaN");
  labels[5000 * n_classes + 7] = -1;
  CHECK(message().empty());
  scores[17 * n_classes] = -std::numeric_limits<float>::quiet_NaN();
  CHECK(message() == "the score of sample 17 is NaN");
}

TEST_CASE("a workspace is of no influence") {
  Random random(605);
  Workspace workspace;
  for (const std::size_t n : {5000UL, 100UL, 1UL, 20'000UL, 3000UL}) {
    std::vector<double> scores(n * 3);
    for (double& score : scores) score = uniform<double>(random);
    const std::vector<Label> labels = random_labels(random, n * 3, 3);
    const MatrixView<const double> view(scores.data(), n, 3);
    const LabelMatrixView label_view(labels.data(), n, 3);
    const auto with = count_thresholds(view, label_view, Cpu{2, &workspace});
    const auto without = count_thresholds(view, label_view, Cpu{1});
    for (std::size_t c = 0; c < 3; ++c) require_equal(with[c], without[c]);
  }
}
