// SPDX-License-Identifier: Apache-2.0
/// From scores to what is averaged, and back: quasi-arithmetic means f^-1(mean of f(p)).
#pragma once

#include <algorithm>
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

/// Infinite logits become this: no probability in double has a greater log-odds.
inline constexpr double kGreatestLogit = 745;

/// A score that was clipped, and how many were.
struct Clipping {
  std::size_t n = 0;
  double operator()(double value, double low, double high) {
    const double clipped = std::clamp(value, low, high);
    n += clipped != value ? 1 : 0;
    return clipped;
  }
};

/// Sets `terms[i] = term(score)` for all scores for which `is_score` holds; throws for another.
template <class Score, class IsScore, class Term>
void fill_terms(ColumnView<const Score> scores, std::size_t k, std::span<double> terms,
                const IsScore& is_score, const Term& term) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double score = static_cast<double>(scores[i]);
    if (!is_score(score)) {
      throw InvalidArgument(
          "combine: class " + std::to_string(k) + ", row " + std::to_string(i) + ": the score " +
          (is_nan(score)
               ? "is NaN"
               : number_text(score) + " is no probability; if the scores are logits, say so"));
    }
    terms[i] = term(score);
  }
}

/// The terms of probabilities; returns how many were clipped.
template <class Score>
std::size_t terms_of_probabilities(ColumnView<const Score> scores, std::size_t k,
                                   const CombineRule& rule, std::span<double> terms) {
  Clipping clip;
  const auto fill = [&](const auto& term) {
    fill_terms(
        scores, k, terms, [](double p) { return near_unit_interval(p); }, term);
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
      fill([&](double p) { return clip(p, 0, 1); });
  }
  return clip.n;
}

/// The terms of logits; returns how many were clipped.
template <class Score>
std::size_t terms_of_logits(ColumnView<const Score> scores, std::size_t k, const CombineRule& rule,
                            std::span<double> terms) {
  Clipping clip;
  const auto fill = [&](const auto& term) {
    fill_terms(
        scores, k, terms, [](double z) { return !is_nan(z); }, term);
  };
  switch (rule.method) {
    case CombineMethod::logit:
      fill([&](double z) { return is_finite(z) ? z : clip(z, -kGreatestLogit, kGreatestLogit); });
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

/// The terms of one class, doubled ranks for ranks; returns how many scores were clipped.
/// @throws InvalidArgument for a NaN, or what is no probability where probabilities are needed.
template <class Score>
std::size_t class_terms(ColumnView<const Score> scores, std::size_t k, const CombineRule& rule,
                        ScoreKind kind, std::span<double> terms) {
  if (rule.method == CombineMethod::rank) {
    const std::vector<std::uint64_t> ranks = doubled_ranks(scores);
    std::transform(ranks.begin(), ranks.end(), terms.begin(),
                   [](std::uint64_t rank) { return static_cast<double>(rank); });
    return 0;
  }
  return kind == ScoreKind::logits ? terms_of_logits(scores, k, rule, terms)
                                   : terms_of_probabilities(scores, k, rule, terms);
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
