// SPDX-License-Identifier: Apache-2.0
/// Made-up scores and labels for the benchmarks: row-major, classes from common to rare, scores as
/// a decent and calibrated model would give them, so those of rare classes are small.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/random.hpp"

/// How the scores are distributed.
enum class ScoreShape {
  continuous,      ///< hardly any ties
  three_decimals,  ///< rounded, so nearly all scores tie
};

/// What is made.
struct SampleOptions {
  std::size_t n_samples = 0;
  std::size_t n_classes = 0;
  ScoreShape shape = ScoreShape::continuous;
  double most_common = 0.4;  ///< prevalence of the first class; from there it falls geometrically
  double rarest = 0.0003;    ///< prevalence of the last class

  bool operator==(const SampleOptions&) const = default;
};

/// Scores and labels, n_samples x n_classes each.
template <class Score>
struct Sample {
  SampleOptions options;
  std::vector<Score> scores;
  std::vector<std::uint8_t> labels;

  cxrlt::MatrixView<const Score> score_view() const {
    return {scores.data(), options.n_samples, options.n_classes};
  }
  cxrlt::LabelMatrixView label_view() const {
    return {labels.data(), options.n_samples, options.n_classes};
  }
  std::size_t n_cells() const { return scores.size(); }
};

/// The prevalence of one class.
inline double prevalence_of(const SampleOptions& options, std::size_t class_index) {
  if (options.n_classes < 2) return options.most_common;
  const double place =
      static_cast<double>(class_index) / static_cast<double>(options.n_classes - 1);
  return options.most_common * std::pow(options.rarest / options.most_common, place);
}

/// Makes a sample; equal options give equal samples. The first row of a class is a positive and the
/// second a negative, so that every metric exists. O(cells).
template <class Score>
Sample<Score> make_sample(const SampleOptions& options) {
  Sample<Score> sample{options, std::vector<Score>(options.n_samples * options.n_classes),
                       std::vector<std::uint8_t>(options.n_samples * options.n_classes)};
  cxrlt::parallel_for(options.n_classes, {}, [&](std::size_t c) {
    const double prevalence = prevalence_of(options, c);
    cxrlt::Random random(2026, c);
    const double separation = 1.2 + 1.3 * random.uniform();
    const double offset = cxrlt::logit(prevalence) - separation * separation / 2;
    for (std::size_t i = 0; i < options.n_samples; ++i) {
      const bool drawn = random.uniform() < prevalence;
      const bool positive = i < 2 ? i == 0 : drawn;
      const double margin = random.normal() + (positive ? separation : 0);
      double score = cxrlt::sigmoid(separation * margin + offset);
      if (options.shape == ScoreShape::three_decimals) score = std::round(score * 1000) / 1000;
      sample.scores[i * options.n_classes + c] = static_cast<Score>(score);
      sample.labels[i * options.n_classes + c] = positive ? 1 : 0;
    }
  });
  return sample;
}

/// The last sample that was asked for; making one takes longer than counting it.
template <class Score>
const Sample<Score>& cached_sample(const SampleOptions& options) {
  static Sample<Score> last;
  if (last.scores.empty() || !(last.options == options)) {
    last = {};
    last = make_sample<Score>(options);
  }
  return last;
}
