// SPDX-License-Identifier: Apache-2.0
// expect: log loss as given 0\.[0-9]+, Platt 0\.[0-9]+, cross-fitted 0\.[0-9]+
// expect: Hernia: no_positives, kept as it is: 0\.010 -> 0\.010
// expect: 0\.900 of Mass means 0\.[0-9]+ \(Venn-Abers: 0\.[0-9]+ to 0\.[0-9]+\)
// expect: the file gives the same map: yes
// Fits a calibration, judges it on rows that it has not seen, saves it, and reads it back.
#include <cstdio>
#include <string>
#include <vector>

#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/calibration/cross_fit.hpp"
#include "cxrlt/calibration/venn_abers.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/io/calibration_json.hpp"
#include "cxrlt/metrics/probability.hpp"

int main() {
  // Made-up probabilities that are too sure of themselves; nobody has a hernia.
  constexpr std::size_t n = 2000;
  const std::vector<std::string> names{"Mass", "Hernia"};
  cxrlt::ClassMatrix<double> scores(n, 2);
  cxrlt::ClassMatrix<cxrlt::Label> labels(n, 2);
  std::vector<std::size_t> patients(n);
  cxrlt::Random random(1);
  for (std::size_t i = 0; i < n; ++i) {
    const double z = random.normal() - 1.5;
    scores[0][i] = cxrlt::sigmoid(2.5 * z + 1);
    scores[1][i] = 0.01;
    labels[0][i] = random.uniform() < cxrlt::sigmoid(z) ? 1 : 0;
    patients[i] = i / 2;
  }

  const cxrlt::CalibrationOptions options{.method = cxrlt::CalibrationMethod::platt};
  const auto model = cxrlt::fit_calibration(scores.view(), labels.view(), names, options);
  const auto calibrated = cxrlt::apply_calibration(model, scores.view());
  const auto unseen =
      cxrlt::cross_fit(scores.view(), labels.view(), names, options, patients, {.n_folds = 5});
  const auto loss = [&](const cxrlt::ClassMatrix<double>& probabilities) {
    return cxrlt::log_loss(probabilities.view().column(0), labels.view().column(0)).value.value;
  };
  std::printf("log loss as given %.3f, Platt %.3f, cross-fitted %.3f\n", loss(scores),
              loss(calibrated), loss(unseen));
  std::printf("Hernia: %s, kept as it is: %.3f -> %.3f\n",
              std::string(to_string(model.classes[1].labels.why)).c_str(), scores[1][0],
              calibrated[1][0]);

  const auto venn_abers =
      cxrlt::VennAbersCalibration::fit(scores.view().column(0), labels.view().column(0));
  const auto [p0, p1] = venn_abers.pair(0.9);
  std::printf("0.900 of Mass means %.3f (Venn-Abers: %.3f to %.3f)\n", venn_abers(0.9), p0, p1);

  const std::string text = cxrlt::calibration_json(model);
  const auto again = cxrlt::parse_calibration(text, "calibration.json");
  const auto same = cxrlt::apply_calibration(again, scores.view());
  bool equal = true;
  for (std::size_t i = 0; i < n; ++i) equal = equal && same[0][i] == calibrated[0][i];
  std::printf("the file gives the same map: %s\n", equal ? "yes" : "no");
}
