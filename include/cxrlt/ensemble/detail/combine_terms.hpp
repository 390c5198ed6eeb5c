// SPDX-License-Identifier: Apache-2.0
/// From scores to what is averaged, and back: quasi-arithmetic means f^-1(mean of f(p)).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/ensemble/average_ranks.hpp"
#include "cxrlt/ensemble/combine_rule.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt::detail {

/// For the mean of log-odds, probabilities are clipped to [this, 1 - this]: the range in which they
/// and their complements are told apart from 0 and 1.
inline constexpr double kLeastProbability = 0x1p-53;

/// Logits are clipped to plus or minus this: no probability in double has a greater log-odds.
inline constexpr double kGreatestLogit = 745;

/// Clips values, and counts those that it changes; of -0 it makes +0.
struct Clipping {
  std::size_t n = 0;
  double operator()(double value, double low, double high) {
    const double clipped = value > low ? (value < high ? value : high) : low;
    n += clipped != value ? 1 : 0;
    return clipped;
  }
};

/// Scores of some rows of a class.
template <class Score>
struct ClassRows {
  ColumnView<const Score> scores;
  std::size_t k = 0;      ///< the class
  std::size_t first = 0;  ///< the first row
};

/// Sets `terms[i] = term(score)` for all scores. @throws InvalidArgument if `is_score` does not
/// hold for one.
template <class Score, class IsScore, class Term>
void fill_terms(const ClassRows<Score>& rows, std::span<double> terms, const IsScore& is_score,
                const Term& term) {
  const ColumnView<const Score>& scores = rows.scores;
  std::size_t n_others = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double score = static_cast<double>(scores[i]);
    n_others += is_score(score) ? 0 : 1;
    terms[i] = term(score);
  }
  if (n_others == 0) return;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double score = static_cast<double>(scores[i]);
    if (is_score(score)) continue;
    throw InvalidArgument(
        "combine: class " + std::to_string(rows.k) + ", row " + std::to_string(rows.first + i) +
        ": the score " +
        (is_nan(score)
             ? "is NaN"
             : number_text(score) + " is no probability; if the scores are logits, say so"));
  }
}

/// The terms of probabilities; returns how many were clipped.
template <class Score>
std::size_t terms_of_probabilities(const ClassRows<Score>& rows, const CombineRule& rule,
                                   std::span<double> terms) {
  Clipping clip;
  const auto fill = [&](const auto& term) {
    fill_terms(
        rows, terms, [](double p) { return near_unit_interval(p); }, term);
  };
  switch (rule.method) {
    case CombineMethod::logit:
      fill([&](double p) { return logit(clip(p, kLeastProbability, 1 - kLeastProbability)); });
      break;
    case CombineMethod::geometric:
      fill([&](double p) { return std::log(clip(p, 0, 1)); });
      break;
    case CombineMethod::power:
      fill([&](double p) { return std::pow(clip(p, 0, 1), rule.exponent); });
      break;
    default:
      if (rows.scores.stride() == 1 && all_in_unit_interval(rows.scores.data(), terms.size())) {
        // Of -0 the sum makes +0, as clipping does.
        std::transform(rows.scores.data(), rows.scores.data() + terms.size(), terms.begin(),
                       [](Score p) { return static_cast<double>(p) + 0.0; });
      } else {
        fill([&](double p) { return clip(p, 0, 1); });
      }
  }
  return clip.n;
}

/// The terms of logits; returns how many were clipped.
template <class Score>
std::size_t terms_of_logits(const ClassRows<Score>& rows, const CombineRule& rule,
                            std::span<double> terms) {
  Clipping clip;
  const auto fill = [&](const auto& term) {
    fill_terms(
        rows, terms, [](double z) { return !is_nan(z); }, term);
  };
  switch (rule.method) {
    case CombineMethod::logit:
      fill([&](double z) { return clip(z, -kGreatestLogit, kGreatestLogit); });
      break;
    case CombineMethod::geometric:
      fill([](double z) { return -softplus(-z); });
      break;
    case CombineMethod::power:
      fill([&](double z) { return std::pow(sigmoid(z), rule.exponent); });
      break;
    default:
      fill([](double z) { return sigmoid(z); });
  }
  return clip.n;
}

/// The terms of some rows of a class; returns how many scores were clipped. Not for ranks, which
/// need all rows.
/// @throws InvalidArgument for a NaN, or what is no probability where probabilities are needed
template <class Score>
std::size_t row_terms(const ClassRows<Score>& rows, const CombineRule& rule, ScoreKind kind,
                      std::span<double> terms) {
  return kind == ScoreKind::logits ? terms_of_logits(rows, rule, terms)
                                   : terms_of_probabilities(rows, rule, terms);
}

/// Calls `use(first, terms)` for the terms of all rows of a class, block by block, so that a block
/// is still at hand when it is used; of ranks, doubled, all at once. Returns how many scores were
/// clipped. @throws InvalidArgument as `row_terms`
template <class Score, class Use>
std::size_t for_each_term_block(ColumnView<const Score> scores, std::size_t k,
                                const CombineRule& rule, ScoreKind kind, const Use& use) {
  const std::size_t n = scores.size();
  if (rule.method == CombineMethod::rank) {
    const std::vector<std::uint64_t> ranks = doubled_ranks(scores);
    const std::vector<double> terms(ranks.begin(), ranks.end());
    use(std::size_t{0}, std::span<const double>(terms));
    return 0;
  }
  constexpr std::size_t block = 2048;
  std::array<double, block> terms;
  std::size_t n_clipped = 0;
  for (std::size_t first = 0; first < n; first += block) {
    const std::span<double> some(terms.data(), std::min(block, n - first));
    const ColumnView<const Score> rows(&scores[first], some.size(), scores.stride());
    n_clipped += row_terms(ClassRows<Score>{rows, k, first}, rule, kind, some);
    use(first, std::span<const double>(some));
  }
  return n_clipped;
}

/// The terms of all rows of a class; returns how many scores were clipped. Throws as `row_terms`.
template <class Score>
std::size_t class_terms(ColumnView<const Score> scores, std::size_t k, const CombineRule& rule,
                        ScoreKind kind, std::span<double> terms) {
  return for_each_term_block(scores, k, rule, kind,
                             [&](std::size_t first, std::span<const double> block) {
                               std::copy(block.begin(), block.end(), terms.data() + first);
                             });
}

/// Turns sums of terms into scores. Rounding leads nowhere out of [0, 1].
inline void scores_of_sums(const CombineRule& rule, double weight, std::span<double> sums) {
  const auto map = [&](const auto& score) {
    for (double& sum : sums) sum = score(sum);
  };
  switch (rule.method) {
    case CombineMethod::logit:
      return map([&](double sum) { return sigmoid(sum / weight); });
    case CombineMethod::geometric:
      return map([&](double sum) { return std::exp(sum / weight); });
    case CombineMethod::power:
      return map(
          [&](double sum) { return std::min(std::pow(sum / weight, 1 / rule.exponent), 1.0); });
    case CombineMethod::rank:
      return map([divisor = 2 * static_cast<double>(sums.size()) * weight](double sum) {
        return sum / divisor;
      });
    default:
      return map([&](double sum) { return std::min(sum / weight, 1.0); });
  }
}

/// The middle of the values, of an even number the mean of the middle two; reorders them.
inline double median_of(std::span<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

}  // namespace cxrlt::detail
