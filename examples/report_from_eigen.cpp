// SPDX-License-Identifier: Apache-2.0
// expect: macro average_precision 0\.653 over 2 of 3 classes
// expect: tail average_precision 0\.500 over 1 of 2 classes
// expect: Hernia: average_precision is undefined \(no_positives\)
// Everything at once from Eigen matrices: classes, averages, groups, and what does not exist.
#include <Eigen/Core>
#include <cstdio>
#include <string>
#include <vector>

#include "cxrlt/evaluate.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"

template <class Scalar>
using RowMajor = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

int main() {
  RowMajor<float> scores(4, 3);  // rows: images; columns: classes
  scores << 0.9F, 0.2F, 0.01F,   //
      0.3F, 0.1F, 0.02F,         //
      0.7F, 0.4F, 0.01F,         //
      0.4F, 0.3F, 0.03F;
  RowMajor<cxrlt::Label> labels(4, 3);
  labels << 1, 0, 0,  //
      1, 0, 0,        //
      0, 0, 0,        //
      1, 1, cxrlt::kMissing;

  cxrlt::EvaluationOptions options;
  options.class_names = {"Effusion", "Mass", "Hernia"};
  const std::vector<cxrlt::TrainCount> train_counts{25'000, 800, 150};
  options.groups = cxrlt::groups_by_prevalence(train_counts, 100'000);
  const cxrlt::Evaluation report = cxrlt::evaluate(scores, labels, options);

  const auto print = [](const std::string& scope, const cxrlt::NamedAverage* average) {
    std::printf("%s %s %.3f over %d of %d classes\n", scope.c_str(), average->name.c_str(),
                average->value.value, average->value.n_defined, average->value.n_classes);
  };
  print("macro", cxrlt::find_value(report.macro, "average_precision"));
  for (const auto& group : report.groups) {
    const auto* average = cxrlt::find_value(group.values, "average_precision");
    if (average->value.defined()) print(group.group.name, average);
  }
  for (const auto& one : report.classes) {
    const auto* value = cxrlt::find_value(one.values, "average_precision");
    if (!value->value.defined()) {
      std::printf("%s: %s is undefined (%s)\n", one.name.c_str(), value->name.c_str(),
                  std::string(to_string(value->value.why)).c_str());
    }
  }
}
