// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/evaluate/requested_replicates.hpp"

#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/evaluate/requested_value.hpp"
#include "support.hpp"

using namespace cxrlt;

TEST_CASE("the replicates of a name are those of its value") {
  Random random(4);
  std::vector<float> scores;
  std::vector<Label> labels;
  for (int cell = 0; cell < 60 * 3; ++cell) {
    scores.push_back(static_cast<float>(random.uniform()));
    labels.push_back(random.uniform() < 0.4 ? 1 : 0);
  }
  EvaluationOptions options;
  options.class_names = {"Mass", "Edema", "Hernia"};
  options.groups = {{"head", "", {0, 1}}, {"tail", "", {2}}};
  // One replicate in which each row stands once: every value is its estimate.
  const Resampler resampler = Resampler::from_weights(60, std::vector<double>(60, 1.0));
  const EvaluationReplicates replicates =
      evaluate_replicates(MatrixView<const float>(scores.data(), 60, 3),
                          LabelMatrixView(labels.data(), 60, 3), options, resampler);
  for (const char* text :
       {"map", "micro:f1", "weighted:auroc", "group/tail:ap", "group/head:ap", "class/Edema:auroc",
        "class/Hernia:f1", "pooled:brier", "samples:f1", "exact_match"}) {
    CAPTURE(text);
    const MetricName name = parse_metric_name(text);
    const auto found = requested_replicates(replicates, name);
    REQUIRE(found.size() == 1);
    check_close(found[0], requested_value(replicates.estimate, name).value.value);
  }
  CHECK(requested_replicates(replicates, parse_metric_name("class/Edema:auroc"))[0] !=
        requested_replicates(replicates, parse_metric_name("class/Mass:auroc"))[0]);
  for (const char* text : {"class/Mas:auroc", "group/medium:ap", "f_beta@3"}) {
    CHECK_THROWS_AS(requested_replicates(replicates, parse_metric_name(text)), InvalidArgument);
  }
}
