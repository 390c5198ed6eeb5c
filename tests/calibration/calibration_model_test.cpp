// SPDX-License-Identifier: Apache-2.0
/// Models of all classes: each map is the one of its class alone, applied cell by cell; and maps
/// that have not seen the labels of their rows.
#include "cxrlt/calibration/calibration_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "cxrlt/calibration/cross_fit.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/metrics/probability.hpp"
#include "support.hpp"

using namespace cxrlt;

namespace {

constexpr std::size_t kRows = 400;
const std::vector<std::string> kNames{"common", "rare", "never"};

/// Three classes of over-confident probabilities: common, rare with missing labels, never there.
struct Sample {
  ClassMatrix<double> probabilities{kRows, 3};
  ClassMatrix<double> logits{kRows, 3};
  ClassMatrix<Label> labels{kRows, 3};

  Sample() {
    Random random(11);
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t k = 0; k < 3; ++k) {
        const double z = random.normal() - 3.0 * static_cast<double>(k);
        logits[k][i] = 2 * z;
        probabilities[k][i] = sigmoid(2 * z);
        labels[k][i] = k < 2 && random.uniform() < sigmoid(z) ? Label{1} : Label{0};
      }
      if (i % 7 == 0) labels[1][i] = kMissing;
    }
  }
};

CalibrationModel fit(const Sample& sample, CalibrationMethod method,
                     ScoreKind scores = ScoreKind::probabilities) {
  const auto& values = scores == ScoreKind::logits ? sample.logits : sample.probabilities;
  return fit_calibration(values.view(), sample.labels.view(), kNames, {method, scores});
}

}  // namespace

TEST_CASE("a model holds the map of each class", "[calibration]") {
  const Sample sample;
  const auto p = sample.probabilities.view();
  const auto labels = LabelMatrixView(sample.labels.view());
  const CalibrationModel platt = fit(sample, CalibrationMethod::platt, ScoreKind::logits);
  const auto alone = PlattScaling::fit(sample.logits.view().column(1), labels.column(1));
  CHECK(std::get<PlattScaling>(platt.classes[1].map).slope == alone.slope);
  CHECK(std::get<PlattScaling>(platt.classes[1].map).intercept == alone.intercept);
  CHECK(platt.classes[1].labels == alone.labels);

  const CalibrationModel isotonic = fit(sample, CalibrationMethod::isotonic);
  CHECK(std::get<IsotonicCalibration>(isotonic.classes[0].map).probability ==
        IsotonicCalibration::fit(p.column(0), labels.column(0)).probability);
  const CalibrationModel mass = fit(sample, CalibrationMethod::histogram_mass);
  CHECK(std::get<HistogramCalibration>(mass.classes[0].map).lower ==
        HistogramCalibration::fit(p.column(0), labels.column(0), BinRule::equal_mass).lower);
  const CalibrationModel beta = fit(sample, CalibrationMethod::beta);
  CHECK(std::get<BetaCalibration>(beta.classes[0].map).a ==
        BetaCalibration::fit(p.column(0), labels.column(0)).a);
}

TEST_CASE("one temperature serves all classes, also those without positives", "[calibration]") {
  const Sample sample;
  const CalibrationModel model = fit(sample, CalibrationMethod::temperature, ScoreKind::logits);
  const auto shared = TemperatureScaling::fit(sample.logits.view(), sample.labels.view());
  for (const ClassCalibration& one : model.classes) {
    CHECK(std::get<TemperatureScaling>(one.map).inverse_temperature == shared.inverse_temperature);
    CHECK(one.labels.fitted());
  }
  CHECK(model.classes[2].labels.n_positive == 0);
  CHECK(model.classes[2].labels.n_negative == kRows);
  CHECK(model.classes[1].labels.n_positive + model.classes[1].labels.n_negative ==
        kRows - (kRows + 6) / 7);
}

TEST_CASE("a temperature per class, the shared one without positives", "[calibration]") {
  const Sample sample;
  const auto logits = sample.logits.view();
  const CalibrationModel model =
      fit_calibration(logits, sample.labels.view(), kNames,
                      {CalibrationMethod::temperature_per_class, ScoreKind::logits, 15, 40});
  const auto fitted = fit_class_temperatures(logits, sample.labels.view(), {40});
  for (std::size_t k = 0; k < 3; ++k) {
    const auto& map = std::get<ClassTemperature>(model.classes[k].map);
    CHECK(map.inverse_temperature == fitted.classes[k].inverse_temperature);
    CHECK(map.is_shared == (k == 2));
    CHECK(model.classes[k].labels.fitted());
  }
  CHECK(std::get<ClassTemperature>(model.classes[2].map).inverse_temperature ==
        fitted.shared.inverse_temperature);
  CHECK(model.classes[2].labels.n_negative == kRows);
}

TEST_CASE("one scale and a bias per class, none without positives", "[calibration]") {
  const Sample sample;
  const auto logits = sample.logits.view();
  const CalibrationModel model = fit_calibration(logits, sample.labels.view(), kNames,
                                                 {CalibrationMethod::affine, ScoreKind::logits});
  const auto fitted = AffineScaling::fit(logits, sample.labels.view());
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(std::get<ClassAffine>(model.classes[k].map) == fitted.classes[k]);
    CHECK(model.classes[k].labels.fitted());
  }
  CHECK(std::get<ClassAffine>(model.classes[2].map).is_shared);
  CHECK(model.classes[2].labels.n_negative == kRows);
}

TEST_CASE("applying a model is applying each map to each cell", "[calibration]") {
  const Sample sample;
  for (const auto& [method, name] : calibration_methods) {
    CAPTURE(std::string(name));
    const bool by_logits = reads_logits(method);
    const CalibrationModel model = fit(sample, method);
    const ClassMatrix<double> result = apply_calibration(model, sample.probabilities.view());
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < kRows; ++i) {
        const double p = sample.probabilities[k][i];
        const auto mapped = [&](const auto& map) { return map(by_logits ? logit(p) : p); };
        const double expected =
            model.classes[k].labels.fitted() ? std::visit(mapped, model.classes[k].map) : p;
        REQUIRE(result[k][i] == expected);
        REQUIRE((result[k][i] >= 0 && result[k][i] <= 1));
      }
    }
    // The class without positives keeps its probabilities, but for what all classes share.
    const bool kept = method != CalibrationMethod::temperature &&
                      method != CalibrationMethod::temperature_per_class &&
                      method != CalibrationMethod::affine;
    CHECK(model.classes[2].labels.fitted() == !kept);
    if (kept) CHECK(result[2][5] == sample.probabilities[2][5]);
    // Over-confident probabilities get better on their own rows.
    const LabelMatrixView labels(sample.labels.view());
    CHECK(log_loss(result.view().column(0), labels.column(0)).value.value <
          log_loss(sample.probabilities.view().column(0), labels.column(0)).value.value);
  }
}

TEST_CASE("probabilities and their logits give the same model", "[calibration]") {
  const Sample sample;
  for (const auto& [method, name] : calibration_methods) {
    CAPTURE(std::string(name));
    const auto from_p = apply_calibration(fit(sample, method), sample.probabilities.view());
    const auto from_z =
        apply_calibration(fit(sample, method, ScoreKind::logits), sample.logits.view());
    for (std::size_t i = 0; i < kRows; ++i) check_close(from_p[0][i], from_z[0][i], 1e-9);
  }
}

TEST_CASE("a model is the same for every number of threads and for float", "[calibration]") {
  const std::size_t n = 60'000;
  ClassMatrix<float> scores(n, 10);
  ClassMatrix<Label> labels(n, 10);
  Random random(3);
  std::vector<std::string> names;
  for (std::size_t k = 0; k < 10; ++k) {
    names.push_back("c" + std::to_string(k));
    for (std::size_t i = 0; i < n; ++i) {
      scores[k][i] = static_cast<float>(random.uniform());
      labels[k][i] = random.uniform() < static_cast<double>(scores[k][i]) / 3 ? Label{1} : Label{0};
    }
  }
  for (const auto& [method, name] : calibration_methods) {
    CAPTURE(std::string(name));
    const CalibrationOptions options{method};
    const auto one = apply_calibration(
        fit_calibration(scores.view(), labels.view(), names, options, Cpu{1}), scores.view());
    const auto four =
        apply_calibration(fit_calibration(scores.view(), labels.view(), names, options, Cpu{4}),
                          scores.view(), Cpu{4});
    bool equal = true;
    for (std::size_t k = 0; k < 10; ++k) {
      equal = equal && std::equal(one[k].begin(), one[k].end(), four[k].begin());
    }
    CHECK(equal);
  }
}

TEST_CASE("cross-fitted probabilities never saw their own labels", "[calibration]") {
  const Sample sample;
  const LabelMatrixView labels(sample.labels.view());
  const CalibrationOptions options{CalibrationMethod::isotonic};
  std::vector<std::size_t> patients(kRows);
  for (std::size_t i = 0; i < kRows; ++i) patients[i] = i / 3;
  const FoldOptions folds{4, 7};
  const auto before =
      cross_fit(sample.probabilities.view(), labels, kNames, options, patients, folds);
  const std::vector<int> fold = stratified_folds(labels.column(0), patients, folds);
  // By hand for one fold of one class.
  std::vector<double> p;
  std::vector<Label> y;
  for (std::size_t i = 0; i < kRows; ++i) {
    if (fold[i] == 2) continue;
    p.push_back(sample.probabilities[0][i]);
    y.push_back(labels(i, 0));
  }
  const auto others = IsotonicCalibration::fit(ColumnView<const double>(p), LabelColumnView(y));
  for (std::size_t i = 0; i < kRows; ++i) {
    if (fold[i] == 2) REQUIRE(before[0][i] == others(sample.probabilities[0][i]));
  }
  // Honest values are worse than apparent ones.
  const auto apparent =
      apply_calibration(fit(sample, CalibrationMethod::isotonic), sample.probabilities.view());
  CHECK(brier(before.view().column(0), labels.column(0)).value >
        brier(apparent.view().column(0), labels.column(0)).value);
  // The class without positives is left as it is.
  CHECK(before[2][9] == sample.probabilities[2][9]);
}

TEST_CASE("the model of some classes", "[calibration]") {
  const Sample sample;
  const CalibrationModel model = fit(sample, CalibrationMethod::platt);
  const CalibrationModel one = select_classes(model, std::vector<std::string>{"rare"});
  CHECK(one.class_names == std::vector<std::string>{"rare"});
  CHECK(one.classes[0].labels == model.classes[1].labels);
  CHECK_THROWS_WITH(select_classes(model, std::vector<std::string>{"rar"}),
                    Catch::Contains("closest is 'rare'"));
}

TEST_CASE("what cannot be calibrated", "[calibration]") {
  const Sample sample;
  const LabelMatrixView labels(sample.labels.view());
  // Logits given as probabilities.
  CHECK_THROWS_WITH(fit_calibration(sample.logits.view(), labels, kNames),
                    Catch::Contains("class 'common', row") &&
                        Catch::Contains("no probability; if the scores are logits"));
  CHECK_THROWS_AS(apply_calibration(fit(sample, CalibrationMethod::beta), sample.logits.view()),
                  InvalidArgument);
  // Labels all of one kind.
  const ClassMatrix<Label> none(kRows, 3);
  CHECK_THROWS_WITH(fit_calibration(sample.probabilities.view(), none.view(), kNames),
                    Catch::Contains("no class has positive and negative labels"));
  CHECK_THROWS_AS(fit_calibration(sample.probabilities.view(), labels, {"one"}), InvalidArgument);
  ClassMatrix<double> broken = sample.probabilities;
  broken[1][3] = std::nan("");
  CHECK_THROWS_WITH(fit_calibration(broken.view(), labels, kNames),
                    Catch::Contains("class 'rare', row 3"));
}

TEST_CASE("methods have names", "[calibration]") {
  for (const auto& [method, name] : calibration_methods) {
    CHECK(find_calibration_method(name) == method);
    CHECK(to_string(method) == name);
  }
  CHECK_FALSE(find_calibration_method("plat").has_value());
}
