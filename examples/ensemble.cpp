// SPDX-License-Identifier: Apache-2.0
// expect: mean of 3 models: macro AP 0\.519
// expect: greedy: weights [0-9]+ [0-9]+ [0-9]+, apparent 0\.[0-9]+, nested 0\.[0-9]+
// expect: equal weights do as well: yes
// expect: models 1 and 2 correlate by 0\.55
// expect: study of 3 images: 0\.406 weighted, 0\.420 by group means
// expect: gated by power:0.5: 0\.20 becomes 0\.09
// Models combined, weights searched honestly, views of a study joined, findings gated.
#include <cstddef>
#include <cstdio>
#include <cxrlt/core/logistic.hpp>
#include <cxrlt/core/random.hpp>
#include <cxrlt/ensemble/combine.hpp>
#include <cxrlt/ensemble/diversity.hpp>
#include <cxrlt/ensemble/gating.hpp>
#include <cxrlt/ensemble/study_views.hpp>
#include <cxrlt/evaluate/search_ensemble.hpp>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kRows = 800;
constexpr std::size_t kClasses = 3;

/// Three models of one truth, none better than the others.
struct Validation {
  std::vector<std::vector<float>> scores{3, std::vector<float>(kRows* kClasses)};
  std::vector<cxrlt::Label> labels = std::vector<cxrlt::Label>(kRows * kClasses);
  std::vector<std::size_t> patients;

  Validation() {
    cxrlt::Random random(11);
    for (std::size_t i = 0; i < kRows; ++i) {
      patients.push_back(i / 2);
      for (std::size_t k = 0; k < kClasses; ++k) {
        const std::size_t cell = i * kClasses + k;
        const bool positive = random.uniform() < 0.1;
        labels[cell] = positive ? 1 : 0;
        const double shared = random.normal();
        for (std::vector<float>& model : scores) {
          const double z = shared + random.normal() + (positive ? 2 : 0) - 3;
          model[cell] = static_cast<float>(cxrlt::sigmoid(z));
        }
      }
    }
  }
  std::vector<cxrlt::MatrixView<const float>> models() const {
    std::vector<cxrlt::MatrixView<const float>> views;
    for (const std::vector<float>& model : scores)
      views.emplace_back(model.data(), kRows, kClasses);
    return views;
  }
};

double macro_average_precision(const cxrlt::ClassMatrix<double>& scores,
                               cxrlt::LabelMatrixView labels) {
  const cxrlt::Evaluation evaluation = cxrlt::evaluate(scores.view(), labels);
  return cxrlt::find_value(evaluation.macro, "average_precision")->value.value;
}

void search(const Validation& data, cxrlt::LabelMatrixView labels) {
  cxrlt::EnsembleSearchOptions options;
  options.clusters = data.patients;
  const cxrlt::EnsembleSearch search =
      cxrlt::search_ensemble(data.models(), labels, cxrlt::parse_metric_name("map"), {}, options);
  std::printf("greedy: weights %.0f %.0f %.0f, apparent %.3f, nested %.3f\n", search.weights[0][0],
              search.weights[1][0], search.weights[2][0], search.apparent.value,
              search.nested.value);
  std::printf("equal weights do as well: %s\n", search.equal_does_as_well ? "yes" : "no");
}

void join_views() {
  const std::vector<double> scores{0.2, 0.4, 0.9};  // one class of three images
  const std::vector<std::size_t> study_of{0, 0, 0};
  const std::vector<std::string> views{"PA", "AP", "LATERAL"};
  const cxrlt::MatrixView<const double> images(scores.data(), 3, 1);
  const auto value = [&](const cxrlt::ViewWeights& weights, cxrlt::ViewMethod method) {
    const std::vector<std::size_t> groups = cxrlt::view_groups(views, weights);
    return cxrlt::aggregate_views(images, study_of, groups, weights, method)[0][0];
  };
  std::printf("study of 3 images: %.3f weighted, %.3f by group means\n",
              value(cxrlt::default_view_weights(), cxrlt::ViewMethod::weighted),
              value(cxrlt::default_group_weights(), cxrlt::ViewMethod::group_means));
}

void gate() {
  const std::vector<double> scores{0.8, 0.2};  // Normal, Mass
  const cxrlt::Gate gate = cxrlt::parse_gate("power:0.5");
  const cxrlt::ClassMatrix<double> gated =
      cxrlt::gated(cxrlt::MatrixView<const double>(scores.data(), 1, 2), 0, gate);
  std::printf("gated by %s: %.2f becomes %.2f\n", cxrlt::to_string(gate).c_str(), scores[1],
              gated[1][0]);
}

}  // namespace

int main() {
  const Validation data;
  const cxrlt::LabelMatrixView labels(data.labels.data(), kRows, kClasses);
  const std::vector<cxrlt::MatrixView<const float>> models = data.models();

  const cxrlt::CombinedScores mean = cxrlt::combine(models);
  std::printf("mean of 3 models: macro AP %.3f\n", macro_average_precision(mean.scores, labels));
  search(data, labels);
  const std::vector<double> threshold{0.5};
  const std::vector<cxrlt::PairDiversity> pairs = cxrlt::model_diversity(models, threshold);
  std::printf("models 1 and 2 correlate by %.2f\n", pairs[0].correlation.value);
  join_views();
  gate();
}
