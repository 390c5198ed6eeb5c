// SPDX-License-Identifier: Apache-2.0
/// Random multi-label data, and all values of an evaluation under one name each.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/evaluate.hpp"

/// Scores and labels, sample after sample.
struct MultiLabel {
  std::size_t n_samples = 0;
  std::size_t n_classes = 0;
  std::vector<double> scores;
  std::vector<cxrlt::Label> labels;

  double& score(std::size_t i, std::size_t c) { return scores[i * n_classes + c]; }
  cxrlt::Label& label(std::size_t i, std::size_t c) { return labels[i * n_classes + c]; }

  cxrlt::MatrixView<const double> score_view() const {
    return {scores.data(), n_samples, n_classes};
  }
  cxrlt::LabelMatrixView label_view() const { return {labels.data(), n_samples, n_classes}; }

  cxrlt::Evaluation evaluate(const cxrlt::EvaluationOptions& options = {},
                             const cxrlt::Cpu& policy = {1}) const {
    return cxrlt::evaluate(score_view(), label_view(), options, policy);
  }

  /// The given rows, in the given order.
  MultiLabel rows(const std::vector<std::size_t>& wanted) const {
    MultiLabel result{wanted.size(), n_classes, {}, {}};
    for (const std::size_t i : wanted) {
      for (std::size_t c = 0; c < n_classes; ++c) {
        result.scores.push_back(scores[i * n_classes + c]);
        result.labels.push_back(labels[i * n_classes + c]);
      }
    }
    return result;
  }
};

/// Prevalences from common to rare, better scores for positives, scores from few values, some
/// cells missing if wanted.
inline MultiLabel random_multi_label(cxrlt::Random& random, std::size_t n_samples,
                                     std::size_t n_classes, bool with_missing = false) {
  MultiLabel data{n_samples, n_classes, {}, {}};
  for (std::size_t i = 0; i < n_samples; ++i) {
    for (std::size_t c = 0; c < n_classes; ++c) {
      const bool positive = random.uniform() < 0.5 / static_cast<double>(1 + c);
      const double raw = 0.6 * random.uniform() + (positive ? 0.4 : 0);
      data.scores.push_back(std::floor(raw * 20) / 20);
      const bool missing = with_missing && random.below(10) == 0;
      data.labels.push_back(missing ? cxrlt::kMissing : static_cast<cxrlt::Label>(positive));
    }
  }
  return data;
}

/// Every value by a name such as `macro:f1` or `class/2:auroc`; undefined ones are left out.
inline std::map<std::string, double> all_values(const cxrlt::Evaluation& evaluation) {
  std::map<std::string, double> values;
  const auto add = [&values](const std::string& scope, const auto& entries) {
    for (const auto& entry : entries) {
      if (entry.value.defined()) values[scope + ":" + entry.name] = entry.value.value;
    }
  };
  add("macro", evaluation.macro);
  add("weighted", evaluation.weighted);
  add("micro", evaluation.micro);
  add("samples", evaluation.samples);
  add("pooled", evaluation.pooled);
  add("rows", evaluation.rows);
  for (const auto& group : evaluation.groups) add("group/" + group.group.name, group.values);
  for (const auto& one : evaluation.classes) add("class/" + one.name, one.values);
  return values;
}
