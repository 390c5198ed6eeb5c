// SPDX-License-Identifier: Apache-2.0
// Values of scikit-learn and SciPy, from tests/golden/generate_calibration.py.
#include <cmath>
#include <cstddef>
#include <string>

#include "catch.hpp"
#include "cxrlt/calibration/isotonic.hpp"
#include "cxrlt/calibration/temperature.hpp"
#include "golden/calibration.hpp"
#include "support.hpp"

using namespace cxrlt;

TEST_CASE("isotonic calibration equals scikit-learn's") {
  for (const auto& data : golden::isotonic) {
    CAPTURE(std::string(data.name));
    const IsotonicCalibration map = IsotonicCalibration::fit(data.scores, data.labels);
    for (std::size_t i = 0; i < data.scores.size(); ++i) {
      check_close(map(data.scores[i]), data.at_scores[i], 1e-12);
    }
    for (std::size_t i = 0; i < data.queries.size(); ++i) {
      check_close(map(data.queries[i]), data.at_queries[i], 1e-12);
    }
  }
}

TEST_CASE("the temperature is Brent's root of the gradient") {
  for (const auto& data : golden::temperature) {
    CAPTURE(std::string(data.name));
    const std::size_t n = data.logits.size();
    const TemperatureScaling map =
        TemperatureScaling::fit(MatrixView<const double>(data.logits.data(), n / 4, 4),
                                LabelMatrixView(data.labels.data(), n / 4, 4));
    CHECK(map.limit == TemperatureLimit::none);
    CHECK(std::abs(map.inverse_temperature - data.inverse_temperature) <= 1e-10);
  }
}
