// SPDX-License-Identifier: Apache-2.0
// Values from tests/golden/generate_calibration_metrics.py.
#include <cmath>
#include <cstddef>
#include <string>

#include "catch.hpp"
#include "cxrlt/metrics/brier_decomposition.hpp"
#include "cxrlt/metrics/calibration_error.hpp"
#include "cxrlt/metrics/calibration_slope.hpp"
#include "cxrlt/metrics/consistency_bands.hpp"
#include "cxrlt/metrics/smooth_ece.hpp"
#include "golden/calibration_metrics.hpp"
#include "support.hpp"

using namespace cxrlt;

TEST_CASE("calibration metrics equal their golden values") {
  for (const auto& data : golden::calibration_metrics) {
    CAPTURE(std::string(data.name));
    const ColumnView<const double> p(data.probabilities);
    const LabelColumnView labels(data.labels);
    const CalibrationBins bins = reliability_bins(p, labels, 10);
    check_close(debiased_l2_error(bins).squared, data.debiased_squared);
    CHECK(sweep_bins(p, labels).bins.size() == data.n_sweep_bins);
    check_close(ece_sweep(p, labels).value, data.ece_sweep);
    CHECK(std::abs(smooth_ece(p, labels).value / data.smooth_ece - 1) <= 1e-7);

    const BrierDecomposition murphy = murphy_decomposition(p, labels);
    check_close(murphy.miscalibration, data.reliability);
    check_close(murphy.discrimination, data.resolution);
    const BrierDecomposition corp = corp_decomposition(p, labels);
    check_close(corp.miscalibration, data.miscalibration);
    check_close(corp.discrimination, data.discrimination);

    const CalibrationSlope line = calibration_slope(p, labels);
    const Estimate estimates[] = {line.slope, line.intercept, line.in_the_large};
    for (std::size_t k = 0; k < 3; ++k) {
      check_close(estimates[k].value.value, data.slope[2 * k], 1e-9);
      check_close(estimates[k].standard_error, data.slope[2 * k + 1], 1e-7);
    }

    const auto bands = consistency_bands(p, labels, bins, 0.9);
    std::size_t next = 0;
    for (std::size_t k = 0; k < bands.size(); ++k) {
      if (bins.bins[k].count == 0) continue;
      const double n = static_cast<double>(bins.bins[k].count);
      CHECK(std::lround(bands[k].lower * n) == static_cast<long>(data.bands[next++]));
      CHECK(std::lround(bands[k].upper * n) == static_cast<long>(data.bands[next++]));
    }
    CHECK(next == data.bands.size());
  }
}
